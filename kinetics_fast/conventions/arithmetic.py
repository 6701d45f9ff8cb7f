"""Arithmetic that several projects share: linspace in float32, and timestamps as whole numbers."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from kinetics_fast.samplers.protocols import Indices, SampledVideo


def float32_linspace(
    start: float | npt.NDArray[np.float64], end: float | npt.NDArray[np.float64], steps: int
) -> npt.NDArray[np.float32]:
    """Return torch.linspace in float32: the first half counts from the start, the rest from the end.

    This is ATen's scalar formula. torch's vectorised kernels can differ from it by a unit in the last place,
    depending on the CPU.
    """
    low, high = (np.asarray(bound, np.float32)[..., None] for bound in (start, end))
    count = np.arange(steps, dtype=np.float32)
    step = (high - low) / np.float32(max(steps - 1, 1))
    first_half = count < (steps // 2 if steps > 1 else 1)
    positions: npt.NDArray[np.float32] = np.where(first_half, low + step * count, high - step * count[::-1])
    return positions


@lru_cache(maxsize=4096)
def truncated_linspace(end: float, steps: int) -> Indices:
    """Return ``torch.linspace(0, end, steps).long()``, read-only."""
    indices = float32_linspace(0.0, end, steps).astype(np.int64)
    indices.flags.writeable = False
    return indices


@lru_cache(maxsize=4096)
def ticks_per_second(fps: float) -> int:
    """Return the ticks per second that FFmpeg's MP4 muxer chooses for a frame rate.

    The muxer doubles the numerator of the rate until it is at least 10000: 15360 for 30 and 60, 12800 for 25,
    30000 for 29.97 frames per second. Projects that compute in the time base of the container round to it,
    and samplers do not know the time base.
    """
    ticks = max(Fraction(fps).limit_denominator(1001).numerator, 1)
    while ticks < 10000:
        ticks *= 2
    return ticks


def pts(video: SampledVideo, ticks: int) -> Indices:
    """Return the time of each frame after the first, in ticks."""
    timestamps = video.timestamps
    times: Indices = np.rint((timestamps - timestamps[0]) * ticks).astype(np.int64)
    return times
