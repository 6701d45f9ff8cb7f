"""torch's DataLoader over a reader of samples/, as fast as we can write it.

The workers persist from epoch to epoch, and samples are written to recycled arrays. The only copy is made by
the collation, into the memory that is shared with the training process.
"""

from __future__ import annotations

import importlib
import time
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from samples import SIZE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from windows import Window


class Samples(torch.utils.data.Dataset[tuple[Any, int]]):
    """The windows as samples. Each sample of a batch has its own memory until the batch is collated."""

    def __init__(self, windows: Sequence[Window], batch_size: int, reader: str) -> None:
        self._windows = windows
        self._reader: Any = importlib.import_module(f"samples.{reader}")
        frames = windows[0].pattern.frames
        ring = cycle([np.empty((1, 3, frames, SIZE, SIZE), np.float32) for _ in range(batch_size)])
        vars(self._reader)["recycled_samples"] = lambda *_: next(ring)

    def __len__(self) -> int:
        return len(self._windows)

    def __getitem__(self, number: int) -> tuple[Any, int]:
        return torch.from_numpy(self._reader.read(*self._windows[number].arguments)), 0


class Loader:
    """A DataLoader with the given number of workers."""

    def __init__(self, windows: Sequence[Window], batch_size: int, workers: int, reader: str) -> None:
        torch.set_num_threads(1)
        self._loader = torch.utils.data.DataLoader(
            Samples(windows, batch_size, reader),
            batch_size,
            num_workers=workers,
            persistent_workers=True,
            multiprocessing_context="fork",
        )

    def epoch(self) -> tuple[float, float]:
        begin = time.monotonic()
        first = 0.0
        for _ in self._loader:
            first = first or time.monotonic() - begin
        return first, time.monotonic() - begin
