"""The conversions that bench_kernels.py compares with ours: one module per library.

``pipelines(clip)`` maps names to functions. Each function converts all decoded pictures of a clip once to
float32 (3, T, 224, 224). ``VERSION`` is the version of the library. A module has several pipelines if no
pipeline is the fastest everywhere. Everything that is possible before the clock starts is done before: crops
that are only other pointers, buffers and tables. Boxes are rounded to even pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.uint8]
Sample = npt.NDArray[np.float32]

FRAMES = 16
SIZE = 224
MEAN = 0.45
STD = 0.225
SCALE = 1 / (255 * STD)


@dataclass(frozen=True)
class DecodedClip:
    """Pictures of waves and noise in the form that a decoder gives: three planes of 4:2:0 each."""

    width: int
    height: int
    box: tuple[float, ...]

    @cached_property
    def pictures(self) -> list[tuple[Plane, Plane, Plane]]:
        rng = np.random.default_rng(20260101)

        def plane(width: int, height: int, phase: int) -> Plane:
            wave = np.sin(np.arange(width) / 37 + phase) * np.cos(np.arange(height) / 23)[:, None]
            return (128 + 80 * wave + rng.integers(-8, 9, (height, width))).astype(np.uint8)

        w, h = self.width, self.height
        half_w, half_h = w // 2, h // 2
        return [
            (plane(w, h, t), plane(half_w, half_h, t + 7), plane(half_w, half_h, t + 14))
            for t in range(FRAMES)
        ]

    @cached_property
    def crops(self) -> list[tuple[Plane, Plane, Plane]]:
        """The box of every plane, as views without a copy."""
        x, y, width, height = (round(value / 2) for value in self.box)
        chroma = np.s_[y : y + height, x : x + width]
        luma = np.s_[2 * y : 2 * (y + height), 2 * x : 2 * (x + width)]
        return [(a[luma], u[chroma], v[chroma]) for a, u, v in self.pictures]

    @cached_property
    def output(self) -> Sample:
        return np.empty((3, FRAMES, SIZE, SIZE), np.float32)


def packed(planes: tuple[Plane, Plane, Plane]) -> Plane:
    """Give the planes one after another in one array, as OpenCV and PyAV need them."""
    return np.concatenate([plane.reshape(-1) for plane in planes]).reshape(-1, planes[0].shape[1])
