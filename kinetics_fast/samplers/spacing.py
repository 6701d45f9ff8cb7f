"""Clips of evenly spaced frames, by a number of frames or of seconds: their positions and their padding."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, SupportsIndex

import numpy as np
import numpy.typing as npt

from kinetics_fast._decode.validation import whole_number
from kinetics_fast.errors import FrameRangeError
from kinetics_fast.samplers.protocols import Indices, SampledVideo

Short = Literal["repeat_last", "loop", "error"]
Times = npt.NDArray[np.float64]

# Matroska rounds timestamps to milliseconds. A frame that begins so little after a time counts as shown then.
_ROUNDED_SECONDS = 0.5e-3


@dataclass(frozen=True)
class FrameSpacing:
    """Clips whose frames are a fixed number of frames apart. A start is a frame number."""

    frames: int
    stride: int
    short: Short
    _offsets: Indices = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_offsets", np.arange(self.frames) * self.stride)

    def free(self, video: SampledVideo) -> int:
        """Return the last frame at which a clip can start; 0 if the video is too short."""
        span = (self.frames - 1) * self.stride + 1
        frames = checked_num_frames(video)
        if frames < span and self.short == "error":
            raise too_short(f"{span} frames", f"{frames}")
        return max(frames - span, 0)

    def random(self, video: SampledVideo, rng: np.random.Generator, clips: int) -> Indices:
        """Draw clips. All starts are equally likely."""
        return self._indices(video, rng.integers(0, self.free(video) + 1, clips))

    def even(self, video: SampledVideo, clips: int) -> Indices:
        """Spread clips over the video, starts rounded half up; a single clip is in the middle."""
        return self._indices(video, evenly(self.free(video), clips))

    def dense(self, video: SampledVideo) -> Indices:
        """Return consecutive clips; the last one is moved back so that it ends with the video."""
        free, step = self.free(video), self.frames * self.stride
        starts = np.arange(0, free + 1, step)
        covered = int(starts[-1]) + step >= video.num_frames
        return self._indices(video, starts if covered else np.append(starts, free))

    def _indices(self, video: SampledVideo, starts: Indices) -> Indices:
        indices: Indices = starts[:, None] + self._offsets
        frames = video.num_frames
        if self._offsets[-1] < frames:
            return indices
        if self.short == "loop":
            return indices % frames
        return np.minimum(indices, (frames - 1) // self.stride * self.stride)


@dataclass(frozen=True)
class TimeSpacing:
    """Clips whose frames are a fixed time apart. A start is in seconds after the first frame."""

    frames: int
    seconds: float
    short: Short
    _offsets: Times = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_offsets", np.arange(self.frames, dtype=np.float64) * self.seconds)

    def span(self, video: SampledVideo) -> float:
        """Return the seconds from the first time of a clip to its last time."""
        checked_num_frames(video)
        span = float(self._offsets[-1])
        if span + _ROUNDED_SECONDS >= video.duration and self.short == "error":
            raise too_short(f"more than {span:.6g} s", f"{video.duration:.6g} s")
        return span

    def random(self, video: SampledVideo, rng: np.random.Generator, clips: int) -> Indices:
        """Draw clips. All start times are equally likely."""
        free = max(video.duration - self.span(video), 0.0)
        # _indices adds _ROUNDED_SECONDS to every time, which must not move the last time past the last frame.
        return self._indices(video, np.maximum(rng.random(clips) * free - _ROUNDED_SECONDS, 0.0))

    def even(self, video: SampledVideo, clips: int) -> Indices:
        """Spread clips over the video; the last ends with the last frame, a single one is in the middle."""
        free = self.free(video)
        steps = np.arange(clips, dtype=np.float64) if clips > 1 else np.array([0.5])
        return self._indices(video, steps * (free / max(clips - 1, 1)))

    def dense(self, video: SampledVideo) -> Indices:
        """Return consecutive clips; the last one is moved back so that it ends with the last frame."""
        free, step = self.free(video), self.frames * self.seconds
        starts = np.arange(math.floor((free + _ROUNDED_SECONDS) / step) + 1, dtype=np.float64) * step
        last_time = float(video.timestamps[-1] - video.timestamps[0])
        covered = starts[-1] + step > last_time + _ROUNDED_SECONDS
        return self._indices(video, starts if covered else np.append(starts, free))

    def free(self, video: SampledVideo) -> float:
        """Return by how many seconds a clip at the start can be moved to end with the last frame."""
        span, timestamps = self.span(video), video.timestamps
        return max(float(timestamps[-1] - timestamps[0]) - span, 0.0)

    def _indices(self, video: SampledVideo, starts: Times) -> Indices:
        timestamps, duration = video.timestamps, video.duration
        offsets = self._offsets + _ROUNDED_SECONDS
        if offsets[-1] >= duration:
            if self.short == "loop":
                offsets = offsets % duration
            else:
                offsets = np.minimum(offsets, offsets[max(int(offsets.searchsorted(duration)) - 1, 0)])
        times = starts[:, None] + (offsets + float(timestamps[0]))
        return np.maximum(timestamps.searchsorted(times, "right") - 1, 0)


Spacing = FrameSpacing | TimeSpacing


@lru_cache  # samplers hold only their arguments and ask for the spacing at each call
def spacing(
    frames: int, stride: int | None, seconds: float | None, fps: float | None, short: Short
) -> Spacing:
    """Return the spacing that exactly one of stride, seconds and fps defines."""
    if short not in ("repeat_last", "loop", "error"):
        raise ValueError(f"short must be one of repeat_last, loop, error, got {short!r}")
    values = {"stride": stride, "seconds": seconds, "fps": fps}
    given = [name for name, value in values.items() if value is not None]
    if len(given) != 1:
        raise TypeError(
            f"pass exactly one of stride=, seconds= and fps=, got {' and '.join(given) or 'none'}"
        )
    if stride is not None:
        return FrameSpacing(frames, stride, short)
    apart = float(seconds) if seconds is not None else 1 / fps if fps else 0.0
    if not 0 < apart < math.inf:
        raise ValueError(f"{given[0]} must be a finite number above 0, got {values[given[0]]}")
    return TimeSpacing(frames, apart, short)


def evenly(last: int, count: int) -> Indices:
    """Spread numbers from 0 to last, both included, rounded half up; a single one is in the middle."""
    if count == 1:
        return np.array([last // 2])
    return (np.arange(count) * (2 * last) + count - 1) // (2 * count - 2)


def checked_count(name: str, value: SupportsIndex) -> int:
    """Return a count, which must be at least 1."""
    return whole_number(name, value, 1)


def checked_num_frames(video: SampledVideo) -> int:
    """Return the number of frames of a video, which must have some."""
    frames = video.num_frames
    if frames < 1:
        raise FrameRangeError("the video has no frames to take a clip from", stage="plan")
    return frames


def too_short(wanted: str, there: str) -> FrameRangeError:
    """Return the error for a video that is too short for a clip."""
    what = f"a clip of {wanted} does not fit into a video of {there}; "
    return FrameRangeError(what + 'pass short="repeat_last" or "loop", or a smaller stride', stage="plan")
