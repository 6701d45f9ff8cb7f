"""The pipelines that bench_samples.py compares, a module for each library.

``read(path, indices, box)`` gives one training sample: float32 (3, T, 224, 224), cropped, resized bilinearly
without antialiasing, normalised. ``read_views(path, clips, boxes)`` gives all views of one video, clip by
clip, and decodes it once; not all libraries have it. ``VERSION`` is the library's.

Each is the fastest that we can write with the library on one CPU: nothing but the crop is converted where the
library allows it, nothing is copied that need not be, and every value is written to its place once.
Frames do not repeat within a clip, and their numbers ascend. The returned array may be overwritten by the
next call, as in a training loop that recycles its buffers.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Sample = npt.NDArray[np.float32]
Box = tuple[float, float, float, float]

SIZE = 224
SHORT_SIDE = 256
MEAN = (0.45, 0.45, 0.45)
STD = (0.225, 0.225, 0.225)


@lru_cache(maxsize=4)
def recycled_samples(count: int, frames: int) -> Sample:
    """Give an array for so many samples, the same one each time."""
    return np.empty((count, 3, frames, SIZE, SIZE), np.float32)


def pixel_box(box: Box) -> tuple[int, int, int, int]:
    """Round a box to whole pixels: what slicing can crop."""
    x, y, width, height = (round(value) for value in box)
    return x, y, width, height
