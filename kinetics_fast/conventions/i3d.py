"""The test clips of the note on Kinetics-700-2020."""
# ruff: noqa: ARG002 (every sampler is called with a generator)

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinetics_fast.samplers.protocols import Indices, SampledVideo
from kinetics_fast.samplers.spacing import checked_count, checked_num_frames


@dataclass(frozen=True)
class I3DNoteTest:
    """Eight linearly spaced clips of 32 frames: the test of I3D in the note on Kinetics-700-2020.

    Source: "A Short Note on the Kinetics-700-2020 Human Action Dataset", arXiv 2010.10864. The note describes
    neither the rounding nor code. The rounding here is that of DMVR by the same group (google-deepmind/dmvr,
    commit 77cceda, ``processors.sample_linspace_sequence``): clip k of n starts at k * (N - T) / (n - 1) in
    float32, rounded down, and a video shorter than a clip is played again from its first frame. With a
    stride, the last clip ends stride - 1 frames before the end of the video.

    Parameters
    ----------
    frames : int
        Frames per clip.
    stride : int
        Distance from one frame to the next, in frames.
    clips : int
        Clips per video.

    Examples
    --------
    >>> kf.conventions.I3DNoteTest()(video)[:, 0]
    array([  0,  31,  62,  93, 124, 155, 186, 218])
    """

    frames: int = 32
    stride: int = 1
    clips: int = 8

    def __post_init__(self) -> None:
        for name in ("frames", "stride", "clips"):
            object.__setattr__(self, name, checked_count(name, getattr(self, name)))

    def __call__(self, video: SampledVideo, rng: np.random.Generator | None = None) -> Indices:
        """Return clips, int64 (clips, T); `rng` is not used."""
        num_frames = checked_num_frames(video)
        last = max(num_frames - self.frames * self.stride, 0)
        step = np.float32(last) / np.float32(max(self.clips - 1, 1))
        starts = (np.arange(self.clips, dtype=np.float32) * step).astype(np.int64)
        starts[1:][-1:] = last
        indices: Indices = starts[:, None] + np.arange(self.frames) * self.stride
        return indices % num_frames
