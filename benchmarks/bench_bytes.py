"""Count the bytes that a training sample reads, from the videos of a folder and from their prepared copies.

Bytes do not depend on the machine. The windows are random, and the same in each run.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import kinetics_fast as kf
from kinetics_fast.scan.scanner import scan
from kinetics_fast.scan.targets import targets_of_folder

PATTERNS = {"16x8": (16, 8), "32x2": (32, 2)}


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=50, help="windows per video (%(default)s)")
    return parser.parse_args()


def bytes_per_sample(dataset: kf.Dataset, frames: int, stride: int, rounds: int) -> float:
    loader = kf.ClipLoader(dataset, kf.RandomClips(frames, stride), kf.CenterCrop(224), batch_size=4)
    size = clips = 0
    for _ in range(rounds):
        for _ in loader:
            pass
        size, clips = size + loader.stats.bytes_read, clips + loader.stats.clips
    return size / clips


def main() -> None:
    arguments = parse_arguments()
    with tempfile.TemporaryDirectory() as name:
        index = Path(name) / "index.arrow"
        scan(arguments.folder, targets_of_folder(arguments.folder), index)
        kf.prepare(index, Path(name) / "prepared")
        for words, file in (("originals", index), ("prepared", Path(name) / "prepared")):
            dataset = kf.Dataset.from_index(file)
            size = dataset.column("size").mean() / 1e6
            samples = ", ".join(
                f"{pattern} {bytes_per_sample(dataset, *window, arguments.rounds) / 1e6:.3f} MB"
                for pattern, window in PATTERNS.items()
            )
            print(f"{words}: {len(dataset)} files of {size:.3f} MB; read per sample: {samples}")


if __name__ == "__main__":
    main()
