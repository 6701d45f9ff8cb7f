"""Measure what one call costs besides reading, decoding and converting: `decode_clips` for one clip.

    python benchmarks/bench_call.py VIDEO
    python benchmarks/bench_call.py VIDEO --old OLD/.venv/bin/python     two trees in turn

The clip has 16 frames with stride 8, at 224 x 224 as float32, of a `Video` that has its index. The call has
one thread, so that decoding and converting do not overlap. For each call, the program subtracts the seconds
of `stats` from the time by the clock: those of decoding and converting ("with reading"), and those of reading
as well ("beside the work"; where a call has several runs, their reads overlap). It also takes the CPU time of
the calling thread. It prints the medians of all calls in microseconds. A Python stands for the tree whose
kinetics_fast it imports; each round runs both trees in processes of their own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import kinetics_fast as kf

PIXELS = {"size": 224, "layout": "CTHW", "dtype": "float32", "mean": 0.45, "std": 0.225}
FRAMES, STRIDE = 16, 8
WARM_UP = 20  # calls
WORK = ("seconds_decoding", "seconds_converting")


def measure(path: Path, calls: int) -> dict[str, list[float]]:
    """Give the microseconds of each call beside its work, with reading and without, and of its thread."""
    video = kf.Video(path)
    starts = max(1, len(video) - (FRAMES - 1) * STRIDE)
    beside, reading, thread = [], [], []
    for number in range(calls + WARM_UP):
        clip = kf.Clip(video, start=number * 7 % starts, frames=FRAMES, stride=STRIDE)
        begin, begin_thread = time.perf_counter(), time.thread_time()
        batch = kf.decode_clips([clip], threads=1, **PIXELS)  # type: ignore[arg-type]
        wall, cpu = time.perf_counter() - begin, time.thread_time() - begin_thread
        if number >= WARM_UP:
            rest = wall - sum(batch.stats[name] for name in WORK)
            reading.append(1e6 * rest)
            beside.append(1e6 * (rest - batch.stats["seconds_reading"]))
            thread.append(1e6 * cpu)
    return {"beside the work": beside, "with reading": reading, "calling thread": thread}


def measured_by(python: Path, path: Path, calls: int) -> dict[str, list[float]]:
    """Measure in a process of this Python, whose kinetics_fast may be another tree's."""
    command = [str(python), __file__, str(path), "--calls", str(calls), "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: dict[str, list[float]] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("video", type=Path, help="a video of at least 121 frames")
    parser.add_argument("--old", type=Path, help="the Python of the tree to compare with")
    parser.add_argument("--calls", type=int, default=300, help="calls per round (300)")
    parser.add_argument("--rounds", type=int, default=7, help="rounds (7)")
    parser.add_argument("--json", action="store_true", help="print the values of each call of one round")
    arguments = parser.parse_args()
    if arguments.json:
        print(json.dumps(measure(arguments.video, arguments.calls)))
        return
    pythons = {"new": Path(sys.executable)} | ({"old": arguments.old} if arguments.old else {})
    values: dict[tuple[str, str], list[float]] = {}
    for _ in range(arguments.rounds):
        for name, python in pythons.items():
            for kind, each in measured_by(python, arguments.video, arguments.calls).items():
                values.setdefault((kind, name), []).extend(each)
    for (kind, name), each in sorted(values.items()):
        print(f"{kind:16} {name:4} {median(each):7.0f} us (median of {len(each)} calls)")


if __name__ == "__main__":
    main()
