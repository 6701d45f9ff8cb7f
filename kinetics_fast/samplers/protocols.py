"""The interface of a sampler, and what a sampler can see of a video."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.int64]


class SampledVideo(Protocol):
    """What a sampler can see of a video. `Video` and `VideoSpan` have these attributes."""

    @property
    def num_frames(self) -> int:
        """Number of frames."""

    @property
    def fps(self) -> float:
        """Average frames per second."""

    @property
    def duration(self) -> float:
        """Seconds from the first frame's pts to the end of the last frame."""

    @property
    def timestamps(self) -> npt.NDArray[np.float64]:
        """Seconds at which each frame is first shown, shape (N,), ascending."""

    @property
    def width(self) -> int:
        """Width in pixels."""

    @property
    def height(self) -> int:
        """Height in pixels."""


class Sampler(Protocol):
    """Chooses the frames of the clips of a video.

    A sampler has no state: for the same video and the same state of the generator it returns the same frames.
    """

    @property
    def clips(self) -> int:
        """Clips per video, the same number for every video."""

    @property
    def frames(self) -> int:
        """Frames per clip, T."""

    def __call__(self, video: SampledVideo, rng: np.random.Generator) -> Indices:
        """Return frame numbers, int64 (clips, T), each at least 0 and below ``video.num_frames``."""
