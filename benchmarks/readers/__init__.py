"""The readers that the benchmark compares: one module per reader.

``read(path, indices)`` gives the frames as uint8 RGB. ``VERSION`` is the version of the library. Each reader
is the fastest exact pipeline that we can write with the library on one CPU. It opens the file, decodes on one
thread, converts only wanted frames, makes no needless copy, and closes the file. The indices ascend with a
constant stride. The next call may overwrite the returned array, as in a training loop that recycles its
buffers.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Frames = npt.NDArray[np.uint8]


@lru_cache(maxsize=8)
def recycled_frames(count: int, height: int, width: int) -> Frames:
    """Give an array of this shape, the same one each time."""
    return np.empty((count, height, width, 3), np.uint8)
