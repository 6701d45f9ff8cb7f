"""The batches of an epoch as a data source of Ray: each batch is one read task and one block.

1. The plan of the epoch is made once, by the caller. A task has the numbers of its videos only, and is small.
2. The data set and the other arguments are put into the object store once, and read from there by each worker
   process when its first task begins.
3. A task decodes one batch on as many threads as it has CPUs, and keeps nothing. What is in memory at once is
   bounded by the CPUs, and by Ray, which starts no task while its consumers are behind.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Any

import numpy as np
import pyarrow as pa
import ray
from ray.data import Datasource, ReadTask
from ray.data.block import BlockMetadata

from kinetics_fast.loader.options import Options
from kinetics_fast.loader.plan import EpochPlan, Places
from kinetics_fast.loader.single_batch import read_batch
from kinetics_fast.ray.blocks import table_of


class ClipDatasource(Datasource):  # type: ignore[misc]  # Ray has no types here
    """The batches of one epoch.

    Parameters
    ----------
    options : Options
        The arguments of the loader.
    epoch : int
        Number of the epoch.
    size : (height, width) or None
        Size of the rows; None if no video of the data set can be read.
    """

    def __init__(self, options: Options, epoch: int, size: tuple[int, int] | None) -> None:
        super().__init__()
        self._epoch = epoch
        self._size = size
        self._bytes_per_row = _bytes_per_row(options, size)
        self._views = options.views
        self._keeps_rows = options.on_error != "skip"
        plan = EpochPlan(
            options.epoch_order(epoch),
            batch_size=options.batch_size,
            rank=options.rank,
            world_size=options.world_size,
        )
        self._batches = [plan.places(number) for number in range(options.batches(epoch))]
        self._options = ray.put(options)

    def __len__(self) -> int:
        return len(self._batches)

    def get_name(self) -> str:
        """Return the name that Ray shows."""
        return "Clips"

    def estimate_inmemory_data_size(self) -> int | None:
        """Return the bytes of all decoded rows."""
        if self._bytes_per_row is None:
            return None
        return self._bytes_per_row * sum(map(self._rows, self._batches))

    def get_read_tasks(
        self,
        parallelism: int,  # noqa: ARG002 - a batch is never split, nor joined with another one
        per_task_row_limit: int | None = None,
        data_context: Any = None,  # noqa: ARG002
    ) -> list[ReadTask]:
        """Return one task per batch, in the order of the epoch."""
        return [
            ReadTask(
                partial(_read, self._options, self._epoch, number, places, self._size),
                self._metadata(places),
                per_task_row_limit=per_task_row_limit,
            )
            for number, places in enumerate(self._batches)
        ]

    def _rows(self, places: Places) -> int:
        return len(places.records) * self._views

    def _metadata(self, places: Places) -> BlockMetadata:
        rows = self._rows(places)
        size = None if self._bytes_per_row is None else rows * self._bytes_per_row
        return BlockMetadata(
            num_rows=rows if self._keeps_rows else None, size_bytes=size, input_files=None, exec_stats=None
        )


def _bytes_per_row(options: Options, size: tuple[int, int] | None) -> int | None:
    if size is None:
        return None
    pixels, frames = options.pixels.checked(), options.sampler.frames
    numbers = frames * (np.dtype(np.int64).itemsize + np.dtype(np.float64).itemsize + 1)
    return math.prod(pixels.output_shape(1, frames, size)) * pixels.dtype.itemsize + numbers


def _read(
    reference: Any, epoch: int, number: int, places: Places, size: tuple[int, int] | None
) -> Iterator[pa.Table]:
    yield table_of(read_batch(_options_at(reference), epoch, places, size), number)


@lru_cache(maxsize=1)
def _options_at(reference: Any) -> Options:
    options: Options = ray.get(reference)
    return options
