"""Samplers of clips whose frames are evenly apart: at random places of a video, or spread evenly over it."""
# ruff: noqa: ARG002 (every sampler is called with a generator)

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from kinetics_fast.samplers.protocols import Indices, SampledVideo
from kinetics_fast.samplers.spacing import Short, Spacing, checked_count, spacing


class SpacedSampler:
    """What samplers of evenly spaced frames have in common."""

    frames: int
    stride: int | None
    short: Short
    seconds: float | None
    fps: float | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "frames", checked_count("frames", self.frames))
        if self.stride is not None:
            object.__setattr__(self, "stride", checked_count("stride", self.stride))
        _ = self._spacing  # raises where the arguments make no sense

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
    """Clips at random places of a video, each place as likely as any other.

    Clips of a video are drawn independently and may overlap. `clips` of 2 or more are repeated augmentation:
    they share the video's decoding.

    Parameters
    ----------
    frames : int
        Frames a clip, T.
    stride : int
        Frames from one frame of a clip to the next. The first one is ``rng.integers(0, N - span + 1)`` with
        span = (T - 1) * stride + 1.
    clips : int
        Clips a video.
    short : {"repeat_last", "loop", "error"}
        What becomes of a video that is shorter than a clip. The clip starts at frame 0, and then: the last
        frame that is still in the video is repeated; the video is played again from its first frame; or it
        is a `FrameRangeError`.
    seconds : float
        Seconds from one frame of a clip to the next, instead of `stride`. The clip's first time is drawn
        uniformly, and each frame is the one shown at its time, whatever the frame rate and however it varies.
    fps : float
        Frames a second of the clip: ``seconds=1 / fps``.

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
    """Clips spread evenly over a video: the first at its start, the last at its end, one alone in the middle.

    Parameters
    ----------
    frames, stride, seconds, fps, short
        As for `RandomClips`. With `stride` clip k of n starts at k * (N - span) / (n - 1), rounded half up,
        and one alone at (N - span) // 2. With `seconds` or `fps` the last time of the last clip is that of
        the last frame, and a frame that begins up to half a millisecond after a time counts as shown then:
        Matroska rounds so.
    clips : int
        Clips a video.

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
        """Give clips, int64 (clips, T); `rng` is not used."""
        return self._spacing.even(video, self.clips)
