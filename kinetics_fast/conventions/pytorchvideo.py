"""PyTorchVideo's clip samplers, with the frames that its own decoder and UniformTemporalSubsample take."""
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
            raise ValueError(f"clip_duration is a number of seconds above 0, not {self.clip_duration}")

    def _ticks(self, video: SampledVideo) -> tuple[int, int]:
        """Give ticks a second, and ticks that the video lasts."""
        checked_num_frames(video)
        ticks = ticks_per_second(video.fps)
        return ticks, round(video.duration * ticks)

    def _clips(self, video: SampledVideo, ticks: int, starts: list[tuple[int, int]]) -> Indices:
        """Give the frames of clips that start at numerator / denominator seconds after the first frame."""
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

    A clip starts at ``rng.uniform(0, max(duration - clip_duration, 0))``, for ``random.uniform``, seconds
    after the first frame. Its frames are those whose pts lie from ``ceil(start / time base)`` to before
    ``ceil(end / time base)``, a number that varies by one; of these, ``linspace(0, count - 1, frames)`` in
    float32, cut to whole numbers, are taken. A clip with no frame, for which PyTorchVideo takes another
    video, is a `FrameRangeError`. The duration is there the longer one of picture and sound, here the
    picture's; the time base is taken to be what FFmpeg gives an MP4 of this frame rate.

    Parameters
    ----------
    clip_duration : float or Fraction
        Seconds a clip, as there.
    frames : int
        What ``UniformTemporalSubsample`` is given.
    num_clips : int
        Clips a video, as ``RandomMultiClipSampler`` has it.

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
        """Clips a video."""
        return self.num_clips

    def __call__(self, video: SampledVideo, rng: np.random.Generator) -> Indices:
        """Draw clips, int64 (clips, T)."""
        ticks, duration = self._ticks(video)
        p, q = self.clip_duration.as_integer_ratio()
        free = max(duration * q - p * ticks, 0) / (q * ticks)
        starts = [float(rng.uniform(0.0, free)).as_integer_ratio() for _ in range(self.num_clips)]
        return self._clips(video, ticks, starts)


@dataclass(frozen=True)
class PyTorchVideoConstantClipsPerVideo(_PyTorchVideo):
    """PyTorchVideo's ``ConstantClipsPerVideoSampler``.

    Source and frames of a clip as for `PyTorchVideoRandom`. Clip k of n starts at k * free / max(n - 1, 1):
    the first with the video, the last ends with it, and one alone is at the start, not in the middle. (The
    release 0.1.5 divides by n, and never reaches the end.) Each clip comes `augs_per_clip` times in a row.

    Parameters
    ----------
    clip_duration : float or Fraction
        Seconds a clip.
    clips_per_video, augs_per_clip : int
        Clips a video, and how often each comes.
    frames : int
        What ``UniformTemporalSubsample`` is given.

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
        """Clips a video."""
        return self.clips_per_video * self.augs_per_clip

    def __call__(self, video: SampledVideo, rng: np.random.Generator | None = None) -> Indices:
        """Give clips, int64 (clips, T); `rng` is not used."""
        ticks, duration = self._ticks(video)
        p, q = self.clip_duration.as_integer_ratio()
        free, parts = max(duration * q - p * ticks, 0), q * ticks * max(self.clips_per_video - 1, 1)
        clips = self._clips(video, ticks, [(k * free, parts) for k in range(self.clips_per_video)])
        return np.repeat(clips, self.augs_per_clip, axis=0)


@dataclass(frozen=True)
class PyTorchVideoUniform(VaryingClips, _PyTorchVideo):
    """PyTorchVideo's ``UniformClipSampler``: how many clips there are depends on the video.

    Source and frames of a clip as for `PyTorchVideoRandom`. Clips follow each other, `stride` seconds from
    start to start. What is left at the end is dropped, or with `backpad_last` one more clip is moved back to
    end with the video; a first clip is always given, of a shorter video with what frames there are. The
    arithmetic is in fractions; a `stride` that is a float, as there, makes that of the starts float64. A
    loader needs `samplers.FixedClips` around it.

    Parameters
    ----------
    clip_duration : float or Fraction
        Seconds a clip.
    frames : int
        What ``UniformTemporalSubsample`` is given.
    stride : float, Fraction or None
        Seconds from start to start; None for `clip_duration`.
    backpad_last : bool
        Move a last clip back rather than drop it.

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
            raise ValueError(f"stride is a number of seconds above 0, not {self.stride}")

    def __call__(self, video: SampledVideo, rng: np.random.Generator | None = None) -> Indices:
        """Give clips, int64 (any number, T); `rng` is not used."""
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
