"""mmaction2's UniformSampleFrames."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from kinetics_fast.samplers.protocols import Indices, SampledVideo
from kinetics_fast.samplers.spacing import checked_count, checked_num_frames


@dataclass(frozen=True)
class MMAction2UniformSampleFrames:
    """mmaction2's ``UniformSampleFrames``: a random frame of each of T segments, in testing by a fixed seed.

    Source: open-mmlab/mmaction2 1.2.0, commit 4d6c934, ``datasets/transforms/pose_transforms.py``.

    If the video has at least 2 * clip_len frames, segment i begins at i * N // clip_len. If it has at least
    clip_len frames, N - clip_len of clip_len + 1 gaps are drawn, each of which leaves out a frame, and the
    other clip_len frames are used in order. If it has fewer, the frames follow one another from a random
    start and loop; in testing, clip k starts at frame k * N // num_clips, or at k if N < num_clips.

    Draws instead of ``np.random``: ``rng.integers(0, sizes)`` for ``randint(sizes)``,
    ``rng.choice(clip_len + 1, N - clip_len, replace=False)``, ``rng.integers(0, N)``. In test mode the frames
    are the same for all videos of the same length: the generator is ``np.random.RandomState(seed)``, which
    gives the numbers of NumPy's seeded global generator, and the generator that is passed is not used.

    Parameters
    ----------
    clip_len, num_clips : int
        Frames per clip, clips per video.
    test_mode : bool
        Draw from `seed` alone.
    seed : int
        Seed in test mode.

    Examples
    --------
    >>> kf.conventions.MMAction2UniformSampleFrames(8, test_mode=True)(video)
    array([[ 19,  40,  87,  99, 130, 171, 211, 239]])
    """

    clip_len: int
    num_clips: int = 1
    test_mode: bool = False
    seed: int = 255

    def __post_init__(self) -> None:
        for name in ("clip_len", "num_clips"):
            object.__setattr__(self, name, checked_count(name, getattr(self, name)))

    @property
    def frames(self) -> int:
        """Frames per clip."""
        return self.clip_len

    @property
    def clips(self) -> int:
        """Clips per video."""
        return self.num_clips

    def __call__(self, video: SampledVideo, rng: np.random.Generator | None = None) -> Indices:
        """Return clips, int64 (clips, T); `rng` is used in training only."""
        num_frames = checked_num_frames(video)
        if self.test_mode:
            return np.array(_test_clips(self, num_frames))
        if rng is None:
            raise TypeError("random numbers are drawn: pass a generator")
        clips = [self._clip(num_frames, None, rng.integers, rng.choice) for _ in range(self.num_clips)]
        indices: Indices = np.stack(clips) % num_frames
        return indices

    def _clip(self, num_frames: int, test_clip: int | None, integers: Any, choice: Any) -> Indices:
        length = self.clip_len
        if num_frames < length:
            if test_clip is None:
                start = int(integers(0, num_frames))
            else:
                start = test_clip if num_frames < self.num_clips else test_clip * num_frames // self.num_clips
            return np.arange(start, start + length)
        if num_frames < 2 * length:
            gaps = np.zeros(length + 1, np.int64)
            gaps[choice(length + 1, num_frames - length, replace=False)] = 1
            return np.arange(length) + np.cumsum(gaps)[:-1]
        bounds = np.arange(length + 1) * num_frames // length
        clip: Indices = bounds[:-1] + integers(0, bounds[1:] - bounds[:-1])
        return clip


@lru_cache(maxsize=1024)
def _test_clips(sampler: MMAction2UniformSampleFrames, num_frames: int) -> Indices:
    legacy = np.random.RandomState(sampler.seed)
    clips = [sampler._clip(num_frames, k, legacy.randint, legacy.choice) for k in range(sampler.num_clips)]
    indices: Indices = np.stack(clips) % num_frames
    return indices
