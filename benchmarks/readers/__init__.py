"""The readers that the benchmark compares, a module each.

``read(path, indices)`` gives those frames as uint8 RGB; ``VERSION`` is the library's. Each is the fastest
exact pipeline that we can write with the library on one CPU: it opens the file, decodes on one thread,
converts only wanted frames, copies no more than it must, and closes. The indices ascend with an even stride.
The returned array may be overwritten by the next call, as in a training loop that recycles its buffers.
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
