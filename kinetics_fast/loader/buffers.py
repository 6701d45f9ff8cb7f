"""The arrays that batches are decoded into: recycled memory of the core, or the caller's ring of arrays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from kinetics_fast._decode.pixels import Pixels
from kinetics_fast._decode.request import Output
from kinetics_fast.loader.options import Options


class OutputBuffers:
    """Provide the array of each batch.

    The memory of a core's array goes back to its pool when nothing refers to the array any more. Of n arrays
    of the caller's, the k-th batch takes number k modulo n.

    Attributes
    ----------
    size : (height, width) or None
        Size of the rows; None if it is the size of the videos and no video is known yet.
    """

    def __init__(self, options: Options, pixels: Pixels) -> None:
        self._options = options
        self._pixels = pixels
        self.size = options.output_size
        if self.size is not None:
            self._check_ring(self.size)

    def common_size(self, own_sizes: Sequence[tuple[int, int]]) -> tuple[int, int]:
        """Return the (height, width) of the rows for videos of these sizes, which must all fit."""
        if self._options.output_size is not None:
            return self._options.output_size
        if self.size is None:
            self._check_ring(own_sizes[0])
            self.size = own_sizes[0]
        height, width = self.size
        for own in own_sizes:
            if own != self.size:
                sizes = f"{own[1]}x{own[0]}, and {width}x{height} before"
                raise ValueError(f"the videos differ in size: {sizes}; pass size=")
        return self.size

    def take(self, turn: int, rows: int, size: tuple[int, int]) -> Output:
        """Return the output of the turn-th batch. The last batch may need only the first rows of an array."""
        options = self._options
        out = None if options.buffers is None else options.buffers[turn % len(options.buffers)][:rows]
        return Output(self._pixels, rows, options.sampler.frames, size, out)

    @property
    def batch_bytes(self) -> int | None:
        """Bytes of the array of a batch; None if `size` is not known yet."""
        if self.size is None:
            return None
        shape = self._pixels.output_shape(self._options.rows, self._options.sampler.frames, self.size)
        return math.prod(shape) * self._pixels.dtype.itemsize

    def _check_ring(self, size: tuple[int, int]) -> None:
        options = self._options
        ring = () if options.buffers is None else options.buffers
        for buffer in ring:
            self._pixels.output(options.rows, options.sampler.frames, size, buffer)
        for (i, first), (j, second) in combinations(enumerate(ring), 2):
            if np.may_share_memory(first, second):
                raise ValueError(f"buffers must not share memory: buffers {i} and {j} do")
