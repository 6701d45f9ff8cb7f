"""A fixed number of clips from samplers whose number of clips depends on the video."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinetics_fast.samplers.protocols import Indices, SampledVideo, Sampler
from kinetics_fast.samplers.spacing import checked_count, evenly


class VaryingClips:
    """A sampler that gives a longer video more clips. Batches have one shape, so a loader cannot take it."""

    @property
    def clips(self) -> int:
        """There is no such number.

        Raises
        ------
        ValueError
            Always, with what to do.
        """
        raise ValueError(
            f"how many clips {self} gives depends on the video; "
            "for a fixed number pass kinetics_fast.samplers.FixedClips(sampler, clips)"
        )


@dataclass(frozen=True)
class FixedClips:
    """A fixed number of the clips that a sampler gives, so that every video has as many.

    Clips are picked evenly, the first and the last included and one alone from the middle; where the sampler
    gives fewer, some come more than once.

    Parameters
    ----------
    sampler : Sampler
        One whose number of clips depends on the video, such as `DenseClips`.
    clips : int
        Clips a video.

    Examples
    --------
    >>> FixedClips(kf.DenseClips(8, stride=4), clips=4)(video, np.random.default_rng(0))[:, 0]
    array([  0,  64, 160, 221])
    """

    sampler: Sampler
    clips: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "clips", checked_count("clips", self.clips))

    @property
    def frames(self) -> int:
        """Frames a clip."""
        return self.sampler.frames

    def __call__(self, video: SampledVideo, rng: np.random.Generator) -> Indices:
        """Pick clips, int64 (clips, T)."""
        indices = self.sampler(video, rng)
        return indices[evenly(len(indices) - 1, self.clips)]
