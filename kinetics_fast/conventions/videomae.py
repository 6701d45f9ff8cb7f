"""The clips of VideoMAE: fine-tuning, testing and pre-training on Kinetics."""
# ruff: noqa: ARG002 (every sampler is called with a generator)

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinetics_fast.samplers.protocols import Indices, SampledVideo
from kinetics_fast.samplers.spacing import checked_count, checked_num_frames


class _Checked:
    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:  # type: ignore[attr-defined]
            object.__setattr__(self, name, checked_count(name, getattr(self, name)))


@dataclass(frozen=True)
class VideoMAETrain(_Checked):
    """One clip, as in the fine-tuning of VideoMAE, and in its validation, which also draws.

    Source: MCG-NJU/VideoMAE, commit 14ef8d8, ``kinetics.py``, ``VideoClsDataset.loadvideo_decord`` with one
    segment.

    With length = clip_len * frame_sample_rate, the clip ends at ``rng.integers(length, N)``, for
    ``np.random.randint``, and its frames are ``linspace(end - length, end, clip_len)``, clipped to end - 1
    and truncated. Quirks that are kept: 16 frames at rate 4 are 4.27 frames apart, over the whole length of
    64; the last clip of a video is never drawn. If the video is not longer than a clip, nothing is drawn: the
    clip has N // rate frames of ``linspace(0, N)``, then repeats the last frame.

    Parameters
    ----------
    clip_len, frame_sample_rate : int
        Frames per clip, and approximate distance between frames; ``--num_frames`` and ``--sampling_rate`` of
        its command.

    Examples
    --------
    >>> kf.conventions.VideoMAETrain(8, 4)(video, np.random.default_rng(0))
    array([[185, 189, 194, 198, 203, 207, 212, 216]])
    """

    clip_len: int = 16
    frame_sample_rate: int = 4

    @property
    def clips(self) -> int:
        """Clips per video: 1."""
        return 1

    @property
    def frames(self) -> int:
        """Frames per clip."""
        return self.clip_len

    def __call__(self, video: SampledVideo, rng: np.random.Generator) -> Indices:
        """Return the drawn clip, int64 (1, T)."""
        num_frames, length = checked_num_frames(video), self.clip_len * self.frame_sample_rate
        if num_frames > length:
            end = int(rng.integers(length, num_frames))
            positions = np.linspace(end - length, end, self.clip_len)
        else:
            end, positions = num_frames, np.full(self.clip_len, float(num_frames))
            there = num_frames // self.frame_sample_rate
            positions[:there] = np.linspace(0, num_frames, there)
        return np.minimum(positions, end - 1).astype(np.int64)[None]


@dataclass(frozen=True)
class VideoMAETest(_Checked):
    """Clips, as in the test of VideoMAE: five per video on Kinetics, with three crops each.

    Source: MCG-NJU/VideoMAE, commit 14ef8d8, ``kinetics.py``, ``VideoClsDataset``. Five clips are those of
    its Kinetics scripts (``--test_num_segment 5``); the default of the class is ten.

    Every rate-th frame of the video is read, and the last of these frames is repeated up to clip_len. Clip k
    begins with frame ``int(k * (read - clip_len) / (test_num_segment - 1))`` of them. A single clip is not
    possible, because VideoMAE divides by zero.

    Parameters
    ----------
    clip_len, frame_sample_rate, test_num_segment : int
        Frames per clip, distance between frames, clips per video.

    Examples
    --------
    >>> kf.conventions.VideoMAETest()(video)[:, 0]
    array([  0,  44,  92, 140, 188])
    """

    clip_len: int = 16
    frame_sample_rate: int = 4
    test_num_segment: int = 5

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.test_num_segment == 1:
            raise ValueError("test_num_segment must be at least 2: VideoMAE divides by zero")

    @property
    def clips(self) -> int:
        """Clips per video."""
        return self.test_num_segment

    @property
    def frames(self) -> int:
        """Frames per clip."""
        return self.clip_len

    def __call__(self, video: SampledVideo, rng: np.random.Generator | None = None) -> Indices:
        """Return clips, int64 (clips, T); `rng` is not used."""
        read = -(-checked_num_frames(video) // self.frame_sample_rate)
        step = max((read - self.clip_len) / (self.test_num_segment - 1), 0.0)
        starts = (np.arange(self.test_num_segment) * step).astype(np.int64)
        numbers = np.minimum(starts[:, None] + np.arange(self.clip_len), read - 1)
        clips: Indices = numbers * self.frame_sample_rate
        return clips


@dataclass(frozen=True)
class VideoMAEPretrain(_Checked):
    """One clip, as in the pre-training of VideoMAE.

    Source: MCG-NJU/VideoMAE, commit 14ef8d8, ``kinetics.py``, ``VideoMAE._sample_train_indices`` and
    ``_video_TSN_decord_batch_loader`` with one segment and without jitter.

    With length = new_length * new_step, the clip starts at ``rng.integers(0, N - length + 1)``, for
    ``np.random.randint``, so that it never starts at the last new_step - 1 possible positions. In a shorter
    video it starts at frame 0 and repeats the last frame that it reaches. Quirk that is kept: no step leads
    to the last frame of the video.

    Parameters
    ----------
    new_length, new_step : int
        Frames per clip, and distance between frames; ``--num_frames`` and ``--sampling_rate`` of its
        command.

    Examples
    --------
    >>> kf.conventions.VideoMAEPretrain(4, 4)(video, np.random.default_rng(0))
    array([[199, 203, 207, 211]])
    """

    new_length: int = 16
    new_step: int = 4

    @property
    def clips(self) -> int:
        """Clips per video: 1."""
        return 1

    @property
    def frames(self) -> int:
        """Frames per clip."""
        return self.new_length

    def __call__(self, video: SampledVideo, rng: np.random.Generator) -> Indices:
        """Return the drawn clip, int64 (1, T)."""
        num_frames = checked_num_frames(video)
        room = num_frames - self.new_length * self.new_step + 1
        start = int(rng.integers(0, room)) if room > 0 else 0
        last_step = max(num_frames - 2 - start, 0) // self.new_step
        steps = np.minimum(np.arange(self.new_length), last_step)
        return (start + steps * self.new_step)[None]
