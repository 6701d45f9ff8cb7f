"""A fixed number of clips from a sampler whose number of clips depends on the video."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinetics_fast.samplers.protocols import Indices, SampledVideo, Sampler
from kinetics_fast.samplers.spacing import checked_count, evenly


class VaryingClips:
    """A sampler that returns more clips for a longer video. A loader cannot use it without `FixedClips`."""

    @property
    def clips(self) -> int:
        """Not defined: the number of clips depends on the video.

        Raises
        ------
        ValueError
            Always.
        """
        raise ValueError(
            f"the number of clips of {self} depends on the video; "
            "for a fixed number pass kinetics_fast.samplers.FixedClips(sampler, clips)"
        )


@dataclass(frozen=True)
class FixedClips:
    """The same number of clips for every video, from a sampler with a varying number of clips.

    The clips are picked evenly and include the first and the last one; a single clip is the middle one. If
    the sampler returns fewer clips, some are repeated.

    Parameters
    ----------
    sampler : Sampler
        A sampler whose number of clips depends on the video, such as `DenseClips`.
    clips : int
        Clips per video.

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
        """Frames per clip."""
        return self.sampler.frames

    def __call__(self, video: SampledVideo, rng: np.random.Generator) -> Indices:
        """Return the picked clips, int64 (clips, T)."""
        indices = self.sampler(video, rng)
        return indices[evenly(len(indices) - 1, self.clips)]
