"""Whether frames and boxes that are asked for lie within their video."""

from __future__ import annotations

from collections.abc import Sequence

from kinetics_fast import _core
from kinetics_fast.errors import FrameRangeError

Box = tuple[float, float, float, float]


def check_frames(numbers: Sequence[int], index: _core.FrameIndex, path: str) -> None:
    """Raise a FrameRangeError where a frame number is not in the index."""
    count = len(index)
    if min(numbers) < 0 or max(numbers) >= count:
        wrong = next(number for number in numbers if not 0 <= number < count)
        raise FrameRangeError(f"the video has frames 0 to {count - 1}", path, wrong, "plan")


def check_box(box: Box, width: int, height: int, whose: str) -> None:
    """Raise a ValueError where a box (x, y, width, height) ends outside the frame."""
    if box[0] + box[2] > width or box[1] + box[3] > height:
        raise ValueError(f"{whose}the box {box} ends outside the frame of {width}x{height}")
