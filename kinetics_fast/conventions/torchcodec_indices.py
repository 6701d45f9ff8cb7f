"""The samplers of torchcodec that work by frame number."""
# ruff: noqa: ARG002 (every sampler is called with a generator)

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinetics_fast.conventions.torchcodec_policy import (
    Policy,
    checked_policy,
    empty_range,
    steps_inside,
)
from kinetics_fast.samplers.protocols import Indices, SampledVideo
from kinetics_fast.samplers.spacing import checked_count, checked_num_frames


@dataclass(frozen=True)
class _TorchCodecIndices:
    num_clips: int = 1
    num_frames_per_clip: int = 1
    num_indices_between_frames: int = 1
    sampling_range_start: int = 0
    sampling_range_end: int | None = None
    policy: Policy = "repeat_last"

    def __post_init__(self) -> None:
        for name in ("num_clips", "num_frames_per_clip", "num_indices_between_frames"):
            object.__setattr__(self, name, checked_count(name, getattr(self, name)))
        checked_policy(self.policy)

    @property
    def clips(self) -> int:
        """Clips per video."""
        return self.num_clips

    @property
    def frames(self) -> int:
        """Frames per clip."""
        return self.num_frames_per_clip

    def _range(self, num_frames: int) -> tuple[int, int]:
        start, end = self.sampling_range_start, self.sampling_range_end
        if start < 0:
            start += num_frames
        if end is None:
            end = max(num_frames - self.num_indices_between_frames * (self.frames - 1), 1)
        elif end < 0:
            end += num_frames
        end = min(end, num_frames)
        if not 0 <= start < end:
            raise empty_range(start, end, "frames")
        return start, end

    def _clips(self, starts: Indices, num_frames: int) -> Indices:
        between = self.num_indices_between_frames
        steps = steps_inside((num_frames - 1 - starts) // between + 1, self.frames, self.policy)
        clips: Indices = starts[:, None] + steps * between
        return clips


@dataclass(frozen=True)
class TorchCodecRandomIndices(_TorchCodecIndices):
    """torchcodec's ``clips_at_random_indices``.

    Source: meta-pytorch/torchcodec, commit 78ed5ad (as in 0.17.0), ``samplers/_index_based.py``.

    Clips start at ``rng.integers(start, end, num_clips)``, for ``torch.randint(low, high, (num_clips,))``,
    with replacement and unsorted. The end of the range, which is exclusive, is by default
    ``max(N - span + 1, 1)``, so that a video shorter than a clip has a clip from frame 0. If a clip ends past
    the video, "repeat_last" repeats the last frame of the clip that is inside, 95 97 99 99 99; "wrap" repeats
    the frames of the clip that are inside, 95 97 99 95 97, and does not continue at frame 1. Where torchcodec
    raises a ValueError about a video, this sampler raises a `FrameRangeError`; also for a
    sampling_range_start before the first frame, where torchcodec counts from the end twice.

    Parameters
    ----------
    num_clips, num_frames_per_clip, num_indices_between_frames : int
        Clips per video, frames per clip, distance between frames.
    sampling_range_start, sampling_range_end : int or None
        Range of the frames at which clips may start, the end excluded; negative numbers count from the end
        of the video.
    policy : {"repeat_last", "wrap", "error"}
        What to do with a clip that ends past the video.

    Examples
    --------
    >>> late = {"sampling_range_start": -5, "sampling_range_end": -4}
    >>> sampler = kf.conventions.TorchCodecRandomIndices(1, 5, 2, **late)
    >>> sampler(video, np.random.default_rng(0))
    array([[245, 247, 249, 249, 249]])
    """

    def __call__(self, video: SampledVideo, rng: np.random.Generator) -> Indices:
        """Return drawn clips, int64 (clips, T)."""
        num_frames = checked_num_frames(video)
        return self._clips(rng.integers(*self._range(num_frames), self.clips), num_frames)


@dataclass(frozen=True)
class TorchCodecRegularIndices(_TorchCodecIndices):
    """torchcodec's ``clips_at_regular_indices``.

    The source, the range and the policy are as for `TorchCodecRandomIndices`. Clips start at
    ``torch.linspace(start, end - 1, num_clips, dtype=torch.int)``: computed in float64, the second half
    counted from the end, and truncated. A single clip starts at the start.

    Parameters
    ----------
    num_clips, num_frames_per_clip, num_indices_between_frames : int
        Clips per video, frames per clip, distance between frames.
    sampling_range_start, sampling_range_end : int or None
        Range of the frames at which clips may start, as for `TorchCodecRandomIndices`.
    policy : {"repeat_last", "wrap", "error"}
        What to do with a clip that ends past the video.

    Examples
    --------
    >>> kf.conventions.TorchCodecRegularIndices(num_clips=4, num_frames_per_clip=2)(video)
    array([[  0,   1],
           [ 82,  83],
           [165, 166],
           [248, 249]])
    """

    def __call__(self, video: SampledVideo, rng: np.random.Generator | None = None) -> Indices:
        """Return clips, int64 (clips, T); `rng` is not used."""
        num_frames = checked_num_frames(video)
        start, end = self._range(num_frames)
        count = np.arange(self.clips)
        step = (end - 1 - start) / max(self.clips - 1, 1)
        half = self.clips // 2 + (self.clips == 1)
        starts = np.where(count < half, start + step * count, end - 1 - step * count[::-1])
        return self._clips(starts.astype(np.int64), num_frames)
