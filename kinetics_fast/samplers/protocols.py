"""What a sampler is, and what it may know of a video."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.int64]


class SampledVideo(Protocol):
    """What samplers look at: a `Video`, a `VideoSpan`, or anything else that has these."""

    @property
    def num_frames(self) -> int:
        """Number of frames."""

    @property
    def fps(self) -> float:
        """Average frames a second."""

    @property
    def duration(self) -> float:
        """Seconds from the first frame's pts to the end of the last frame."""

    @property
    def timestamps(self) -> npt.NDArray[np.float64]:
        """Seconds at which each frame is shown first, shape (N,), ascending."""

    @property
    def width(self) -> int:
        """Pixels."""

    @property
    def height(self) -> int:
        """Pixels."""


class Sampler(Protocol):
    """Says which frames of a video its clips are made of.

    A sampler holds no state: the same video and the same state of the generator give the same frames.
    """

    @property
    def clips(self) -> int:
        """Clips a video, the same for every video."""

    @property
    def frames(self) -> int:
        """Frames a clip, T."""

    def __call__(self, video: SampledVideo, rng: np.random.Generator) -> Indices:
        """Give frame numbers, int64 (clips, T), each at least 0 and below ``video.num_frames``."""
