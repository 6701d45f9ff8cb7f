"""Samplers of evenly spaced frames: clips at random positions of a video, or spread evenly over it."""
# ruff: noqa: ARG002 (every sampler is called with a generator)

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from kinetics_fast.samplers.protocols import Indices, SampledVideo
from kinetics_fast.samplers.spacing import Short, Spacing, checked_count, spacing


class SpacedSampler:
    """The common part of all samplers of evenly spaced frames."""

    frames: int
    stride: int | None
    short: Short
    seconds: float | None
    fps: float | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "frames", checked_count("frames", self.frames))
        if self.stride is not None:
            object.__setattr__(self, "stride", checked_count("stride", self.stride))
        _ = self._spacing  # raises an error if the arguments are not valid

    @property
    def _spacing(self) -> Spacing:
        return spacing(self.frames, self.stride, self.seconds, self.fps, self.short)


@dataclass(frozen=True)
class SpacedClips(SpacedSampler):
    """A fixed number of clips of evenly spaced frames."""

    frames: int
    stride: int | None = None
    clips: int = 1
    short: Short = "repeat_last"
    seconds: float | None = field(default=None, kw_only=True)
    fps: float | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "clips", checked_count("clips", self.clips))


@dataclass(frozen=True)
class RandomClips(SpacedClips):
    """Clips at random positions of a video. All positions are equally likely.

    The clips of a video are drawn independently and may overlap. With `clips` of 2 or more (repeated
    augmentation) the clips share the decoding of the video.

    Parameters
    ----------
    frames : int
        Frames per clip, T.
    stride : int
        Distance from one frame of a clip to the next, in frames. The first frame is
        ``rng.integers(0, N - span + 1)`` with span = (T - 1) * stride + 1.
    clips : int
        Clips per video.
    short : {"repeat_last", "loop", "error"}
        What to do with a video that is shorter than a clip, which then starts at frame 0. ``repeat_last``
        repeats the last frame of the clip that is in the video. ``loop`` plays the video again from its
        first frame. ``error`` raises a `FrameRangeError`.
    seconds : float
        Distance from one frame of a clip to the next in seconds, instead of `stride`. The first time is
        drawn uniformly, and each frame is the one that is shown at its time. The frame rate may vary.
    fps : float
        Frames per second of the clip; the same as ``seconds=1 / fps``.

    Raises
    ------
    FrameRangeError
        The video has no frames; or it is too short, and `short` is "error".

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> kf.RandomClips(4, stride=8)(video, rng)
    array([[192, 200, 208, 216]])
    >>> kf.RandomClips(4, fps=12.5, clips=2)(video, rng)
    array([[65, 67, 69, 71],
           [ 9, 11, 13, 15]])
    """

    def __call__(self, video: SampledVideo, rng: np.random.Generator) -> Indices:
        """Draw clips, int64 (clips, T)."""
        return self._spacing.random(video, rng, self.clips)


@dataclass(frozen=True)
class UniformClips(SpacedClips):
    """Clips spread evenly over a video, the first at its start and the last at its end.

    A single clip is in the middle. With `stride`, clip k of n starts at k * (N - span) / (n - 1), rounded
    half up, and a single clip at (N - span) // 2. With `seconds` or `fps`, the last time of the last clip is
    that of the last frame. A frame that begins up to half a millisecond after a time counts as shown at that
    time, because Matroska rounds timestamps to milliseconds.

    Parameters
    ----------
    frames : int
        Frames per clip, T.
    stride : int, optional
        Distance of the frames, in frames. Pass one of `stride`, `seconds` and `fps`.
    clips : int
        Clips per video.
    short : {"repeat_last", "loop", "error"}
        What to do with a video that is shorter than a clip, as for `RandomClips`.
    seconds : float, optional
        Seconds from one frame to the next.
    fps : float, optional
        Frames per second of the clip.

    Raises
    ------
    FrameRangeError
        The video has no frames; or it is too short, and `short` is "error".

    Examples
    --------
    >>> kf.UniformClips(4, stride=8, clips=3)(video)
    array([[  0,   8,  16,  24],
           [113, 121, 129, 137],
           [225, 233, 241, 249]])
    """

    def __call__(self, video: SampledVideo, rng: np.random.Generator | None = None) -> Indices:
        """Return clips, int64 (clips, T); `rng` is not used."""
        return self._spacing.even(video, self.clips)
