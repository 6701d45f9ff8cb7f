"""The reference: the colour and resampling mathematics of the package in NumPy float64, without optimisation.

1. Each plane is resampled by itself, by two matrices of weights (rows, columns). Output pixel i of n over the
   stretch [start, start + extent) of luma has its centre at start + (i + 0.5) * extent / n - 0.5. In a chroma
   plane with shift s, sited at offset o, that centre is at (centre - o) / 2**s, and the scale is that of the
   chroma samples.
2. With antialias, the kernel is widened by the scale of the plane if the scale is above 1, the taps outside
   the stretch are dropped, and the weights are normalised to a sum of 1, as in Pillow. Without antialias, the
   taps outside are clamped.
3. Range and matrix turn the planes into R, G, B between 0 and 255. The values are clamped, and rounded half
   up for uint8.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from videos.oracle import Format, Planes

Array = NDArray[np.float64]
Box = tuple[float, float, float, float]
LUMA_WEIGHTS = {  # Kr and Kb of H.273
    "bt709": (0.2126, 0.0722),
    "fcc": (0.30, 0.11),
    "bt470bg": (0.299, 0.114),
    "smpte170m": (0.299, 0.114),
    "unknown": (0.299, 0.114),
    "smpte240m": (0.212, 0.087),
    "bt2020nc": (0.2627, 0.0593),
}
OFFSETS = {  # x and y of chroma sample 0 relative to luma sample 0, in luma samples
    "left": (0.0, 0.5),
    "center": (0.5, 0.5),
    "topleft": (0.0, 0.0),
    "top": (0.5, 0.0),
    "bottomleft": (0.0, 1.0),
    "bottom": (0.5, 1.0),
}


@dataclass(frozen=True)
class Signal:
    """How sample values are interpreted."""

    format: Format
    matrix: str = "unknown"
    full: bool = False
    siting: str = "left"

    @classmethod
    def of(cls, frame_format: Format, words: dict[str, str]) -> Signal:
        """Return the signal of a stream as ffmpeg's showinfo reports it."""
        matrix = words.get("color_space", "unknown")
        return cls(frame_format, matrix, words.get("color_range") == "pc", words["siting"])


@dataclass(frozen=True)
class View:
    """A box in pixels and its output size; None is the whole picture, and the size of the box."""

    box: Box | None = None
    size: tuple[int, int] | None = None  # height, width
    interpolation: str = "bilinear"
    antialias: bool = True
    flip: bool = False


@dataclass(frozen=True)
class Axis:
    """One dimension of a plane of `length` samples; the box covers the samples [low, high)."""

    start: float
    extent: float
    count: int
    shift: int
    offset: float
    length: int

    @property
    def low(self) -> int:
        return math.floor(self.start) >> self.shift

    @property
    def high(self) -> int:
        return min(-(-math.ceil(self.start + self.extent) >> self.shift), self.length)

    @property
    def scale(self) -> float:
        return float(self.extent / self.count / 2**self.shift)

    @property
    def centres(self) -> Array:
        luma = self.start + (np.arange(self.count) + 0.5) * self.extent / self.count - 0.5
        return np.asarray((luma - (self.offset if self.shift else 0.0)) / 2**self.shift, dtype=np.float64)


def triangle(x: Array) -> Array:
    return np.asarray(np.maximum(1 - np.abs(x), 0))


def cubic(x: Array, a: float) -> Array:
    x = np.abs(x)
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = (((x - 5) * x + 8) * x - 4) * a
    return np.where(x < 1, near, np.where(x < 2, far, 0))


