"""Where the time of a training sample goes, stage by stage, in calls of one clip on one thread.

``index`` is the time to open the file and to make its frame index: there is none for a data set that was
scanned. ``read``, ``decode`` and ``convert`` come from `Batch.stats`. ``rest`` is what is left of the call:
to hand work over between threads, and Python.
"""

from __future__ import annotations

import time
from statistics import mean
from typing import TYPE_CHECKING

from samples.kinetics_fast import decode
from windows import touch

import kinetics_fast as kf

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from windows import Pattern, Window

STAGES = ("index", "read", "decode", "convert", "rest")
STATISTICS = {"read": "seconds_reading", "decode": "seconds_decoding", "convert": "seconds_converting"}


def milliseconds(window: Window) -> dict[str, float]:
    """Make one sample; give the milliseconds of each stage."""
    path, indices, box = window.arguments
    begin = time.perf_counter()
    video = kf.Video(path)
    indexed = time.perf_counter()
    stats = decode([kf.Clip(video, indices=indices, box=box)], 1).stats
    end = time.perf_counter()
    parts = {stage: 1000 * stats[name] for stage, name in STATISTICS.items()}
    return {"index": 1000 * (indexed - begin), **parts, "rest": 1000 * (end - indexed) - sum(parts.values())}


def print_stages(folders: Mapping[str, Mapping[Pattern, Sequence[Window]]]) -> None:
    """Print the mean milliseconds per sample of each stage."""
    print(f"\n{'milliseconds per sample':<26}" + "".join(f"{stage:>10}" for stage in (*STAGES, "together")))
    for folder, work in folders.items():
        for pattern, windows in work.items():
            milliseconds(windows[0])  # warms up
            touch(windows)
            samples = [milliseconds(window) for window in windows]
            means = [mean(sample[stage] for sample in samples) for stage in STAGES]
            cells = "".join(f"{value:10.3f}" for value in (*means, sum(means)))
            print(f"{pattern.name + ', ' + folder:<26}{cells}")
