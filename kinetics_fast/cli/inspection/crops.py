"""Crops by the names that the command line has for them, and the boxes that they would take."""

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
    """What ``--crop`` takes."""

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
    """Make the crop; short sides are to `size` as 256 (to 320) are to 224."""
    return _CROPS[name](size)


def boxes_of(crop: Any, width: int, height: int, seed: int) -> npt.NDArray[np.float64]:
    """Give the boxes it takes of a frame, shape (views, 4); of one that draws, those of some draws."""
    rng = np.random.default_rng(seed)
    draws = [crop(width, height, rng) for _ in range(DRAWS)]
    boxes: npt.NDArray[np.float64] = np.unique(np.concatenate(draws), axis=0)
    return boxes
