"""Measures the cost of a training window of one video by decoding evenly spaced windows."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from kinetics_fast._decode.clip import Clip
from kinetics_fast._decode.decode_clips import decode_clips
from kinetics_fast._decode.video import Video

FRAMES, STRIDE = 16, 8
WINDOWS = 6
SIZE = 16  # pixels per side, so that conversion takes almost no time


@dataclass(frozen=True)
class WindowCost:
    """Means over several windows. Bytes are read from the file, seconds are those of one thread.

    `seconds_cpu` is the time of all threads of this process, which nothing else may keep busy meanwhile.
    `damage` is the first error of the windows, None without errors.
    """

    frames: int
    stride: int
    windows: int
    packets_sent: float
    packets_dropped: float
    bytes_read: float
    seconds_decoding: float
    seconds_cpu: float
    damage: str | None


def measure_window(video: Video) -> WindowCost:
    """Return the cost of windows of 16 frames with stride 8. Short videos repeat their last frame.

    Parameters
    ----------
    video : Video
        The video. Damaged frames are counted like others.

    Returns
    -------
    WindowCost
    """
    last = max(0, len(video) - 1 - (FRAMES - 1) * STRIDE)
    starts = np.unique(np.linspace(0, last, WINDOWS).round().astype(np.int64))
    window = STRIDE * np.arange(FRAMES)
    begin = time.process_time()
    batches = [
        decode_clips(
            [Clip(video, indices=np.minimum(start + window, len(video) - 1))],
            size=SIZE,
            threads=1,
            antialias=False,
            on_error="zero",
        )
        for start in starts
    ]
    seconds_cpu = (time.process_time() - begin) / len(starts)

    def mean(name: str) -> float:
        return float(np.mean([batch.stats[name] for batch in batches]))

    return WindowCost(
        FRAMES,
        STRIDE,
        len(starts),
        mean("packets_sent"),
        mean("packets_dropped"),
        mean("bytes_read"),
        mean("seconds_decoding"),
        seconds_cpu,
        next((str(error) for batch in batches for error in batch.errors.values()), None),
    )


def compare_windows(before: Video, after: Video, rounds: int = 3) -> tuple[WindowCost, WindowCost]:
    """Return the costs of two videos, measured in turns; of each the round with the least CPU time."""
    costs = [(measure_window(before), measure_window(after)) for _ in range(rounds)]
    of_before, of_after = zip(*costs, strict=True)
    return min(of_before, key=_cpu), min(of_after, key=_cpu)


def _cpu(cost: WindowCost) -> float:
    return cost.seconds_cpu
