"""How pixels are computed and laid out: checks of the arguments, and the array that holds the result."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias, TypedDict, get_args

import numpy as np
import numpy.typing as npt

from kinetics_fast import _core
from kinetics_fast._decode.validation import Size

Layout: TypeAlias = Literal["THWC", "TCHW", "CTHW"]
Color: TypeAlias = Literal["rgb", "bgr", "gray"]
Interpolation: TypeAlias = Literal["bilinear", "bicubic"]
_LARGEST_UNIT = 1.5  # means and deviations are in 0..1; a value above was meant for 0..255
# The core knows each choice by its position here.
_LAYOUTS, _COLORS, _INTERPOLATIONS = (get_args(choices) for choices in (Layout, Color, Interpolation))
_DTYPES = ("uint8", "float16", "float32", "bfloat16")
Values: TypeAlias = "float | tuple[float, ...] | None"
Three: TypeAlias = tuple[float, float, float]
PerChannel: TypeAlias = "float | Sequence[float] | npt.NDArray[np.floating[Any]]"


class PixelArguments(TypedDict, total=False):
    """The pixel arguments of `Video.frames`, for the methods that pass them on."""

    size: Size | None
    layout: Layout
    dtype: npt.DTypeLike
    color: Color
    mean: PerChannel | None
    std: PerChannel | None
    interpolation: Interpolation
    antialias: bool


@dataclass(frozen=True)
class Pixels:
    """Checked pixel arguments, named as in `decode_clips`."""

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
        """Check the arguments. Equal arguments are checked once."""
        arguments: Any = layout, dtype, color, _key(mean), _key(std), interpolation, bool(antialias)
        try:
            return _checked(*arguments)
        except TypeError:  # an argument of a wrong type may have no hash; then the check names the argument
            return _checked.__wrapped__(*arguments)

    def output_shape(self, rows: int, frames: int, size: tuple[int, int]) -> tuple[int, ...]:
        """Return the five dimensions of an output array."""
        height, width = size
        extent = {"T": frames, "H": height, "W": width, "C": self.channels}
        return rows, *map(extent.__getitem__, self.layout)

    def output(
        self, rows: int, frames: int, size: tuple[int, int], out: npt.NDArray[Any] | None
    ) -> npt.NDArray[Any]:
        """Return the array to fill: the checked array of the caller, or recycled memory with any content."""
        shape = self.output_shape(rows, frames, size)
        if out is None:
            return _empty(shape, self.dtype)
        if not isinstance(out, np.ndarray):
            raise TypeError(f"out must be a NumPy array, got {type(out).__name__}")
        if out.shape != shape or out.dtype != self.dtype:
            raise ValueError(
                f"out must have shape {shape} and dtype {self.dtype}, got {out.shape} and {out.dtype}"
            )
        if not out.flags.c_contiguous or not out.flags.writeable:
            raise ValueError("out must be C-contiguous and writable")
        return out


@lru_cache  # most calls repeat the arguments of the previous call
def _checked(
    layout: Layout,
    dtype: Any,
    color: Color,
    mean: Values,
    std: Values,
    interpolation: Interpolation,
    antialias: bool,
) -> Pixels:
    kind = _dtype(dtype)
    if not kind.isnative:
        raise ValueError(f"dtype must have the machine's byte order, got {kind.str!r}; pass {kind.name!r}")
    codes = (
        _choice("layout", layout, _LAYOUTS),
        _choice("dtype", kind.name, _DTYPES),
        _choice("color", color, _COLORS),
        _choice("interpolation", interpolation, _INTERPOLATIONS),
    )
    channels = 1 if color == "gray" else 3
    scaling = _scaling(kind, channels, mean, std)
    return Pixels(layout, kind, channels, _core.PixelRequest(*codes, antialias, *scaling))


def _dtype(dtype: Any) -> np.dtype[Any]:
    """Return NumPy's dtype. NumPy knows bfloat16 by ml_dtypes alone."""
    if isinstance(dtype, str) and dtype == "bfloat16":
        try:
            import ml_dtypes
        except ImportError as error:
            raise ImportError('dtype="bfloat16" needs ml_dtypes: pip install ml_dtypes') from error
        dtype = ml_dtypes.bfloat16
    kind: np.dtype[Any] = np.dtype(dtype)
    return kind


def _empty(shape: tuple[int, ...], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    try:
        return _core.empty(shape, dtype)
    except (MemoryError, TypeError):  # to the core, an extent that no int64 holds is of a wrong type
        size = math.prod(shape) * dtype.itemsize
        raise MemoryError(
            f"an output of shape {shape} needs {size:,} bytes, which are not available"
        ) from None


def _choice(name: str, value: object, choices: tuple[object, ...]) -> int:
    try:
        return choices.index(value)
    except ValueError:
        names = ", ".join(map(str, choices))
        raise ValueError(f"{name} must be one of {names}, got {str(value)!r}") from None


def _key(value: PerChannel | None) -> Values:
    """Return a value that can be compared and does not change."""
    if value is None or isinstance(value, (float, int)):
        return value
    if isinstance(value, (list, tuple)) and {*map(type, value)} == {float}:  # the usual case
        return tuple(value)
    return tuple(np.ravel(np.asarray(value, np.float64)).tolist())


def _scaling(dtype: np.dtype[Any], channels: int, mean: Values, std: Values) -> tuple[Three, Three]:
    """Return the factor and the summand for each channel that turn a byte into an output value."""
    if dtype == np.uint8 and (mean is not None or std is not None):
        raise ValueError("mean and std need a float dtype; with uint8 the pixels are not normalised")
    means = _per_channel("mean", mean, channels, 0.0)
    stds = _per_channel("std", std, channels, 1.0)
    if min(stds) <= 0:
        raise ValueError(f"std must be above 0, got {std}")
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
        raise ValueError(f"{name} must have 1 value or {channels}, one per channel, got {len(values)}")
    if not all(math.isfinite(v) for v in values):
        raise ValueError(f"{name} must be finite, got {value}")
    if max(values) > _LARGEST_UNIT:
        raise ValueError(f"{name} must be in 0..1 units, got {value}; divide by 255")
    return values


def _three(values: list[float]) -> Three:
    first, *rest = values
    second, third = rest or (first, first)
    return first, second, third
