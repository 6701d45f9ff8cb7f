"""mmaction2's SampleFrames and DenseSampleFrames."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from kinetics_fast.samplers.protocols import Indices, SampledVideo
from kinetics_fast.samplers.spacing import checked_count, checked_num_frames

OutOfBound = Literal["loop", "repeat_last"]
Numbers = npt.NDArray[Any]  # integers or floats, as the formulas give them; truncated at the very end


class _MMAction2:
    clip_len: int
    frame_interval: int
    num_clips: int
    temporal_jitter: bool
    out_of_bound_opt: OutOfBound
    test_mode: bool

    def __post_init__(self) -> None:
        for name in ("clip_len", "frame_interval", "num_clips"):
            object.__setattr__(self, name, checked_count(name, getattr(self, name)))
        if self.out_of_bound_opt not in ("loop", "repeat_last"):
            raise ValueError(f"out_of_bound_opt must be loop or repeat_last, got {self.out_of_bound_opt!r}")

    @property
    def frames(self) -> int:
        """Frames per clip."""
        return self.clip_len

    def _jitter(self, indices: Numbers, draws: int, rng: np.random.Generator) -> Numbers:
        if not self.temporal_jitter:
            return indices
        offsets = rng.integers(0, self.frame_interval, draws)
        jittered: Numbers = indices + (offsets.reshape(indices.shape) if draws == indices.size else offsets)
        return jittered

    def _bounded(self, indices: Numbers, num_frames: int) -> Indices:
        if self.out_of_bound_opt == "loop":
            bounded = np.mod(indices, num_frames)
        else:
            inside = indices < num_frames
            bounded = np.where(inside, indices, np.max(inside * indices, axis=1, keepdims=True))
        return bounded.astype(np.int64)


@dataclass(frozen=True)
class MMAction2SampleFrames(_MMAction2):
    """mmaction2's ``SampleFrames`` in training mode and in test mode.

    Source: open-mmlab/mmaction2 1.2.0, commit 4d6c934, ``datasets/transforms/loading.py``.

    Quirks that are kept: in training the length of a clip is clip_len * frame_interval frames, in testing it
    is frame_interval - 1 frames less. Test clips start at ``round(k * free / (num_clips - 1))``, half to
    even; a single clip starts at free // 2. With `twice_sample` and clips of more than one frame, there are
    twice as many clips with the same divisor, and clips past the end loop. With `target_fps`, frames are at
    ``linspace(0, length - 1, clip_len)``, truncated, and one jitter per clip is drawn instead of one per
    frame. With "repeat_last", a clip that starts past the end consists of frame 0.

    Draws instead of ``np.random``: ``rng.integers(0, interval, num_clips)`` for ``randint(interval, size)``,
    ``rng.uniform(0, interval, num_clips)`` with `keep_tail_frames`; then ``rng.integers`` for the jitter.

    Parameters
    ----------
    clip_len, frame_interval, num_clips : int
        Frames per clip, distance between frames, clips per video.
    temporal_jitter : bool
        Move each frame by up to frame_interval - 1.
    twice_sample : bool
        In test mode, use twice as many clips, as for TSM: frames in the middle of segments, then at their
        start.
    out_of_bound_opt : {"loop", "repeat_last"}
        What to do with frames past the end: use the number modulo N, or repeat the last frame of the clip
        that is inside.
    test_mode : bool
        Draw nothing.
    keep_tail_frames : bool
        In training, use segments of fractional length, so that the end of the video is reached.
    target_fps : float or None
        Choose frames as from a video of this frame rate, computed from the average frame rate.

    Examples
    --------
    >>> kf.conventions.MMAction2SampleFrames(16, 8, 10, test_mode=True)(video)[:, 0]
    array([  0,  14,  29,  43,  57,  72,  86, 100, 115, 129])
    """

    clip_len: int
    frame_interval: int = 1
    num_clips: int = 1
    temporal_jitter: bool = False
    twice_sample: bool = False
    out_of_bound_opt: OutOfBound = "loop"
    test_mode: bool = False
    keep_tail_frames: bool = False
    target_fps: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.target_fps is not None and not self.target_fps > 0:
            raise ValueError(f"target_fps must be above 0, got {self.target_fps}")
        if self.test_mode and self.twice_sample and self.num_clips == 1 < self.clip_len:
            raise ValueError("num_clips must be at least 2 with twice_sample: mmaction2 divides by zero")
        if self.target_fps and self.temporal_jitter and self.clips not in (1, self.clip_len):
            raise ValueError("temporal_jitter with target_fps needs one clip: mmaction2 fails for several")

    @property
    def clips(self) -> int:
        """Clips per video: twice num_clips with `twice_sample` in test mode."""
        return self.num_clips * (2 if self.test_mode and self.twice_sample else 1)

    def __call__(self, video: SampledVideo, rng: np.random.Generator | None = None) -> Indices:
        """Return clips, int64 (clips, T). Only test mode without jitter needs no generator."""
        num_frames, drawing = checked_num_frames(video), _drawing(rng, self.test_mode, self.temporal_jitter)
        length = self._clip_length(video)
        if self.test_mode:
            offsets = self._test_offsets(num_frames, length)
        else:
            offsets = self._train_offsets(num_frames, length, drawing)
        if self.target_fps is None:
            indices = offsets[:, None] + np.arange(self.clip_len) * self.frame_interval
            return self._bounded(self._jitter(indices, indices.size, drawing), num_frames)
        steps = np.linspace(0, length - 1, self.clip_len).astype(np.int64)
        return self._bounded(self._jitter(offsets[:, None] + steps, len(offsets), drawing), num_frames)

    def _clip_length(self, video: SampledVideo) -> float:
        if self.target_fps is not None:
            return max(1.0, self.clip_len * self.frame_interval * (video.fps / self.target_fps))
        if self.test_mode:
            return (self.clip_len - 1) * self.frame_interval + 1
        return self.clip_len * self.frame_interval

    def _train_offsets(self, num_frames: int, length: float, rng: np.random.Generator) -> Numbers:
        count, starts = self.num_clips, num_frames - length + 1
        steps = np.arange(count)
        if self.keep_tail_frames:
            if num_frames <= length - 1:
                return np.zeros(count, np.int64)
            return (steps * (starts / count) + rng.uniform(0, starts / count, count)).astype(np.int64)
        interval = starts // count
        if interval > 0:
            return steps * interval + rng.integers(0, int(interval), count)
        if num_frames > max(count, length):
            return np.sort(rng.integers(0, int(starts), count))
        if interval < 0:
            return np.zeros(count, np.int64)
        spread: Numbers = np.around(steps * (starts / count))
        return spread

    def _test_offsets(self, num_frames: int, length: float) -> Numbers:
        count, steps = self.num_clips, np.arange(self.clips)
        if self.clip_len == 1:
            interval = num_frames / count
            middles = steps[:count] * interval + interval / 2
            return np.concatenate([middles, steps[:count] * interval])[: self.clips]
        free = max(num_frames - length, 0)
        if self.clips == 1:
            return np.array([free // 2])
        between = free / (count - 1)
        spread: Numbers = (
            np.round(steps * between) if self.target_fps is None else steps * math.floor(between)
        )
        return spread


@dataclass(frozen=True)
class MMAction2DenseSampleFrames(_MMAction2):
    """mmaction2's ``DenseSampleFrames`` in training mode and in test mode: clips within a short range.

    Source: open-mmlab/mmaction2 1.2.0, commit 4d6c934, ``datasets/transforms/loading.py``.

    The range of `sample_range` frames is at one random position in training, and at `num_sample_positions`
    even positions in testing (``linspace(0, free, positions)``, rounded down). In the range, clips start
    sample_range // num_clips frames apart. Frames past the end of the video wrap around. Quirk that is kept:
    the last position is never drawn, because of ``rng.integers(0, free)`` for ``np.random.randint(0, free)``
    with free = N - sample_range. ``twice_sample``, ``keep_tail_frames`` and ``target_fps`` have no effect in
    mmaction2, and are not parameters here.

    Parameters
    ----------
    clip_len, frame_interval, num_clips : int
        Frames per clip, distance between frames, clips per video.
    sample_range : int
        Length in frames of the range in which the clips of one position start.
    num_sample_positions : int
        Number of positions in test mode.
    temporal_jitter : bool
        Move each frame by up to frame_interval - 1.
    out_of_bound_opt : {"loop", "repeat_last"}
        What to do with frames past the end, as for `MMAction2SampleFrames`.
    test_mode : bool
        Draw nothing.

    Examples
    --------
    >>> kf.conventions.MMAction2DenseSampleFrames(8, 8, test_mode=True)(video)[:, 0]
    array([  0,  20,  41,  62,  82, 103, 124, 144, 165, 186])
    """

    clip_len: int
    frame_interval: int = 1
    num_clips: int = 1
    sample_range: int = field(default=64, kw_only=True)
    num_sample_positions: int = field(default=10, kw_only=True)
    temporal_jitter: bool = field(default=False, kw_only=True)
    out_of_bound_opt: OutOfBound = field(default="loop", kw_only=True)
    test_mode: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("sample_range", "num_sample_positions"):
            object.__setattr__(self, name, checked_count(name, getattr(self, name)))

    @property
    def clips(self) -> int:
        """Clips per video: num_clips, in test mode at each of num_sample_positions."""
        return self.num_clips * (self.num_sample_positions if self.test_mode else 1)

    def __call__(self, video: SampledVideo, rng: np.random.Generator | None = None) -> Indices:
        """Return clips, int64 (clips, T). Only test mode without jitter needs no generator."""
        num_frames, drawing = checked_num_frames(video), _drawing(rng, self.test_mode, self.temporal_jitter)
        free = max(num_frames - self.sample_range, 0)
        if self.test_mode:
            places = np.linspace(0, free, self.num_sample_positions, dtype=np.int64)
        else:
            places = np.array([drawing.integers(0, free) if free else 0])
        steps = np.arange(self.num_clips) * (self.sample_range // self.num_clips)
        offsets = (places[:, None] + steps).reshape(-1, 1) % num_frames
        indices = offsets + np.arange(self.clip_len) * self.frame_interval
        return self._bounded(self._jitter(indices, indices.size, drawing), num_frames)


def _drawing(rng: np.random.Generator | None, test_mode: bool, jitter: bool) -> np.random.Generator:
    if rng is None:
        if not test_mode or jitter:
            raise TypeError("random numbers are drawn: pass a generator")
        return np.random.default_rng(0)
    return rng
