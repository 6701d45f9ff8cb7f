"""Measure the files per core second of a scan, and of PyAV as torchvision's VideoClips used PyAV.

    python benchmarks/bench_scan.py FOLDER [--files 200]

The benchmark copies the videos of FOLDER until there are enough files, so that the files are in the page
cache. It divides the number of files by the seconds of CPU time, which other work on the machine hardly
changes. VideoClips listed the timestamps of the packets if the codec's header names libavcodec's own encoder,
which is not so for H.264. Otherwise VideoClips decoded every frame to get the timestamps. Both ways are
measured. PyAV reads a tenth of the files.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import av

from kinetics_fast import _core
from kinetics_fast.dataset_index.schema import DEFAULT_NAME
from kinetics_fast.scan.scanner import scan
from kinetics_fast.scan.targets import targets_of_folder


def by_scan(paths: Sequence[Path]) -> None:
    root = paths[0].parent
    result = scan(root, targets_of_folder(root), root / DEFAULT_NAME)
    assert result.read == len(paths)


def by_packets(paths: Sequence[Path]) -> None:
    for path in paths:
        with av.open(str(path), metadata_errors="ignore") as container:
            [packet.pts for packet in container.demux(video=0) if packet.pts is not None]


def by_frames(paths: Sequence[Path]) -> None:
    for path in paths:
        with av.open(str(path), metadata_errors="ignore") as container:
            [frame.pts for frame in container.decode(video=0) if frame.pts is not None]


def rate(work: Callable[[Sequence[Path]], None], paths: Sequence[Path]) -> float:
    """Print and give the files per second of CPU time."""
    begin, cpu = time.perf_counter(), _cpu()
    work(paths)
    wall, cpu = time.perf_counter() - begin, _cpu() - cpu
    print(
        f"{work.__name__:12} {len(paths):5} files  {wall:7.2f} s  {len(paths) / cpu:7.0f} files/core second"
    )
    return len(paths) / cpu


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def run(folder: Path, count: int) -> None:
    videos = sorted(path for path in folder.iterdir() if path.suffix in (".mp4", ".mkv"))
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        paths = [root / f"{i:05d}{videos[i % len(videos)].suffix}" for i in range(count)]
        for i, path in enumerate(paths):
            shutil.copyfile(videos[i % len(videos)], path)
        print(
            f"{count} copies of {len(videos)} videos, {sum(p.stat().st_size for p in paths) / 1e6:.0f} MB, ",
            end="",
        )
        print(f"{_core.cpu_budget()} CPUs")
        few = paths[: max(len(videos), count // 10)]
        ours, packets, frames = rate(by_scan, paths), rate(by_packets, few), rate(by_frames, few)
        begin = time.perf_counter()
        unchanged = scan(root, targets_of_folder(root), root / DEFAULT_NAME)
        again = len(paths) / (time.perf_counter() - begin)
        print(f"unchanged: {unchanged.read} read, {again:.0f} files per second")
        print(f"a scan: {ours / packets:.1f} times PyAV by packets, {ours / frames:.1f} times PyAV by frames")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=200)
    options = parser.parse_args()
    run(options.folder, options.files)
