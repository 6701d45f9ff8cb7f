"""Which frames and which parts of them are taken of a video: sampler, crop and flip, checked."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from kinetics_fast._decode.validation import Box, check_box, check_frames, checked_box
from kinetics_fast._decode.video import Video
from kinetics_fast.datasets import Record
from kinetics_fast.loader.options import Options
from kinetics_fast.samplers import VideoSpan

WantedRow = tuple[list[int], "Box | None", bool]


class Drawn(NamedTuple):
    """The clips of a video: frame numbers int64 (clips, T), and (numbers, box, flip) of each of its rows."""

    indices: npt.NDArray[np.int64]
    rows: list[WantedRow]


def draw(options: Options, record: Record, video: Video, rng: np.random.Generator) -> Drawn:
    """Draw the clips, then each clip's boxes, then which clips are mirrored.

    Raises
    ------
    FrameRangeError
        The video is too short for the sampler, or nothing of it lies within the record's bounds.
    ValueError
        The video is too small for the crop.
    """
    indices = _frame_numbers(options, record, video, rng)
    numbers = indices.tolist()
    for clip in numbers:
        check_frames(clip, len(video), video._source.name)
    boxes = [_boxes(options, video, rng) for _ in numbers]
    flips = _flips(options.flip, len(numbers), rng)
    rows = [
        (clip, box, flip)
        for clip, clip_boxes, flip in zip(numbers, boxes, flips, strict=True)
        for box in clip_boxes
    ]
    return Drawn(indices, rows)


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
        raise TypeError(f"{sampler!r} gave {given}; a sampler gives int64 (clips, frames), here {wanted}")
    numbers: npt.NDArray[np.int64] = indices
    return numbers


def _boxes(options: Options, video: Video, rng: np.random.Generator) -> list[Box] | list[None]:
    crop = options.crop
    if crop is None:
        return [None]
    width, height = video.width, video.height
    drawn = np.asarray(crop(width, height, rng))
    if drawn.shape != (crop.views, 4) or drawn.dtype.kind not in "iuf":
        given = f"{drawn.dtype} {drawn.shape}"
        raise TypeError(
            f"{crop!r} gave {given}; a crop gives float64 (views, 4), and its views are {crop.views}"
        )
    boxes = [checked_box(box) for box in drawn.tolist()]
    for box in boxes:
        check_box(box, width, height, f"{crop!r}")
    return boxes


def _flips(probability: float, clips: int, rng: np.random.Generator) -> list[bool]:
    if not probability:
        return [False] * clips
    flips: list[bool] = (rng.random(clips) < probability).tolist()
    return flips
