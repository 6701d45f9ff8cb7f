"""The arrays that batches are decoded into: the core's recycled ones, or the caller's ring."""

from __future__ import annotations

import math
import warnings
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from kinetics_fast._decode.pixels import Pixels
from kinetics_fast.loader.options import Options

Frames = npt.NDArray[Any]


class OutputBuffers:
    """Give each batch its array, and say how many batches may be ahead.

    An array of the core's goes back to its pool when nobody refers to it any more. Of n arrays of the
    caller's, the k-th batch takes number k modulo n.

    Attributes
    ----------
    prefetch : int
        Batches that are decoded ahead of the one that is handed out: as many as was asked for and as their
        bytes allow.
    """

    def __init__(self, options: Options, pixels: Pixels) -> None:
        self._options = options
        self._pixels = pixels
        self.prefetch = options.prefetch
        self._size = options.output_size
        if self._size is not None:
            self._prepare(self._size)

    def size(self, own: tuple[int, int]) -> tuple[int, int]:
        """Give (height, width) of the rows, where a video's own is `own`."""
        if self._size is None:
            self._prepare(own)
        if self._options.output_size is None and own != self._size:
            assert self._size is not None
            (height, width), (first_height, first_width) = own, self._size
            raise ValueError(
                f"the videos differ in size: {width}x{height}, and {first_width}x{first_height} before; "
                "pass size="
            )
        assert self._size is not None
        return self._size

    def take(self, turn: int) -> Frames | None:
        """Give the array for the turn-th batch; None where no video has said yet how large it is."""
        if self._size is None:
            return None
        ring = self._options.buffers
        out = None if ring is None else ring[turn % len(ring)]
        return self._pixels.output(self._options.rows, self._options.sampler.frames, self._size, out)

    def _prepare(self, size: tuple[int, int]) -> None:
        self._size = size
        options = self._options
        if options.buffers is not None:
            for buffer in options.buffers:
                self._pixels.output(options.rows, options.sampler.frames, size, buffer)
            for (i, first), (j, second) in combinations(enumerate(options.buffers), 2):
                if np.may_share_memory(first, second):
                    raise ValueError(f"buffers {i} and {j} share memory: a batch would overwrite another")
            return
        values = options.rows * options.sampler.frames * math.prod(size) * self._pixels.channels
        batch_bytes = values * self._pixels.dtype.itemsize
        if batch_bytes > options.prefetch_bytes and self.prefetch:
            warnings.warn(
                f"a batch has {batch_bytes} bytes, more than prefetch_bytes={options.prefetch_bytes}; one is "
                "decoded ahead all the same",
                stacklevel=2,
            )
        self.prefetch = min(self.prefetch, max(1, options.prefetch_bytes // batch_bytes))
