"""torchcodec's four samplers of clips. They draw with torch's generator, and decode all clips in one call.

Which frames they choose is defined by the samplers ``TorchCodec...`` of `kinetics_fast.conventions`. Each
returns a `FrameBatch` with one axis for the clips and one axis for the frames of a clip.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, cast

import numpy as np
import numpy.typing as npt

import kinetics_fast as kf
from kinetics_fast import conventions
from kinetics_fast.compat.torchcodec._frame import FrameBatch
from kinetics_fast.compat.torchcodec.decoders import VideoDecoder

__all__ = [
    "clips_at_random_indices",
    "clips_at_random_timestamps",
    "clips_at_regular_indices",
    "clips_at_regular_timestamps",
]

Policy = Literal["repeat_last", "wrap", "error"]


class _SampledDecoder:
    """A decoder with the names that the samplers of `kinetics_fast.conventions` use."""

    def __init__(self, decoder: VideoDecoder) -> None:
        metadata = decoder.metadata
        if metadata.average_fps is None or metadata.end_stream_seconds is None:
            raise ValueError("the metadata must have average_fps and end_stream_seconds, one of them is None")
        self.num_frames = len(decoder)
        self.fps = metadata.average_fps
        self.duration = metadata.end_stream_seconds - (metadata.begin_stream_seconds or 0.0)
        self.timestamps = decoder.begins


class _TorchGenerator:
    """torch's generator, with the methods of NumPy's generator that the samplers call."""

    def integers(self, low: int, high: int, size: int) -> npt.NDArray[np.int64]:
        import torch

        numbers: npt.NDArray[np.int64] = torch.randint(low=low, high=high, size=(size,)).numpy()
        return numbers

    def random(self, size: int) -> npt.NDArray[np.float64]:
        import torch

        numbers: npt.NDArray[np.float64] = torch.rand(size, dtype=torch.float64).numpy()
        return numbers


def _sample(decoder: VideoDecoder, make_sampler: Callable[[], Any]) -> FrameBatch:
    """Return the clips that a sampler chooses, which `make_sampler` makes from the arguments of the user."""
    try:
        sampler = make_sampler()
        clips = sampler(_SampledDecoder(decoder), cast("np.random.Generator", _TorchGenerator()))
    except kf.FrameRangeError as error:
        raise ValueError(error.what) from error
    frames = decoder.get_frames_at(clips.reshape(-1))
    return FrameBatch(
        frames.data.unflatten(0, clips.shape),
        frames.pts_seconds.reshape(clips.shape),
        frames.duration_seconds.reshape(clips.shape),
    )


def clips_at_random_indices(
    decoder: VideoDecoder,
    *,
    num_clips: int = 1,
    num_frames_per_clip: int = 1,
    num_indices_between_frames: int = 1,
    sampling_range_start: int = 0,
    sampling_range_end: int | None = None,
    policy: Policy = "repeat_last",
) -> FrameBatch:
    """Return clips that start at random frames: `kinetics_fast.conventions.TorchCodecRandomIndices`.

    Parameters
    ----------
    decoder : VideoDecoder
        The video.
    num_clips : int
        Number of clips.
    num_frames_per_clip : int
        Frames per clip.
    num_indices_between_frames : int
        Distance between frames, in frames.
    sampling_range_start, sampling_range_end : int or None
        Range of the frames at which clips may start, the end excluded.
    policy : {"repeat_last", "wrap", "error"}
        What to do with a clip that ends past the video.

    Returns
    -------
    FrameBatch
        ``data`` has the shape (clips, frames, C, H, W).
    """
    return _sample(
        decoder,
        lambda: conventions.TorchCodecRandomIndices(
            num_clips,
            num_frames_per_clip,
            num_indices_between_frames,
            sampling_range_start,
            sampling_range_end,
            policy,
        ),
    )


def clips_at_regular_indices(
    decoder: VideoDecoder,
    *,
    num_clips: int = 1,
    num_frames_per_clip: int = 1,
    num_indices_between_frames: int = 1,
    sampling_range_start: int = 0,
    sampling_range_end: int | None = None,
    policy: Policy = "repeat_last",
) -> FrameBatch:
    """Return clips at evenly spread frames: `kinetics_fast.conventions.TorchCodecRegularIndices`.

    Parameters
    ----------
    decoder : VideoDecoder
        The video.
    num_clips : int
        Number of clips.
    num_frames_per_clip : int
        Frames per clip.
    num_indices_between_frames : int
        Distance between frames, in frames.
    sampling_range_start, sampling_range_end : int or None
        Range of the frames at which clips may start, the end excluded.
    policy : {"repeat_last", "wrap", "error"}
        What to do with a clip that ends past the video.

    Returns
    -------
    FrameBatch
        ``data`` has the shape (clips, frames, C, H, W).
    """
    return _sample(
        decoder,
        lambda: conventions.TorchCodecRegularIndices(
            num_clips,
            num_frames_per_clip,
            num_indices_between_frames,
            sampling_range_start,
            sampling_range_end,
            policy,
        ),
    )


def clips_at_random_timestamps(
    decoder: VideoDecoder,
    *,
    num_clips: int = 1,
    num_frames_per_clip: int = 1,
    seconds_between_frames: float | None = None,
    sampling_range_start: float | None = None,
    sampling_range_end: float | None = None,
    policy: Policy = "repeat_last",
) -> FrameBatch:
    """Return clips that start at random times: `kinetics_fast.conventions.TorchCodecRandomTimestamps`.

    Parameters
    ----------
    decoder : VideoDecoder
        The video.
    num_clips : int
        Number of clips.
    num_frames_per_clip : int
        Frames per clip.
    seconds_between_frames : float, optional
        Seconds from one frame to the next; ``1 / fps`` by default.
    sampling_range_start, sampling_range_end : float, optional
        Range of the times at which clips may start, the end excluded.
    policy : {"repeat_last", "wrap", "error"}
        What to do with a clip that ends past the video.

    Returns
    -------
    FrameBatch
        ``data`` has the shape (clips, frames, C, H, W).
    """
    return _sample(
        decoder,
        lambda: conventions.TorchCodecRandomTimestamps(
            num_clips,
            num_frames_per_clip,
            seconds_between_frames,
            sampling_range_start,
            sampling_range_end,
            policy,
        ),
    )


def clips_at_regular_timestamps(
    decoder: VideoDecoder,
    *,
    seconds_between_clip_starts: float,
    num_frames_per_clip: int = 1,
    seconds_between_frames: float | None = None,
    sampling_range_start: float | None = None,
    sampling_range_end: float | None = None,
    policy: Policy = "repeat_last",
) -> FrameBatch:
    """Return clips at evenly spread times: `kinetics_fast.conventions.TorchCodecRegularTimestamps`.

    Parameters
    ----------
    decoder : VideoDecoder
        The video.
    seconds_between_clip_starts : float
        Seconds from the start of a clip to that of the next.
    num_frames_per_clip : int
        Frames per clip.
    seconds_between_frames : float, optional
        Seconds from one frame to the next; ``1 / fps`` by default.
    sampling_range_start, sampling_range_end : float, optional
        Range of the times at which clips may start, the end excluded.
    policy : {"repeat_last", "wrap", "error"}
        What to do with a clip that ends past the video.

    Returns
    -------
    FrameBatch
        ``data`` has the shape (clips, frames, C, H, W).
    """
    return _sample(
        decoder,
        lambda: conventions.TorchCodecRegularTimestamps(
            seconds_between_clip_starts,
            num_frames_per_clip,
            seconds_between_frames,
            sampling_range_start,
            sampling_range_end,
            policy,
        ),
    )
