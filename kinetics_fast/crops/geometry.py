"""Crops of a resized frame as boxes in source pixels, and the checks that recipes share."""

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
    """A frame and the size that it is thought to be resized to before it is cropped."""

    width: int
    height: int
    resized_width: int
    resized_height: int

    @classmethod
    def of(cls, width: int, height: int, short_side: int | None, rounding: Rounding) -> ResizedFrame:
        """Resize the short side to `short_side` (None: not at all), the long one by the library's rule."""
        # A frame that has the size stays as it is in all three libraries, whatever the formula would give.
        if short_side is None or short_side == min(width, height):
            return cls(width, height, width, height)
        if width <= height:
            return cls(width, height, short_side, rounding.long_side(short_side, height, width))
        return cls(width, height, rounding.long_side(short_side, width, height), short_side)

    def free(self, size: tuple[int, int]) -> tuple[int, int]:
        """Give what a crop of (height, width) leaves free of the resized frame along x and y."""
        height, width = size
        if width > self.resized_width or height > self.resized_height:
            resized = f"{self.resized_width}x{self.resized_height}"
            raise ValueError(
                f"a crop of {width}x{height} does not fit into a frame of {self.width}x{self.height}, at the "
                f"size of {resized}; pass short_side={max(size)} or more, or a smaller size"
            )
        return self.resized_width - width, self.resized_height - height

    def boxes(self, offsets: Sequence[tuple[int, int]], size: tuple[int, int]) -> Boxes:
        """Give the boxes in source pixels of crops of (height, width) at (x, y) of the resized frame."""
        # Both edges are whole numbers divided once: an edge on the border of the frame is there exactly.
        low = np.array(offsets, np.float64)
        extent = np.array([self.width, self.height], np.float64)
        resized = np.array([self.resized_width, self.resized_height], np.float64)
        start, end = low * extent / resized, (low + size[::-1]) * extent / resized
        return np.concatenate([start, end - start], axis=1)


def checked_short_side(short_side: SupportsIndex, size: tuple[int, int]) -> int:
    """Give the short side of the resized frame, which some frame at least must have room in for the crop."""
    wanted = whole_number("short_side", short_side, 1)
    if wanted < min(size):
        crop = f"{size[1]}x{size[0]}"
        raise ValueError(
            f"no frame with a short side of {wanted} has room for a crop of {crop}; "
            f"pass short_side={max(size)} or more"
        )
    return wanted


def checked_convention(convention: Convention) -> Convention:
    """Give the convention, if there is such a one."""
    if convention not in ROUNDINGS:
        raise ValueError(f"convention is one of {', '.join(ROUNDINGS)}, not {convention!r}")
    return convention
