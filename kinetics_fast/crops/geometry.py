"""Crops of a resized frame as boxes in source pixels, and the checks that crops share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import SupportsIndex

import numpy as np
import numpy.typing as npt

from kinetics_fast._decode.validation import whole_number
from kinetics_fast.crops.rounding import ROUNDINGS, Convention, Rounding

Boxes = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ResizedFrame:
    """A frame, and the size to which a crop assumes it to be resized."""

    width: int
    height: int
    resized_width: int
    resized_height: int

    @classmethod
    def of(cls, width: int, height: int, short_side: int | None, rounding: Rounding) -> ResizedFrame:
        """Resize the short side to `short_side`, or not if None, and the long side by the library's rule."""
        # All three libraries leave a frame of the right size as it is, whatever the formula says.
        if short_side is None or short_side == min(width, height):
            return cls(width, height, width, height)
        if width <= height:
            return cls(width, height, short_side, rounding.long_side(short_side, height, width))
        return cls(width, height, rounding.long_side(short_side, width, height), short_side)

    def free(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return the free space along x and y that a crop of (height, width) leaves in the resized frame."""
        height, width = size
        if width > self.resized_width or height > self.resized_height:
            frame = f"{self.width}x{self.height}, resized to {self.resized_width}x{self.resized_height}"
            raise ValueError(
                f"a crop of {width}x{height} does not fit into a frame of {frame}; "
                f"pass short_side={max(size)} or more, or a smaller size"
            )
        return self.resized_width - width, self.resized_height - height

    def boxes(self, offsets: Sequence[tuple[int, int]], size: tuple[int, int]) -> Boxes:
        """Return the source boxes of crops of (height, width) at offsets (x, y) in the resized frame."""
        # Both edges are whole numbers that are divided once: an edge on the border of the frame is exact.
        low = np.array(offsets, np.float64)
        extent = np.array([self.width, self.height], np.float64)
        resized = np.array([self.resized_width, self.resized_height], np.float64)
        start, end = low * extent / resized, (low + size[::-1]) * extent / resized
        return np.concatenate([start, end - start], axis=1)


def checked_short_side(short_side: SupportsIndex, size: tuple[int, int]) -> int:
    """Return the short side of the resized frame, which must not be shorter than the crop's."""
    wanted = whole_number("short_side", short_side, 1)
    if wanted < min(size):
        crop = f"{size[1]}x{size[0]}"
        raise ValueError(
            f"short_side={wanted} is too small for a crop of {crop}; pass short_side={max(size)} or more"
        )
    return wanted


def checked_convention(convention: Convention) -> Convention:
    """Return the convention, which must be a known one."""
    if convention not in ROUNDINGS:
        raise ValueError(f"convention must be one of {', '.join(ROUNDINGS)}, got {convention!r}")
    return convention
