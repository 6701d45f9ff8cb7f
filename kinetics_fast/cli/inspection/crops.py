"""Crops by their names on the command line, and the boxes that they choose."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from kinetics_fast.crops import CenterCrop, RandomCrop, RandomResizedCrop, Resize, ThreeCrop

if TYPE_CHECKING:
    from collections.abc import Callable

DRAWS = 4


class CropName(str, Enum):
    """The values of ``--crop``."""

    CENTER = "center"
    THREE = "three"
    RANDOM = "random"
    RANDOM_RESIZED = "random-resized"
    RESIZE = "resize"


_CROPS: dict[CropName, Callable[[int], Any]] = {
    CropName.CENTER: lambda size: CenterCrop(size, short_side=round(size * 8 / 7)),
    CropName.THREE: lambda size: ThreeCrop(size, short_side=round(size * 8 / 7)),
    CropName.RANDOM: lambda size: RandomCrop(size, short_side=(round(size * 8 / 7), round(size * 10 / 7))),
    CropName.RANDOM_RESIZED: RandomResizedCrop,
    CropName.RESIZE: Resize,
}


def crop_of(name: CropName, size: int) -> Any:
    """Return the crop. The ratio of short side to `size` is that of 256 (or 256 to 320) to 224."""
    return _CROPS[name](size)


def boxes_of(crop: Any, width: int, height: int, seed: int) -> npt.NDArray[np.float64]:
    """Return the boxes that a crop chooses in a frame, shape (views, 4); of a random crop, several draws."""
    rng = np.random.default_rng(seed)
    draws = [crop(width, height, rng) for _ in range(DRAWS)]
    boxes: npt.NDArray[np.float64] = np.unique(np.concatenate(draws), axis=0)
    return boxes
