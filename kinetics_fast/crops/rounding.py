"""How libraries round: the long side of a resized frame, the positions of crops, and random numbers.

torchvision: ``transforms.functional`` (`_compute_resized_output_size`, `center_crop`), ``RandomCrop``.
pyslowfast: ``slowfast/datasets/transform.py``. mmaction2: ``datasets/transforms/processing.py`` and mmcv's
``rescale_size``. Each formula keeps the library's order of floating-point operations, which can matter.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

Convention = Literal["torchvision", "pyslowfast", "mmaction2"]


@dataclass(frozen=True)
class Rounding:
    """The rules of one library, as functions of integers to integers.

    Attributes
    ----------
    long_side : callable
        (wanted short side, long side, short side) to the long side of the resized frame.
    centre : callable
        The free space along an axis to the offset of the centred crop.
    last : callable
        The free space along an axis to the offset of the last of three crops.
    offsets : callable
        The free space along an axis to the number of offsets, from 0 on, that a random crop chooses from.
    short_side : callable
        (generator, low, high) to a uniformly drawn short side.
    """

    long_side: Callable[[int, int, int], int]
    centre: Callable[[int], int]
    last: Callable[[int], int]
    offsets: Callable[[int], int]
    short_side: Callable[[np.random.Generator, int, int], int]


def inverse_short_side(rng: np.random.Generator, low: int, high: int) -> int:
    """Draw a short side whose inverse is uniform, as pyslowfast does; small values are more frequent."""
    return round(1.0 / rng.uniform(1.0 / high, 1.0 / low))


def _rounded_short_side(rng: np.random.Generator, low: int, high: int) -> int:
    return round(rng.uniform(low, high))


def _whole_short_side(rng: np.random.Generator, low: int, high: int) -> int:
    return int(rng.integers(low, high + 1))


ROUNDINGS: dict[str, Rounding] = {
    "torchvision": Rounding(
        long_side=lambda wanted, long, short: int(wanted * long / short),
        centre=lambda free: round(free / 2),
        last=lambda free: free,
        offsets=lambda free: free + 1,
        short_side=_whole_short_side,
    ),
    "pyslowfast": Rounding(
        long_side=lambda wanted, long, short: math.floor(long / short * wanted),
        centre=lambda free: math.ceil(free / 2),
        last=lambda free: free,
        offsets=lambda free: max(free, 1),
        short_side=_rounded_short_side,
    ),
    "mmaction2": Rounding(
        long_side=lambda wanted, long, short: int(long * (wanted / short) + 0.5),
        centre=lambda free: free // 2,
        last=lambda free: free // 2 * 2,
        offsets=lambda free: max(free, 1),
        short_side=_whole_short_side,
    ),
}
