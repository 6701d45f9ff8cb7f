"""The clip samplers of PyTorchVideo, with the frames of its decoder and of UniformTemporalSubsample."""
# ruff: noqa: ARG002 (every sampler is called with a generator)

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from kinetics_fast.conventions.arithmetic import pts, ticks_per_second, truncated_linspace
from kinetics_fast.errors import FrameRangeError
from kinetics_fast.samplers.fixed import VaryingClips
from kinetics_fast.samplers.protocols import Indices, SampledVideo
from kinetics_fast.samplers.spacing import checked_count, checked_num_frames

_EPS = Fraction(1e-6)  # UniformClipSampler's default


class _PyTorchVideo:
    clip_duration: float | Fraction
    frames: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "frames", checked_count("frames", self.frames))
        if not 0 < self.clip_duration < math.inf:
            raise ValueError(f"clip_duration must be a number of seconds above 0, got {self.clip_duration}")

    def _ticks(self, video: SampledVideo) -> tuple[int, int]:
        """Return the ticks per second, and the duration of the video in ticks."""
        checked_num_frames(video)
        ticks = ticks_per_second(video.fps)
        return ticks, round(video.duration * ticks)

    def _clips(self, video: SampledVideo, ticks: int, starts: list[tuple[int, int]]) -> Indices:
        """Return the frames of clips that start at numerator / denominator seconds after the first frame."""
        p, q = self.clip_duration.as_integer_ratio()
        low = [-(-n * ticks // d) for n, d in starts]
        high = [-(-(n * q + p * d) * ticks // (d * q)) for n, d in starts]
        first, stop = pts(video, ticks).searchsorted(np.array([low, high]))
        counts = (stop - first).tolist()
        if min(counts) < 1:
            n, d = starts[counts.index(0)]
            what = f"no frame begins between {n / d:.6g} and {n / d + p / q:.6g} s after the first"
            raise FrameRangeError(what, stage="plan")
        steps = [truncated_linspace(count - 1.0, self.frames) for count in counts]
        indices: Indices = first[:, None] + np.stack(steps)
        return indices


@dataclass(frozen=True)
class PyTorchVideoRandom(_PyTorchVideo):
    """PyTorchVideo's ``RandomClipSampler`` and ``RandomMultiClipSampler``.

    Source: facebookresearch/pytorchvideo, commit f3142bb, ``data/clip_sampling.py``,
    ``data/encoded_video_pyav.py`` and ``transforms/functional.py`` (``uniform_temporal_subsample``).

    A clip starts ``rng.uniform(0, max(duration - clip_duration, 0))`` seconds after the first frame (for
    ``random.uniform``). It has the frames with a pts from ``ceil(start / time base)`` to before
    ``ceil(end / time base)``; their number varies by one. Of these, the frames at
    ``linspace(0, count - 1, frames)`` in float32, truncated, are chosen. A clip without frames is a
    `FrameRangeError`; PyTorchVideo then uses another video. In PyTorchVideo the duration is the longer one of
    video and audio, here it is that of the video stream. The time base is assumed to be that of an MP4 of
    this frame rate by FFmpeg.

    Parameters
    ----------
    clip_duration : float or Fraction
        Seconds per clip.
    frames : int
        Frames per clip, the argument of ``UniformTemporalSubsample``.
    num_clips : int
        Clips per video, the argument of ``RandomMultiClipSampler``.

    Examples
    --------
    >>> kf.conventions.PyTorchVideoRandom(2.0, frames=8)(video, np.random.default_rng(0))
    array([[128, 135, 142, 149, 156, 163, 170, 177]])
    """

    clip_duration: float | Fraction
    frames: int
    num_clips: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "num_clips", checked_count("num_clips", self.num_clips))

    @property
    def clips(self) -> int:
        """Clips per video."""
        return self.num_clips

    def __call__(self, video: SampledVideo, rng: np.random.Generator) -> Indices:
        """Return drawn clips, int64 (clips, T)."""
        ticks, duration = self._ticks(video)
        p, q = self.clip_duration.as_integer_ratio()
        free = max(duration * q - p * ticks, 0) / (q * ticks)
        starts = [float(rng.uniform(0.0, free)).as_integer_ratio() for _ in range(self.num_clips)]
        return self._clips(video, ticks, starts)


@dataclass(frozen=True)
class PyTorchVideoConstantClipsPerVideo(_PyTorchVideo):
    """PyTorchVideo's ``ConstantClipsPerVideoSampler``.

    The source and the frames of a clip are as for `PyTorchVideoRandom`. Clip k of n starts at
    k * free / max(n - 1, 1): the first clip starts with the video, the last clip ends with it, and a single
    clip is at the start, not in the middle. (Release 0.1.5 divides by n and never reaches the end.) Each clip
    is repeated `augs_per_clip` times in a row.

    Parameters
    ----------
    clip_duration : float or Fraction
        Seconds per clip.
    clips_per_video : int
        Clips per video.
    frames : int
        Frames per clip, the argument of ``UniformTemporalSubsample``.
    augs_per_clip : int
        Repetitions of each clip.

    Examples
    --------
    >>> kf.conventions.PyTorchVideoConstantClipsPerVideo(2.0, 3, frames=4)(video)
    array([[  0,  16,  32,  49],
           [100, 116, 132, 149],
           [200, 216, 232, 249]])
    """

    clip_duration: float | Fraction
    clips_per_video: int
    frames: int
    augs_per_clip: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("clips_per_video", "augs_per_clip"):
            object.__setattr__(self, name, checked_count(name, getattr(self, name)))

    @property
    def clips(self) -> int:
        """Clips per video."""
        return self.clips_per_video * self.augs_per_clip

    def __call__(self, video: SampledVideo, rng: np.random.Generator | None = None) -> Indices:
        """Return clips, int64 (clips, T); `rng` is not used."""
        ticks, duration = self._ticks(video)
        p, q = self.clip_duration.as_integer_ratio()
        free, parts = max(duration * q - p * ticks, 0), q * ticks * max(self.clips_per_video - 1, 1)
        clips = self._clips(video, ticks, [(k * free, parts) for k in range(self.clips_per_video)])
        return np.repeat(clips, self.augs_per_clip, axis=0)


@dataclass(frozen=True)
class PyTorchVideoUniform(VaryingClips, _PyTorchVideo):
    """PyTorchVideo's ``UniformClipSampler``: the number of clips depends on the video.

    The source and the frames of a clip are as for `PyTorchVideoRandom`. Clips start `stride` seconds apart.
    Frames that are left at the end are dropped; with `backpad_last` they are covered by one more clip, which
    is moved back so that it ends with the video. There is always one clip; in a shorter video it has the
    frames that there are. The arithmetic is in fractions; if `stride` is a float, as in PyTorchVideo, the
    starts are computed in float64. A loader needs `samplers.FixedClips` around this sampler.

    Parameters
    ----------
    clip_duration : float or Fraction
        Seconds per clip.
    frames : int
        Frames per clip, the argument of ``UniformTemporalSubsample``.
    stride : float, Fraction or None
        Seconds from the start of a clip to the start of the next; None means `clip_duration`.
    backpad_last : bool
        Add a last clip that is moved back, instead of dropping the frames at the end.

    Examples
    --------
    >>> kf.conventions.PyTorchVideoUniform(4.0, frames=4)(video)
    array([[  0,  33,  66,  99],
           [100, 133, 166, 199]])
    """

    clip_duration: float | Fraction
    frames: int
    stride: float | Fraction | None = None
    backpad_last: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.stride is not None and not 0 < self.stride < math.inf:
            raise ValueError(f"stride must be a number of seconds above 0, got {self.stride}")

    def __call__(self, video: SampledVideo, rng: np.random.Generator | None = None) -> Indices:
        """Return clips, int64 (any number, T); `rng` is not used."""
        ticks, end_tick = self._ticks(video)
        duration, length = Fraction(end_tick, ticks), Fraction(self.clip_duration)
        delta = (length if self.stride is None else self.stride) - length
        starts = [self._start(-delta, delta, duration)]
        while True:
            end = starts[-1] + length
            following = self._start(end, delta, duration)
            excess = following + length - duration
            if (abs(following - starts[-1]) < _EPS) if self.backpad_last else (excess > _EPS):
                return self._clips(video, ticks, [start.as_integer_ratio() for start in starts])
            starts.append(following)

    def _start(self, last_end: Fraction | float, delta: Fraction | float, duration: Fraction) -> Fraction:
        start = Fraction(last_end + delta)
        if not self.backpad_last:
            return start
        beyond = max(start + Fraction(self.clip_duration) - duration, Fraction(0))
        return max(start - beyond, Fraction(0))
