"""VideoMAE's clips: fine-tuning, testing and pre-training on Kinetics."""
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
    """One clip as VideoMAE is fine-tuned on, and validated on: it draws there too.

    Source: MCG-NJU/VideoMAE, commit 14ef8d8, ``kinetics.py``, ``VideoClsDataset.loadvideo_decord``, with its
    one segment.

    The clip ends at ``rng.integers(length, N)``, for ``np.random.randint``, length = clip_len *
    frame_sample_rate, and its frames are ``linspace(end - length, end, clip_len)`` clipped to end - 1 and cut
    to whole numbers. Quirks kept: 16 frames at rate 4 lie 4.27 apart, over all of the 64; the last clip of a
    video is never drawn. A video of at most that length is not drawn from: N // rate frames of ``linspace(0,
    N)``, then the last.

    Parameters
    ----------
    clip_len, frame_sample_rate : int
        Frames a clip, and frames from one to the next, roughly; ``--num_frames`` and ``--sampling_rate`` of
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
        """Clips a video: one."""
        return 1

    @property
    def frames(self) -> int:
        """Frames a clip."""
        return self.clip_len

    def __call__(self, video: SampledVideo, rng: np.random.Generator) -> Indices:
        """Draw the clip, int64 (1, T)."""
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
    """Clips as VideoMAE is tested on: five on Kinetics, of which three crops each.

    Source: MCG-NJU/VideoMAE, commit 14ef8d8, ``kinetics.py``, ``VideoClsDataset``; five as its Kinetics
    scripts say (``--test_num_segment 5``), where the class has ten.

    Every rate-th frame of the video is read, the last of them repeated up to clip_len; clip k begins with
    number ``int(k * (read - clip_len) / (test_num_segment - 1))`` of these. There is no clip alone: it
    divides by zero.

    Parameters
    ----------
    clip_len, frame_sample_rate, test_num_segment : int
        Frames a clip, frames from one to the next, clips a video.

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
            raise ValueError("VideoMAE divides by zero here: test_num_segment is at least 2")

    @property
    def clips(self) -> int:
        """Clips a video."""
        return self.test_num_segment

    @property
    def frames(self) -> int:
        """Frames a clip."""
        return self.clip_len

    def __call__(self, video: SampledVideo, rng: np.random.Generator | None = None) -> Indices:
        """Give clips, int64 (clips, T); `rng` is not used."""
        read = -(-checked_num_frames(video) // self.frame_sample_rate)
        step = max((read - self.clip_len) / (self.test_num_segment - 1), 0.0)
        starts = (np.arange(self.test_num_segment) * step).astype(np.int64)
        numbers = np.minimum(starts[:, None] + np.arange(self.clip_len), read - 1)
        clips: Indices = numbers * self.frame_sample_rate
        return clips


@dataclass(frozen=True)
class VideoMAEPretrain(_Checked):
    """One clip as VideoMAE is pre-trained on.

    Source: MCG-NJU/VideoMAE, commit 14ef8d8, ``kinetics.py``, ``VideoMAE._sample_train_indices`` and
    ``_video_TSN_decord_batch_loader``, with its one segment and without jitter.

    The clip starts at ``rng.integers(0, N - length + 1)``, for ``np.random.randint``, length = new_length *
    new_step, so that it never starts in the last new_step - 1 places that have room. In a shorter video it
    starts at frame 0 and repeats the last frame that it reaches. Quirk kept: no step leads to the very last
    frame.

    Parameters
    ----------
    new_length, new_step : int
        Frames a clip, and frames from one to the next; ``--num_frames`` and ``--sampling_rate`` of its
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
        """Clips a video: one."""
        return 1

    @property
    def frames(self) -> int:
        """Frames a clip."""
        return self.new_length

    def __call__(self, video: SampledVideo, rng: np.random.Generator) -> Indices:
        """Draw the clip, int64 (1, T)."""
        num_frames = checked_num_frames(video)
        room = num_frames - self.new_length * self.new_step + 1
        start = int(rng.integers(0, room)) if room > 0 else 0
        last_step = max(num_frames - 2 - start, 0) // self.new_step
        steps = np.minimum(np.arange(self.new_length), last_step)
        return (start + steps * self.new_step)[None]
