"""Whether what is asked for are frames and boxes, and lie within their video."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from kinetics_fast import _core
from kinetics_fast.errors import FrameRangeError

Box = tuple[float, float, float, float]


def integers(numbers: Any) -> tuple[list[int], bool]:
    """Give frame numbers as Python's integers, and whether it was one alone."""
    given = numbers.tolist() if hasattr(numbers, "tolist") else numbers
    single = hasattr(given, "__index__")
    try:
        several = [given] if single else list(given)
        if any(isinstance(number, (bool, np.bool_)) for number in several):
            raise TypeError  # a mask is no list of numbers
        return [operator.index(number) for number in several], single
    except TypeError:
        raise TypeError(f"frame numbers are an integer or several, not {numbers!r}") from None


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
