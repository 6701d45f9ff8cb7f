"""torchcodec's transforms, which become a box and a size: decoding, cropping and resizing are one pass."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["CenterCrop", "DecoderTransform", "RandomCrop", "Resize"]

Box = tuple[float, float, float, float]


class DecoderTransform:
    """Base of the transforms.

    Parameters
    ----------
    size : (height, width)
        Output size in pixels.
    """

    def __init__(self, size: Sequence[int]) -> None:
        if len(size) != 2:
            name = type(self).__name__
            raise ValueError(f"{name} transform must have a (height, width) pair for the size, got {size}.")
        self.size = size


class Resize(DecoderTransform):
    """Resize frames to (height, width), bilinearly and with antialiasing.

    Parameters
    ----------
    size : (height, width)
        Output size in pixels.
    """


class CenterCrop(DecoderTransform):
    """Crop (height, width) from the centre of the frame.

    Parameters
    ----------
    size : (height, width)
        Output size in pixels.
    """


class RandomCrop(DecoderTransform):
    """Crop (height, width) at a place that torch draws when the decoder is made.

    Parameters
    ----------
    size : (height, width)
        Output size in pixels.
    """


def box_and_size(transforms: Iterable[Any], height: int, width: int) -> tuple[Box | None, tuple[int, int]]:
    """Return the part of the source frame that transforms show, and the size that the part has at the end."""
    box: Box | None = None
    size = height, width
    for transform in transforms:
        name, wanted = _name_and_size(transform)
        if name != "Resize":
            x, y, box_width, box_height = box or (0.0, 0.0, float(width), float(height))
            top, left = _corner(name, size, wanted)
            across, down = box_width / size[1], box_height / size[0]
            box = x + left * across, y + top * down, wanted[1] * across, wanted[0] * down
        size = wanted
    return box, size


def _name_and_size(transform: Any) -> tuple[str, tuple[int, int]]:
    name = type(transform).__name__
    torchvision = type(transform).__module__.startswith("torchvision.transforms.v2")
    if name not in ("Resize", "CenterCrop", "RandomCrop") or not (
        torchvision or isinstance(transform, DecoderTransform)
    ):
        known = "Resize, CenterCrop or RandomCrop, of torchcodec or of torchvision.transforms.v2"
        raise ValueError(f"Unsupported transform: {transform}. Transforms must be {known}.")
    if torchvision:
        _check_options(name, transform)
    if transform.size is None or len(transform.size) != 2:
        what = f"TorchVision {name} transform must have a (height, width) pair for the size"
        raise ValueError(f"{what}, got {transform.size}.")
    height, width = (operator.index(side) for side in transform.size)
    if height < 1 or width < 1:
        raise RuntimeError(f"the size of {name} must be positive integers, got {transform.size}")
    return name, (height, width)


def _check_options(name: str, transform: Any) -> None:
    """Refuse a transform of torchvision with an option that torchcodec's has not."""
    expected: dict[str, dict[str, tuple[object, ...]]] = {
        "Resize": {"interpolation": ("bilinear",), "antialias": (True, None)},
        "CenterCrop": {},
        "RandomCrop": {
            "padding": (None,),
            "pad_if_needed": (False,),
            "fill": (0,),
            "padding_mode": ("constant",),
        },
    }
    for option, values in expected[name].items():
        value = getattr(transform, option)
        value = getattr(value, "value", value)  # an enum of torchvision
        if value not in values:
            raise ValueError(f"TorchVision {name} transform must have {option}={values[0]!r}, got {value!r}.")


def _corner(name: str, size: tuple[int, int], wanted: tuple[int, int]) -> tuple[int, int]:
    """Return the top and the left of a crop, in pixels."""
    spare = size[0] - wanted[0], size[1] - wanted[1]
    if min(spare) < 0:
        what = f"Input dimensions {size} are smaller than the crop size {wanted}."
        raise ValueError(what) if name == "RandomCrop" else RuntimeError(what)
    if name == "CenterCrop":
        return round(spare[0] / 2), round(spare[1] / 2)
    import torch

    return int(torch.randint(0, spare[0] + 1, size=())), int(torch.randint(0, spare[1] + 1, size=()))
