"""Measure clips per second of a Ray cluster on this machine, by the number of its CPUs.

    python benchmarks/bench_ray.py FOLDER --cpus 1 2 4 8 16

Three jobs run on each cluster: a scan that decodes every frame, a preparation, and `read_clips` with 16
frames with stride 8 at 224 x 224 pixels. The videos of FOLDER are copied until there are enough. A run of one
task per CPU comes first, so that the worker processes have started. Use a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import ray

import kinetics_fast as kf
from kinetics_fast.ray import read_clips
from kinetics_fast.ray.tasks import run_shares
from kinetics_fast.scan.engine import examine_on
from kinetics_fast.scan.scanner import scan
from kinetics_fast.scan.targets import targets_of_folder

if TYPE_CHECKING:
    from collections.abc import Callable

BATCH = 8


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cpus", type=int, nargs="+", default=[1, os.cpu_count() or 1])
    parser.add_argument("--clips", type=int, default=160, help="files of the data set (%(default)s)")
    return parser.parse_args()


def copies(folder: Path, target: Path, count: int) -> None:
    videos = sorted(path for path in folder.iterdir() if path.suffix in (".mp4", ".mkv"))
    target.mkdir()
    for number in range(count):
        video = videos[number % len(videos)]
        shutil.copy(video, target / f"{number:04d}{video.suffix}")


def wait(seconds: float) -> None:
    time.sleep(seconds)


def rates(root: Path, count: int, cpus: int) -> list[float]:
    """Return clips per second of the three jobs."""
    ray.init(num_cpus=cpus, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    list(run_shares(wait, 1.0, (() for _ in range(cpus))))
    targets = targets_of_folder(root)
    index, prepared = root.with_suffix(f".{cpus}.arrow"), root.with_suffix(f".{cpus}")

    def read() -> None:
        clips = read_clips(
            kf.Dataset.from_index(index), kf.RandomClips(16, 8), kf.CenterCrop(224), batch_size=BATCH
        )
        for _ in clips.iter_batches(batch_size=None):
            pass

    jobs: list[Callable[[], object]] = [
        lambda: scan(root, targets, index, decode=True, examine=examine_on("ray")),
        lambda: kf.prepare(root, prepared, engine="ray"),
        read,
    ]
    found = []
    for job in jobs:
        begin = time.monotonic()
        job()
        found.append(count / (time.monotonic() - begin))
    ray.shutdown()
    shutil.rmtree(prepared)
    return found


def main() -> None:
    arguments = parse_arguments()
    print("| CPUs | scan --decode | prepare | read_clips |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "clips"
        copies(arguments.folder, root, arguments.clips)
        for cpus in arguments.cpus:
            cells = (f"{rate:.1f} clips/s" for rate in rates(root, arguments.clips, cpus))
            print(f"| {cpus} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
