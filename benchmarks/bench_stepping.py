"""Measure frames read one after another: CPU time of one call, of a call per frame, and of other readers.

    python benchmarks/bench_stepping.py VIDEO... [--rounds 5]

The patterns are 60 frames, 31 frames with step 2, 31 frames with step 8, and 20 frames in random order. Each
turn makes its reader before the clock starts, so that opening and indexing do not count. `fresh calls` are
calls of `decode_clips`, each of which begins again at the last random access point; they are what a call per
frame costs without held runs. decord reads with `next` or, where the step is not 1, by number; OpenCV grabs
each frame and retrieves the wanted ones. Both have one thread. They are left out where they are not installed
or where the frames are not in rising order.

CPU time is that of the whole process: user and system, all threads. The readers take turns, and the table has
the median of the rounds.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

import kinetics_fast as kf

Read = Callable[[], object]
Reader = Callable[[str, Sequence[int]], Read]


def one_call(path: str, frames: Sequence[int]) -> Read:
    video = kf.Video(path)
    return lambda: video.frames(list(frames))


def call_per_frame(path: str, frames: Sequence[int]) -> Read:
    video = kf.Video(path)
    return lambda: [video[i] for i in frames]


def fresh_calls(path: str, frames: Sequence[int]) -> Read:
    video = kf.Video(path)
    return lambda: [kf.decode_clips([kf.Clip(video, indices=[i])], threads=1) for i in frames]


def decord(path: str, frames: Sequence[int]) -> Read:
    reader: Any = import_module("decord").VideoReader(path, num_threads=1)
    if list(frames) == list(range(len(frames))):
        return lambda: [reader.next().asnumpy() for _ in frames]
    return lambda: [reader[i].asnumpy() for i in frames]


def opencv(path: str, frames: Sequence[int]) -> Read:
    cv2: Any = import_module("cv2")
    cv2.setNumThreads(1)
    capture = cv2.VideoCapture(path, cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    wanted = set(frames)

    def read() -> None:
        for number in range(max(frames) + 1):
            capture.grab()
            if number in wanted:
                cv2.cvtColor(capture.retrieve()[1], cv2.COLOR_BGR2RGB)

    return read


OURS: list[Reader] = [one_call, call_per_frame, fresh_calls]
PEERS: dict[str, Reader] = {"decord": decord, "cv2": opencv}


def patterns(count: int) -> dict[str, list[int]]:
    chosen = np.random.default_rng(1).choice(count, min(count, 20), replace=False).tolist()
    steps = {"60 frames": range(60), "31, step 2": range(0, 62, 2), "31, step 8": range(0, 248, 8)}
    return {name: list(frames) for name, frames in steps.items() if frames[-1] < count} | {
        "20 random": chosen
    }


def installed_peers() -> list[Reader]:
    found = []
    for module, reader in PEERS.items():
        with suppress(ImportError):
            import_module(module)
            found.append(reader)
    return found


def cpu_seconds(reader: Reader, path: str, frames: Sequence[int]) -> float:
    read = reader(path, frames)
    begin = time.process_time()
    read()
    return time.process_time() - begin


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("videos", type=Path, nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()

    peers, rounds = installed_peers(), range(arguments.rounds)
    print("CPU milliseconds, and in brackets the share of one call")
    for path in map(str, arguments.videos):
        for name, frames in patterns(len(kf.Video(path))).items():
            readers = OURS + (peers if frames == sorted(frames) else [])
            for reader in readers:
                cpu_seconds(reader, path, frames)  # a warm-up
            turns = [[cpu_seconds(reader, path, frames) for reader in readers] for _ in rounds]
            costs = [median(turn[number] for turn in turns) * 1e3 for number in range(len(readers))]
            cells = ", ".join(
                f"{reader.__name__.replace('_', ' ')} {cost:.1f} ({cost / costs[0]:.2f})"
                for reader, cost in zip(readers, costs, strict=True)
            )
            print(f"{Path(path).name}, {name}: {cells}")


if __name__ == "__main__":
    main()
