"""Compare the drop-ins with decord and torchcodec: the same calls, on one CPU, in one process, in turns.

    .venv/bin/python benchmarks/bench_dropins.py FOLDER [--rounds 9]

A figure is the CPU time of the peer divided by the CPU time of the drop-in, in the median over the rounds:
2 means that the drop-in takes half of the time. Each round works on every video, with a new file and with
new places, and the two libraries take turns in beginning. A peer that is not installed is left out.
torchcodec needs FFmpeg's libraries.
"""

from __future__ import annotations

import argparse
import importlib
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from windows import find_videos

FRAMES, STRIDE, STEPS = 16, 8, 60
MOST_VIDEOS = 16
Timed = Callable[[Any, str, int], float]


def cpu_seconds(call: Callable[[], object]) -> float:
    begin = time.process_time()
    call()
    return time.process_time() - begin


def places(start: int) -> list[int]:
    return list(range(start, start + FRAMES * STRIDE, STRIDE))


def open_decord(library: Any, path: str) -> Any:
    return library.VideoReader(path, num_threads=1)


def step_decord(reader: Any, start: int) -> None:
    for number in range(start, start + STEPS):
        reader[number].asnumpy()


def open_torchcodec(library: Any, path: str) -> Any:
    return importlib.import_module(f"{library.__name__}.decoders").VideoDecoder(path, num_ffmpeg_threads=1)


def step_torchcodec(decoder: Any, start: int) -> None:
    for number in range(start, start + STEPS):
        decoder[number]


def timed_opening(open_reader: Callable[[Any, str], Any]) -> Timed:
    return lambda library, path, _: cpu_seconds(lambda: open_reader(library, path))


def timed_reading(open_reader: Callable[[Any, str], Any], read: Callable[[Any, int], object]) -> Timed:
    def timed(library: Any, path: str, start: int) -> float:
        reader = open_reader(library, path)
        return cpu_seconds(lambda: read(reader, start))

    return timed


WORK: dict[str, dict[str, Timed]] = {
    "decord": {
        "open": timed_opening(open_decord),
        "get_batch, 16 frames of stride 8": timed_reading(
            open_decord, lambda reader, start: reader.get_batch(places(start)).asnumpy()
        ),
        "reader[i], 60 frames": timed_reading(open_decord, step_decord),
    },
    "torchcodec": {
        "open": timed_opening(open_torchcodec),
        "get_frames_at, 16 frames of stride 8": timed_reading(
            open_torchcodec, lambda decoder, start: decoder.get_frames_at(places(start))
        ),
        "decoder[i], 60 frames": timed_reading(open_torchcodec, step_torchcodec),
    },
}


@contextmanager
def one_cpu() -> Iterator[None]:
    cpus = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cpus)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cpus)


def compare(peer: str, videos: list[Path], rounds: int, rng: random.Random) -> None:
    try:
        theirs = importlib.import_module(peer)
    except (ImportError, OSError, RuntimeError) as error:
        print(f"{peer} is left out: {str(error).splitlines()[0]}")
        return
    libraries = importlib.import_module(f"kinetics_fast.compat.{peer}"), theirs
    ratios: dict[str, list[float]] = {what: [] for what in WORK[peer]}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(-1, rounds):  # the first turn only warms up
            for what, timed in WORK[peer].items():
                totals = [0.0, 0.0]
                for number, video in enumerate(videos):
                    start = rng.randrange(100)
                    order = (0, 1) if (turn + number) % 2 else (1, 0)
                    for which in order:
                        # A copy for each call: kinetics_fast would find the index of a file that it knows.
                        copy = shutil.copy(video, Path(folder) / f"copy{video.suffix}")
                        totals[which] += timed(libraries[which], str(copy), start)
                if turn >= 0:
                    ratios[what].append(totals[1] / totals[0])
    for what, values in ratios.items():
        print(f"| {peer} {theirs.__version__} | {what} | {median(values):.2f} |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="videos of at least 228 frames, searched recursively")
    parser.add_argument("--rounds", type=int, default=9, help="turns of each library (%(default)s)")
    parser.add_argument("--peers", nargs="*", default=list(WORK), choices=list(WORK))
    options = parser.parse_args()
    rng = random.Random(20260101)
    videos = find_videos(options.folder, MOST_VIDEOS, rng)
    print(f"| peer | call | the peer's CPU time / the drop-in's, {len(videos)} videos |\n|---|---|---|")
    with one_cpu():
        for peer in options.peers:
            compare(peer, videos, options.rounds, rng)


if __name__ == "__main__":
    main()
