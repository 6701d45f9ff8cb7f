"""The pipelines that bench_samples.py compares: one module per library.

``read(path, indices, box)`` gives one training sample: float32 (3, T, 224, 224), cropped, resized bilinearly
without antialiasing, and normalised. ``read_views(path, clips, boxes)`` decodes one video once and gives all
its views, clip by clip. Not all modules have this function. ``VERSION`` is the version of the library.

Each pipeline is the fastest that we can write with the library on one CPU. If the library allows it, only the
crop is converted. There is no needless copy, and every value is written once, to its final place. Frame
numbers ascend and do not repeat within a clip. The next call may overwrite the returned array, as in a
training loop that recycles its buffers.
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
    """Give an array for `count` samples, the same array each time."""
    return np.empty((count, 3, frames, SIZE, SIZE), np.float32)


def pixel_box(box: Box) -> tuple[int, int, int, int]:
    """Round a box to whole pixels, because slicing can crop only whole pixels."""
    x, y, width, height = (round(value) for value in box)
    return x, y, width, height
