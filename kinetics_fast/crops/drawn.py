"""Random crops: one box per call, drawn from the generator that is passed."""

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

_ATTEMPTS = 10  # as in torchvision, which then uses the central crop


@dataclass(frozen=True, init=False)
class RandomCrop:
    """A crop at a random position, after resizing the frame to a random short side.

    The draws are, in this order: the short side, y, x. Nothing is drawn along an axis without free space.

    Parameters
    ----------
    size : int or (height, width)
        Output size, and size of the crop, in pixels.
    short_side : (low, high) or int, optional
        Range of the length, both ends included, to which the short side of the frame is resized; an int
        means one fixed length. None means that the frame is not resized.
    inverse : bool
        Draw the short side as ``round(1 / rng.uniform(1 / high, 1 / low))`` with any convention, as in the
        SlowFast papers (``inverse_uniform_sampling`` in pyslowfast).
    convention : {"torchvision", "pyslowfast", "mmaction2"}
        The library whose rounding is followed. Long side: as for `CenterCrop`. Offsets:
        ``rng.integers(0, free + 1)`` in torchvision; ``rng.integers(0, free)`` in pyslowfast and mmaction2,
        whose crops never touch the right and the lower border. Short side: ``rng.integers(low, high + 1)`` in
        mmaction2 (``RandomRescale``), and here also for torchvision, which does not draw it;
        ``round(rng.uniform(low, high))`` in pyslowfast, which draws both ends half as often as other lengths.

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
            raise ValueError("inverse=True needs short_side: pass a range")
        sides = checked_size(size)
        object.__setattr__(self, "size", sides)
        object.__setattr__(self, "short_side", _checked_range(short_side, sides))
        object.__setattr__(self, "inverse", bool(inverse))
        object.__setattr__(self, "convention", checked_convention(convention))

    def __call__(self, width: int, height: int, rng: np.random.Generator) -> Boxes:
        """Return the drawn box."""
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
    """A part of the frame of random area, shape and position, resized to a fixed size.

    This is the algorithm of torchvision's ``RandomResizedCrop.get_params``. Up to 10 times it draws the area
    ``width * height * rng.uniform(*scale)`` and the aspect ratio
    ``exp(rng.uniform(log(ratio[0]), log(ratio[1])))``. If a part of ``round(sqrt(area * aspect))`` by
    ``round(sqrt(area / aspect))`` fits into the frame, it draws y = ``rng.integers(0, height - h + 1)``, then
    x = ``rng.integers(0, width - w + 1)``. After 10 attempts it uses the largest central part with an allowed
    aspect ratio.

    For the same uniform numbers the boxes equal those of torchvision, with one exception: torchvision
    computes in float32, and a side within about 1e-7 (relative) of a half may be rounded in the other
    direction. pyslowfast's algorithm is the same with one more, unused, draw per attempt. mmaction2 draws the
    sizes of all attempts first, draws x before y, and falls back to the central square.

    Parameters
    ----------
    size : int or (height, width)
        Output size in pixels.
    scale : (low, high)
        Range of the area of the part, as a share of the area of the frame.
    ratio : (low, high)
        Range of width / height of the part in the source; its logarithm is drawn uniformly.

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
        """Return the drawn box."""
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
            return width, max(round(width / low), 1)  # torchvision fails if this rounds to 0
        if width / height > high:
            return max(round(height * high), 1), height
        return width, height


def _checked_range(short_side: tuple[int, int] | int | None, size: tuple[int, int]) -> tuple[int, int] | None:
    if short_side is None:
        return None
    low, high = short_side if isinstance(short_side, Sequence) else (short_side, short_side)
    if operator.index(high) < operator.index(low):
        raise ValueError(f"short_side must be (low, high) with low <= high, got {short_side}")
    return checked_short_side(low, size), operator.index(high)


def _checked_interval(name: str, interval: tuple[float, float]) -> tuple[float, float]:
    low, high = (float(bound) for bound in interval)
    if not 0 < low <= high < math.inf:
        raise ValueError(f"{name} must be (low, high) with 0 < low <= high, got {interval}")
    return low, high
