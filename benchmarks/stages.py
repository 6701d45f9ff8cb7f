"""Where the time of a training sample goes, stage by stage, in calls of one clip on one thread.

``index`` is the time to open the file and to make its frame index. In the rows "saved index" this is the
time to read the frame index from the index of a scan. ``read``, ``decode`` and ``convert`` come from
`Batch.stats`. ``rest`` is what is left of the call: to hand work over between threads, and Python.
"""

from __future__ import annotations

import time
from itertools import product
from statistics import mean
from typing import TYPE_CHECKING

from samples import kinetics_fast_index
from samples.kinetics_fast import decode
from windows import touch

import kinetics_fast as kf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from windows import Pattern, Window

STAGES = ("index", "read", "decode", "convert", "rest")
STATISTICS = {"read": "seconds_reading", "decode": "seconds_decoding", "convert": "seconds_converting"}
OPENINGS: dict[str, Callable[[str], kf.Video]] = {
    "": kf.Video,
    ", saved index": kinetics_fast_index.open_video,
}


def milliseconds(window: Window, open_video: Callable[[str], kf.Video]) -> dict[str, float]:
    """Make one sample; give the milliseconds of each stage."""
    path, indices, box = window.arguments
    begin = time.perf_counter()
    video = open_video(path)
    indexed = time.perf_counter()
    stats = decode([kf.Clip(video, indices=indices, box=box)], 1).stats
    end = time.perf_counter()
    parts = {stage: 1000 * stats[name] for stage, name in STATISTICS.items()}
    return {"index": 1000 * (indexed - begin), **parts, "rest": 1000 * (end - indexed) - sum(parts.values())}


def print_stages(folders: Mapping[str, Mapping[Pattern, Sequence[Window]]]) -> None:
    """Print the mean milliseconds per sample of each stage."""
    print(f"\n{'milliseconds per sample':<32}" + "".join(f"{stage:>10}" for stage in (*STAGES, "together")))
    for (folder, work), (how, open_video) in product(folders.items(), OPENINGS.items()):
        for pattern, windows in work.items():
            milliseconds(windows[0], open_video)  # warms up
            touch(windows)
            samples = [milliseconds(window, open_video) for window in windows]
            means = [mean(sample[stage] for sample in samples) for stage in STAGES]
            cells = "".join(f"{value:10.3f}" for value in (*means, sum(means)))
            print(f"{pattern.name + ', ' + folder + how:<32}{cells}")
