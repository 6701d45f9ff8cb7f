"""Consecutive clips that cover a whole video."""
# ruff: noqa: ARG002 (every sampler is called with a generator)

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from kinetics_fast.samplers.clips import SpacedSampler
from kinetics_fast.samplers.fixed import VaryingClips
from kinetics_fast.samplers.protocols import Indices, SampledVideo
from kinetics_fast.samplers.spacing import Short


@dataclass(frozen=True)
class DenseClips(VaryingClips, SpacedSampler):
    """Consecutive clips from the first frame to the last.

    Each clip begins T * stride frames after the previous one. If frames are left at the end, one more clip is
    added, which is moved back so that it ends with the video. The number of clips depends on the video; a
    loader needs a fixed number, as from ``FixedClips(kf.DenseClips(16, 4), clips=10)``. The dense sampling of
    mmaction2 is `conventions.MMAction2DenseSampleFrames`. PyTorchVideo's ``UniformClipSampler``, which drops
    the frames that are left, is `conventions.PyTorchVideoUniform`.

    Parameters
    ----------
    frames : int
        Frames per clip, T.
    stride : int, optional
        Distance of the frames, in frames. Pass one of `stride`, `seconds` and `fps`.
    short : {"repeat_last", "loop", "error"}
        What to do with a video that is shorter than a clip, as for `RandomClips`. Such a video has one
        clip.
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
    >>> kf.DenseClips(4, stride=20)(video)
    array([[  0,  20,  40,  60],
           [ 80, 100, 120, 140],
           [160, 180, 200, 220],
           [189, 209, 229, 249]])
    """

    frames: int
    stride: int | None = None
    short: Short = "repeat_last"
    seconds: float | None = field(default=None, kw_only=True)
    fps: float | None = field(default=None, kw_only=True)

    def __call__(self, video: SampledVideo, rng: np.random.Generator | None = None) -> Indices:
        """Return clips, int64 (any number, T); `rng` is not used."""
        return self._spacing.dense(video)
