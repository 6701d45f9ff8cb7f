"""One frame of each of T equal segments of a video."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from kinetics_fast.samplers.protocols import Indices, SampledVideo
from kinetics_fast.samplers.spacing import checked_count, checked_num_frames


@dataclass(frozen=True)
class SegmentFrames:
    """One clip that spans the video: one frame of each of T equal segments, as in temporal segment networks.

    Frame i is ``floor((i + u) * N / T)``. Without `jitter`, u = 1/2, the middle of the segment; with
    `jitter`, the T values of u are ``rng.random(T)``. If the video has fewer than T frames, some are
    repeated.

    Parameters
    ----------
    frames : int
        Frames per clip, T.
    jitter : bool
        Use a random frame of each segment, for training, instead of the middle one.

    Raises
    ------
    FrameRangeError
        The video has no frames.

    Examples
    --------
    >>> kf.SegmentFrames(8)(video)
    array([[ 15,  46,  78, 109, 140, 171, 203, 234]])
    >>> kf.SegmentFrames(8, jitter=True)(video, np.random.default_rng(0))
    array([[ 19,  39,  63,  94, 150, 184, 206, 241]])
    """

    frames: int
    jitter: bool = False
    _positions: npt.NDArray[np.float64] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "frames", checked_count("frames", self.frames))
        object.__setattr__(self, "_positions", np.arange(self.frames) + (0.0 if self.jitter else 0.5))

    @property
    def clips(self) -> int:
        """Clips per video: 1."""
        return 1

    def __call__(self, video: SampledVideo, rng: np.random.Generator | None = None) -> Indices:
        """Return the clip, int64 (1, T); `rng` is only used with `jitter`."""
        num_frames, positions = checked_num_frames(video), self._positions
        if self.jitter:
            if rng is None:
                raise TypeError("jitter=True draws random numbers: pass a generator")
            positions = positions + rng.random(self.frames)
        frames = (positions * num_frames / self.frames).astype(np.int64)
        return np.minimum(frames, num_frames - 1)[None]  # rounding can give T segments and more
