"""Checks of arguments that several rooms share.

Every message names the argument, says what it must be and shows what was given.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence
from typing import Any, SupportsIndex, TypeAlias

import numpy as np

from kinetics_fast import _core
from kinetics_fast._decode.source import OpenedSource
from kinetics_fast.errors import FrameRangeError

Box: TypeAlias = tuple[float, float, float, float]
Size: TypeAlias = int | tuple[int, int]
_MOST_STREAMS = (1 << 16) - 1


def whole_number(name: str, value: SupportsIndex, least: int) -> int:
    """Return an argument as an int of at least `least`."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an int, got {value!r}") from None
    if number < least:
        raise ValueError(f"{name} must be at least {least}, got {number}")
    return number


def checked_stream(stream: int | str | None) -> int:
    """Return the choice of a stream as the core knows it."""
    if stream is None:
        return _core.FIRST_VIDEO_STREAM
    if isinstance(stream, str):
        if stream != "best":
            raise ValueError(f"stream must be an int, 'best' or None, got {stream!r}")
        return _core.BEST_VIDEO_STREAM
    number = whole_number("stream", stream, 0)
    if number > _MOST_STREAMS:
        raise ValueError(f"stream must be at most {_MOST_STREAMS}, got {number}")
    return number


def checked_threads(threads: int | None) -> int:
    """Return the number of threads; 0 stands for the number of CPUs of this process."""
    if threads is None:
        return 0
    number = whole_number("threads", threads, 1)
    if number > _core.MAX_THREADS:
        raise ValueError(f"threads must be at most {_core.MAX_THREADS}, got {number}")
    return number


def checked_size(size: Size) -> tuple[int, int]:
    """Return an output size as (height, width)."""
    if type(size) is int and size >= 1:  # the usual case
        return size, size
    sides: list[Any] = [size, size] if np.ndim(size) == 0 else list(size)  # type: ignore[arg-type]
    try:
        numbers = tuple(operator.index(side) for side in sides)
    except TypeError:
        raise TypeError(f"size must be an int or (height, width), got {size!r}") from None
    if len(numbers) != 2 or min(numbers) < 1:
        raise ValueError(f"size must be an int or (height, width), each at least 1, got {size}")
    return numbers[0], numbers[1]


def checked_box(box: Iterable[float]) -> Box:
    """Return a box as four finite floats: x and y at least 0, width and height above 0."""
    try:
        x, y, width, height = (float(value) for value in box)
    except (TypeError, ValueError):
        raise TypeError(f"box must be four numbers (x, y, width, height), got {box!r}") from None
    finite = all(math.isfinite(value) for value in (x, y, width, height))
    if not finite or min(x, y) < 0 or min(width, height) <= 0:
        given = x, y, width, height
        rule = "(x, y, width, height) with x, y >= 0 and width, height > 0"
        raise ValueError(f"box must be {rule}, got {given}")
    return x, y, width, height


def frame_numbers(numbers: Any) -> tuple[list[int], bool]:
    """Return frame numbers as a list of ints, and whether a single number was given."""
    given = numbers.tolist() if hasattr(numbers, "tolist") else numbers
    single = hasattr(given, "__index__")
    try:
        several = [given] if single else list(given)
        if any(isinstance(number, (bool, np.bool_)) for number in several):
            raise TypeError  # a mask is not a list of frame numbers
        return [operator.index(number) for number in several], single
    except TypeError:
        raise TypeError(f"frame numbers must be an int or a sequence of ints, got {numbers!r}") from None


def check_frames(numbers: Sequence[int], count: int, source: OpenedSource) -> None:
    """Raise a FrameRangeError if one of the frame numbers is not in a video of `count` frames."""
    if min(numbers) < 0 or max(numbers) >= count:
        wrong = next(number for number in numbers if not 0 <= number < count)
        raise FrameRangeError(f"the video has frames 0 to {count - 1}", source.name, wrong, "plan")


def check_box(box: Box, width: int, height: int) -> None:
    """Raise a ValueError if a box ends outside the frame."""
    if box[0] + box[2] > width or box[1] + box[3] > height:
        raise ValueError(f"the box {box} ends outside the frame of {width}x{height}")
