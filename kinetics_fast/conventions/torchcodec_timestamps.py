"""The samplers of torchcodec that work by time."""
# ruff: noqa: ARG002 (every sampler is called with a generator)

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kinetics_fast.conventions.torchcodec_policy import (
    Policy,
    checked_policy,
    empty_range,
    steps_inside,
)
from kinetics_fast.samplers.fixed import VaryingClips
from kinetics_fast.samplers.protocols import Indices, SampledVideo
from kinetics_fast.samplers.spacing import checked_count, checked_num_frames


class _TorchCodecTimestamps:
    num_frames_per_clip: int
    seconds_between_frames: float | None
    sampling_range_start: float | None
    sampling_range_end: float | None
    policy: Policy

    def __post_init__(self) -> None:
        count = checked_count("num_frames_per_clip", self.num_frames_per_clip)
        object.__setattr__(self, "num_frames_per_clip", count)
        if self.seconds_between_frames is not None:
            checked_seconds("seconds_between_frames", self.seconds_between_frames)
        checked_policy(self.policy)

    @property
    def frames(self) -> int:
        """Frames per clip."""
        return self.num_frames_per_clip

    def _range(self, video: SampledVideo) -> tuple[float, float, float, float]:
        checked_num_frames(video)
        begin = float(video.timestamps[0])
        last = begin + video.duration
        apart = 1 / video.fps if self.seconds_between_frames is None else self.seconds_between_frames
        start = begin if self.sampling_range_start is None else self.sampling_range_start
        end = self.sampling_range_end
        if end is None:
            end = last - (self.frames - 1) * apart
        if not begin <= start < min(end, last):
            raise empty_range(start, min(end, last), "s")
        return start, min(end, last), apart, last

    def _clips(
        self, video: SampledVideo, starts: npt.NDArray[np.float64], apart: float, last: float
    ) -> Indices:
        times = starts[:, None] + np.arange(self.frames) * apart
        inside = (times < last).sum(axis=1)
        if inside.min() < self.frames:
            times = np.take_along_axis(times, steps_inside(inside, self.frames, self.policy), axis=1)
        return video.timestamps.searchsorted(times, "right") - 1


@dataclass(frozen=True)
class TorchCodecRandomTimestamps(_TorchCodecTimestamps):
    """torchcodec's ``clips_at_random_timestamps``.

    Source: meta-pytorch/torchcodec, commit 78ed5ad (as in 0.17.0), ``samplers/_time_based.py``.

    Clips start at ``rng.random(num_clips) * (end - start) + start``, for ``torch.rand``. Each frame is the
    one that is shown at its time, timestamps[i] <= t < timestamps[i + 1]. The default end of the range is
    (num_frames_per_clip - 1) * seconds_between_frames before the end of the video. Quirk that is kept: a
    video that is too short for this end is an error with every policy, unlike with frame numbers; here a
    `FrameRangeError`.

    Parameters
    ----------
    num_clips, num_frames_per_clip : int
        Clips per video, frames per clip.
    seconds_between_frames : float or None
        Seconds from one frame to the next; None means ``1 / fps``.
    sampling_range_start, sampling_range_end : float or None
        Range of the times at which clips may start, the end excluded, in seconds on the scale of
        ``timestamps``.
    policy : {"repeat_last", "wrap", "error"}
        What to do with a clip that ends past the video.

    Examples
    --------
    >>> sampler = kf.conventions.TorchCodecRandomTimestamps(num_frames_per_clip=4, seconds_between_frames=0.5)
    >>> sampler(video, np.random.default_rng(0))
    array([[135, 147, 160, 172]])
    """

    num_clips: int = 1
    num_frames_per_clip: int = 1
    seconds_between_frames: float | None = None
    sampling_range_start: float | None = None
    sampling_range_end: float | None = None
    policy: Policy = "repeat_last"

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "num_clips", checked_count("num_clips", self.num_clips))

    @property
    def clips(self) -> int:
        """Clips per video."""
        return self.num_clips

    def __call__(self, video: SampledVideo, rng: np.random.Generator) -> Indices:
        """Return drawn clips, int64 (clips, T)."""
        start, end, apart, last = self._range(video)
        return self._clips(video, rng.random(self.num_clips) * (end - start) + start, apart, last)


@dataclass(frozen=True)
class TorchCodecRegularTimestamps(VaryingClips, _TorchCodecTimestamps):
    """torchcodec's ``clips_at_regular_timestamps``: the number of clips depends on the video.

    The source, the range, the policy and the quirk are as for `TorchCodecRandomTimestamps`. Clips start at
    ``torch.arange(start, end, seconds_between_clip_starts)`` in float64; starts at or past the end are
    dropped. (On some CPUs torch's numbers differ by a unit in the last place from start + k * step, which is
    computed here; this matters if a clip starts exactly on a frame.) A loader needs `samplers.FixedClips`
    around this sampler.

    Parameters
    ----------
    seconds_between_clip_starts : float
        Seconds from the start of a clip to that of the next.
    num_frames_per_clip : int
        Frames per clip.
    seconds_between_frames : float or None
        Seconds from one frame to the next; None means ``1 / fps``.
    sampling_range_start, sampling_range_end : float or None
        Range of the times at which clips may start, as for `TorchCodecRandomTimestamps`.
    policy : {"repeat_last", "wrap", "error"}
        What to do with a clip that ends past the video.

    Examples
    --------
    >>> kf.conventions.TorchCodecRegularTimestamps(3.0, num_frames_per_clip=3)(video)
    array([[  0,   1,   2],
           [ 75,  76,  77],
           [150, 151, 152],
           [225, 226, 227]])
    """

    seconds_between_clip_starts: float
    num_frames_per_clip: int = 1
    seconds_between_frames: float | None = None
    sampling_range_start: float | None = None
    sampling_range_end: float | None = None
    policy: Policy = "repeat_last"

    def __post_init__(self) -> None:
        super().__post_init__()
        checked_seconds("seconds_between_clip_starts", self.seconds_between_clip_starts)

    def __call__(self, video: SampledVideo, rng: np.random.Generator | None = None) -> Indices:
        """Return clips, int64 (any number, T); `rng` is not used."""
        start, end, apart, last = self._range(video)
        count = math.ceil((end - start) / self.seconds_between_clip_starts)
        starts = start + np.arange(count, dtype=np.float64) * self.seconds_between_clip_starts
        return self._clips(video, starts[starts < end], apart, last)


def checked_seconds(name: str, seconds: float) -> None:
    """Check a distance in time."""
    if not 0 < seconds < math.inf:
        raise ValueError(f"{name} must be a finite number above 0, got {seconds}")