def weights(axis: Axis, interpolation: str, antialias: bool) -> Array:
    """Return the matrix (count, length) that resamples along one axis."""
    samples = np.arange(axis.low, axis.high)
    matrix = np.zeros((axis.count, axis.length))
    if antialias:
        distance = (samples[None] - axis.centres[:, None]) / max(axis.scale, 1.0)
        kernel = triangle(distance) if interpolation == "bilinear" else cubic(distance, -0.5)
        matrix[:, axis.low : axis.high] = kernel / kernel.sum(axis=1, keepdims=True)
        return matrix
    reach = 1 if interpolation == "bilinear" else 2
    for tap in range(1 - reach, 1 + reach):
        index = np.floor(axis.centres).astype(int) + tap
        distance = axis.centres - index
        kernel = triangle(distance) if interpolation == "bilinear" else cubic(distance, -0.75)
        np.add.at(matrix, (np.arange(axis.count), np.clip(index, axis.low, axis.high - 1)), kernel)
    return matrix


def resample(plane: Array, rows: Axis, columns: Axis, interpolation: str, antialias: bool) -> Array:
    vertical, horizontal = weights(rows, interpolation, antialias), weights(columns, interpolation, antialias)
    return np.asarray(vertical @ plane @ horizontal.T)


def scaled_planes(planes: Planes, signal: Signal, view: View) -> list[Array]:
    """Return the planes, resampled to the output size."""
    height, width = planes[0].shape
    x, y, w, h = view.box or (0, 0, width, height)
    out_height, out_width = view.size or (round(h), round(w))
    offset_x, offset_y = OFFSETS.get(signal.siting, OFFSETS["left"])
    shifts = [(0, 0)] + [signal.format.shifts or (0, 0)] * (len(planes) - 1)
    result = []
    for plane, (shift_x, shift_y) in zip(planes, shifts, strict=True):
        rows = Axis(y, h, out_height, shift_y, offset_y, plane.shape[0])
        columns = Axis(x, w, out_width, shift_x, offset_x, plane.shape[1])
        result.append(resample(plane.astype(np.float64), rows, columns, view.interpolation, view.antialias))
    return result


def luma(plane: Array, signal: Signal) -> Array:
    """Return luma, between 0 and 1 for values within the range."""
    step = 2.0 ** (signal.format.depth - 8)
    return plane / (256 * step - 1) if signal.full else (plane - 16 * step) / (219 * step)


def chroma(plane: Array, signal: Signal) -> Array:
    """Return a colour difference, between -0.5 and 0.5 for values within the range."""
    step = 2.0 ** (signal.format.depth - 8)
    return (plane - 128 * step) / (256 * step - 1 if signal.full else 224 * step)


def to_rgb(planes: Planes, signal: Signal, view: View | None = None) -> Array:
    """Return R, G, B of shape (H, W, 3), between 0 and 255 and not rounded."""
    view = view or View()
    scaled = scaled_planes(planes, signal, view)
    if signal.format.is_rgb:
        green, blue, red = (plane / (2**signal.format.depth - 1) for plane in scaled)
    elif len(scaled) == 1:
        red = green = blue = luma(scaled[0], signal)
    else:
        kr, kb = LUMA_WEIGHTS[signal.matrix]
        kg = 1 - kr - kb
        y, cb, cr = luma(scaled[0], signal), chroma(scaled[1], signal), chroma(scaled[2], signal)
        red, blue = y + 2 * (1 - kr) * cr, y + 2 * (1 - kb) * cb
        green = y - 2 * kb * (1 - kb) / kg * cb - 2 * kr * (1 - kr) / kg * cr
    return _finish(np.stack([red, green, blue], axis=-1), view)


def to_gray(planes: Planes, signal: Signal, view: View | None = None) -> Array:
    """Return luma in full range, of shape (H, W, 1), between 0 and 255."""
    view = view or View()
    return _finish(luma(scaled_planes(planes, signal, view)[0], signal)[..., None], view)


def _finish(pixels: Array, view: View) -> Array:
    pixels = np.clip(pixels * 255, 0, 255)
    return pixels[:, ::-1] if view.flip else pixels


def to_uint8(pixels: Array) -> NDArray[np.uint8]:
    """Round half up."""
    return np.floor(pixels + 0.5).astype(np.uint8)


def distance(ours: NDArray[np.uint8], pixels: Array) -> int:
    """Return the largest difference between uint8 pixels and the rounded reference."""
    return int(np.abs(ours.astype(int) - to_uint8(pixels)).max())
