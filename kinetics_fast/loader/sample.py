"""Which frames of a video, and which parts of them, a batch takes: sampler, crop and flip, checked."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from kinetics_fast._decode.validation import Box, checked_box
from kinetics_fast._decode.video import Video
from kinetics_fast.datasets import Record
from kinetics_fast.loader.options import Options
from kinetics_fast.samplers import VideoSpan

WantedRow = tuple[list[int], Box | None, bool]  # frame numbers, box, flip


class Sample(NamedTuple):
    """The clips of a video.

    Attributes
    ----------
    indices : ndarray of int64
        (clips, T) frame numbers.
    rows : list of (frame numbers, box, flip)
        One for each clip and crop.
    """

    indices: npt.NDArray[np.int64]
    rows: list[WantedRow]


def sample(options: Options, record: Record, video: Video, rng: np.random.Generator) -> Sample:
    """Draw the clips, then the boxes of each clip, then which clips are mirrored.

    Raises
    ------
    FrameRangeError
        The video is too short for the sampler, or none of its frames lie within the record's bounds.
    ValueError
        The video is too small for the crop.
    """
    indices = _frame_numbers(options, record, video, rng)
    clips = indices.tolist()
    boxes = [_boxes(options, video, rng) for _ in clips]
    flips = _flips(options.flip, len(clips), rng)
    rows = [
        (frames, box, flip)
        for frames, clip_boxes, flip in zip(clips, boxes, flips, strict=True)
        for box in clip_boxes
    ]
    return Sample(indices, rows)


def _frame_numbers(
    options: Options, record: Record, video: Video, rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    sampler = options.sampler
    indices: Any
    if record.start is None and record.end is None:
        indices = sampler(video, rng)
    else:
        span = VideoSpan(video, record.start, record.end)
        indices = sampler(span, rng) + span.first_frame
    wanted = sampler.clips, sampler.frames
    if not isinstance(indices, np.ndarray) or indices.shape != wanted or indices.dtype != np.int64:
        given = f"{indices.dtype} {indices.shape}" if isinstance(indices, np.ndarray) else repr(indices)
        raise TypeError(f"the sampler {sampler!r} must return int64 of shape {wanted}, got {given}")
    numbers: npt.NDArray[np.int64] = indices
    return numbers


def _boxes(options: Options, video: Video, rng: np.random.Generator) -> list[Box] | list[None]:
    crop = options.crop
    if crop is None:
        return [None]
    boxes = np.asarray(crop(video.width, video.height, rng))
    if boxes.shape != (crop.views, 4) or boxes.dtype.kind not in "iuf":
        given = f"{boxes.dtype} {boxes.shape}"
        raise TypeError(f"the crop {crop!r} must return float64 of shape ({crop.views}, 4), got {given}")
    return [checked_box(box) for box in boxes.tolist()]


def _flips(probability: float, clips: int, rng: np.random.Generator) -> list[bool]:
    if not probability:
        return [False] * clips
    flips: list[bool] = (rng.random(clips) < probability).tolist()
    return flips
