"""Crops that are drawn: one box a call, from the generator that is passed."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from kinetics_fast._decode.validation import Size, checked_size
from kinetics_fast.crops.geometry import (
    Boxes,
    ResizedFrame,
    checked_convention,
    checked_short_side,
)
from kinetics_fast.crops.rounding import ROUNDINGS, Convention, inverse_short_side

_ATTEMPTS = 10  # torchvision's, before it takes the middle


@dataclass(frozen=True, init=False)
class RandomCrop:
    """A crop at a random place, after resizing the frame to a random short side.

    Draws, in this order: the short side, then y, then x; along an axis with no room nothing is drawn.

    Parameters
    ----------
    size : int or (height, width)
        Output size and size of the crop.
    short_side : (low, high) or int, optional
        Range of lengths, both included, that the frame's short side is resized to; an int for just one. None:
        the crop is of the frame as it is.
    inverse : bool
        Draw the short side as ``round(1 / rng.uniform(1 / high, 1 / low))``, as SlowFast's papers do
        (pyslowfast's ``inverse_uniform_sampling``), whatever the convention.
    convention : {"torchvision", "pyslowfast", "mmaction2"}
        Whose rounding is followed. Long side: as for `CenterCrop`. Offsets: ``rng.integers(0, free + 1)`` by
        torchvision; ``rng.integers(0, free)`` by pyslowfast and mmaction2, whose crops never touch the right
        and the lower border. Short side: ``rng.integers(low, high + 1)`` by mmaction2 (``RandomRescale``) and
        with the name of torchvision, which draws none; ``round(rng.uniform(low, high))`` by pyslowfast,
        where both ends come half as often as the rest.

    Raises
    ------
    ValueError
        The crop is larger than the (resized) frame.

    Examples
    --------
    >>> crop = kf.RandomCrop(224, short_side=(256, 320), inverse=True)
    >>> crop(340, 256, np.random.default_rng(0)).round(2).tolist()
    [[35.3, 25.04, 208.09, 207.77]]
    """

    views: ClassVar[int] = 1
    size: tuple[int, int]
    short_side: tuple[int, int] | None
    inverse: bool
    convention: Convention

    def __init__(
        self,
        size: Size,
        short_side: tuple[int, int] | int | None = (256, 320),
        inverse: bool = False,
        *,
        convention: Convention = "torchvision",
    ) -> None:
        if inverse and short_side is None:
            raise ValueError("inverse is how short_side is drawn; pass a range for it")
        sides = checked_size(size)
        object.__setattr__(self, "size", sides)
        object.__setattr__(self, "short_side", _checked_range(short_side, sides))
        object.__setattr__(self, "inverse", bool(inverse))
        object.__setattr__(self, "convention", checked_convention(convention))

    def __call__(self, width: int, height: int, rng: np.random.Generator) -> Boxes:
        """Draw the one box."""
        rounding = ROUNDINGS[self.convention]
        draw = inverse_short_side if self.inverse else rounding.short_side
        short_side = None if self.short_side is None else draw(rng, *self.short_side)
        frame = ResizedFrame.of(width, height, short_side, rounding)
        free_x, free_y = frame.free(self.size)
        y = int(rng.integers(0, rounding.offsets(free_y))) if free_y else 0
        x = int(rng.integers(0, rounding.offsets(free_x))) if free_x else 0
        return frame.boxes([(x, y)], self.size)


@dataclass(frozen=True, init=False)
class RandomResizedCrop:
    """A random part of the frame of random area and shape, at one size.

    The algorithm of torchvision's ``RandomResizedCrop.get_params``. Up to 10 times: area
    ``width * height * rng.uniform(*scale)``, aspect ratio ``exp(rng.uniform(log(ratio[0]), log(ratio[1])))``,
    sides ``round(sqrt(area * aspect))`` by ``round(sqrt(area / aspect))``; if they fit,
    y = ``rng.integers(0, height - h + 1)``, then x = ``rng.integers(0, width - w + 1)``. After 10 misses, the
    largest central part with an aspect ratio in range. Given the same uniform numbers the boxes are
    torchvision's; only, it computes in float32, so that a side which lies within about 1e-7 (relative) of a
    half may be rounded the other way there. pyslowfast's algorithm is the same with one more, unused, draw an
    attempt; mmaction2 draws the sizes of all attempts first, x before y, and falls back to the central
    square.

    Parameters
    ----------
    size : int or (height, width)
        Output size.
    scale : (low, high)
        Range of the part's area, as a share of the frame's.
    ratio : (low, high)
        Range of the part's width / height in the source; drawn uniformly in its logarithm.

    Examples
    --------
    >>> crop = kf.RandomResizedCrop(224, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3))
    >>> crop(340, 256, np.random.default_rng(0)).tolist()
    [[205.0, 24.0, 88.0, 116.0]]
    """

    views: ClassVar[int] = 1
    size: tuple[int, int]
    scale: tuple[float, float]
    ratio: tuple[float, float]

    def __init__(
        self,
        size: Size,
        scale: tuple[float, float] = (0.08, 1.0),
        ratio: tuple[float, float] = (3 / 4, 4 / 3),
    ) -> None:
        object.__setattr__(self, "size", checked_size(size))
        object.__setattr__(self, "scale", _checked_interval("scale", scale))
        object.__setattr__(self, "ratio", _checked_interval("ratio", ratio))

    def __call__(self, width: int, height: int, rng: np.random.Generator) -> Boxes:
        """Draw the one box."""
        for _ in range(_ATTEMPTS):
            w, h = self._draw_sides(width * height, rng)
            if 0 < w <= width and 0 < h <= height:
                y = int(rng.integers(0, height - h + 1))
                x = int(rng.integers(0, width - w + 1))
                break
        else:
            w, h = self._central_sides(width, height)
            y, x = (height - h) // 2, (width - w) // 2
        return np.array([[x, y, w, h]], np.float64)

    def _draw_sides(self, area: int, rng: np.random.Generator) -> tuple[int, int]:
        part = area * rng.uniform(*self.scale)
        aspect = math.exp(rng.uniform(math.log(self.ratio[0]), math.log(self.ratio[1])))
        return round(math.sqrt(part * aspect)), round(math.sqrt(part / aspect))

    def _central_sides(self, width: int, height: int) -> tuple[int, int]:
        low, high = self.ratio
        if width / height < low:
            return width, max(round(width / low), 1)  # torchvision fails where that rounds to 0
        if width / height > high:
            return max(round(height * high), 1), height
        return width, height


def _checked_range(short_side: tuple[int, int] | int | None, size: tuple[int, int]) -> tuple[int, int] | None:
    if short_side is None:
        return None
    low, high = short_side if isinstance(short_side, Sequence) else (short_side, short_side)
    if operator.index(high) < operator.index(low):
        raise ValueError(f"short_side is (low, high), not {short_side}")
    return checked_short_side(low, size), operator.index(high)


def _checked_interval(name: str, interval: tuple[float, float]) -> tuple[float, float]:
    low, high = (float(bound) for bound in interval)
    if not 0 < low <= high < math.inf:
        raise ValueError(f"{name} is (low, high), 0 < low <= high, not {interval}")
    return low, high
