"""How pixels are computed and laid out: the request's checks, and the array that holds the result."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from kinetics_fast import _core

Layout: TypeAlias = Literal["THWC", "TCHW", "CTHW"]
Color: TypeAlias = Literal["rgb", "bgr", "gray"]
Interpolation: TypeAlias = Literal["bilinear", "bicubic"]
_LARGEST_UNIT = 1.5  # means and deviations are in 0..1; a value above was meant for 0..255
# The core knows each choice by its position here.
_LAYOUTS, _COLORS, _INTERPOLATIONS = (get_args(choices) for choices in (Layout, Color, Interpolation))
_DTYPES = tuple(map(np.dtype, ("uint8", "float16", "float32")))
Values: TypeAlias = "float | tuple[float, ...] | None"
Three: TypeAlias = tuple[float, float, float]
PerChannel: TypeAlias = "float | Sequence[float] | npt.NDArray[np.floating[Any]]"


@dataclass(frozen=True)
class Pixels:
    """A checked request for pixels."""

    layout: Layout
    dtype: np.dtype[Any]
    channels: int
    request: _core.PixelRequest

    @classmethod
    def of(
        cls,
        layout: Layout = "THWC",
        dtype: npt.DTypeLike = "uint8",
        color: Color = "rgb",
        mean: PerChannel | None = None,
        std: PerChannel | None = None,
        interpolation: Interpolation = "bilinear",
        antialias: bool = True,
    ) -> Pixels:
        """Check the arguments of `decode_clips` that say what a pixel is."""
        kind = np.dtype(dtype)
        if not kind.isnative:
            raise ValueError(f"dtype {kind.str!r} is of another machine's byte order; pass {kind.name!r}")
        codes = (
            _choice("layout", layout, _LAYOUTS),
            _choice("dtype", kind, _DTYPES),
            _choice("color", color, _COLORS),
            _choice("interpolation", interpolation, _INTERPOLATIONS),
        )
        channels = 1 if color == "gray" else 3
        scaling = _scaling(kind, channels, _hashable(mean), _hashable(std))
        return cls(layout, kind, channels, _core.PixelRequest(*codes, bool(antialias), *scaling))

    def output_shape(self, rows: int, frames: int, size: tuple[int, int]) -> tuple[int, ...]:
        """Give the five dimensions of an output."""
        height, width = size
        extent = {"T": frames, "H": height, "W": width, "C": self.channels}
        return rows, *map(extent.__getitem__, self.layout)

    def output(
        self, rows: int, frames: int, size: tuple[int, int], out: npt.NDArray[Any] | None
    ) -> npt.NDArray[Any]:
        """Give the array to fill, its content unspecified: the caller's own, checked, or a recycled one."""
        shape = self.output_shape(rows, frames, size)
        if out is None:
            return _empty(math.prod(shape) * self.dtype.itemsize, shape).view(self.dtype).reshape(shape)
        if not isinstance(out, np.ndarray):
            raise TypeError(f"out must be a NumPy array, not {type(out).__name__}")
        if out.shape != shape or out.dtype != self.dtype:
            raise ValueError(
                f"out must have shape {shape} and dtype {self.dtype}, not {out.shape} and {out.dtype}"
            )
        if not out.flags.c_contiguous or not out.flags.writeable:
            raise ValueError("out must be C-contiguous and writable")
        return out


def _empty(size: int, shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    try:
        return _core.empty(min(size, sys.maxsize))
    except MemoryError:
        raise MemoryError(f"an output of shape {shape} takes {size:,} bytes: more than there are") from None


def _choice(name: str, value: object, choices: tuple[object, ...]) -> int:
    try:
        return choices.index(value)
    except ValueError:
        names = ", ".join(map(str, choices))
        raise ValueError(f"{name} must be one of {names}, got {str(value)!r}") from None


def _hashable(value: PerChannel | None) -> Values:
    if value is None or isinstance(value, (float, int)):
        return value
    return tuple(np.ravel(np.asarray(value, np.float64)).tolist())


@lru_cache  # most calls repeat the one before, and these lines take as long as all others of a call
def _scaling(dtype: np.dtype[Any], channels: int, mean: Values, std: Values) -> tuple[Three, Three]:
    """Give the factor and the summand of three channels that make values of bytes."""
    if dtype == np.uint8 and (mean is not None or std is not None):
        raise ValueError("mean and std need a float dtype; uint8 holds the pixels as they are")
    means = _per_channel("mean", mean, channels, 0.0)
    stds = _per_channel("std", std, channels, 1.0)
    if min(stds) <= 0:
        raise ValueError(f"std must be above 0, not {std}")
    scale = [1.0 / (255.0 * value) for value in stds]
    bias = [-m / s for m, s in zip(means, stds, strict=True)]
    return _three(scale), _three(bias)


def _per_channel(name: str, value: Values, channels: int, default: float) -> list[float]:
    if value is None:
        return [default] * channels
    values = [float(v) for v in np.ravel(np.asarray(value, np.float64))]
    if len(values) == 1:
        values *= channels
    if len(values) != channels:
        raise ValueError(f"{name} has one value, or one for each of {channels} channels, not {len(values)}")
    if not all(math.isfinite(v) for v in values):
        raise ValueError(f"{name} must be finite, not {value}")
    if max(values) > _LARGEST_UNIT:
        raise ValueError(f"{name}={value} is in 0..255 units; divide by 255")
    return values


def _three(values: list[float]) -> Three:
    first, *rest = values
    second, third = rest or (first, first)
    return first, second, third
