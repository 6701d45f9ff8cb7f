"""A loader as a data set of whole batches, for code that wants a DataLoader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch.utils.data import IterableDataset, get_worker_info

from kinetics_fast import _core
from kinetics_fast.loader import ClipLoader
from kinetics_fast.loader.epoch_run import EpochRun
from kinetics_fast.torch.batch import TensorBatch


class ClipDataset(IterableDataset[TensorBatch]):
    """The batches of a `ClipLoader`, for ``torch.utils.data.DataLoader(dataset, batch_size=None)``.

    The loader decodes on threads of its own, so that ``num_workers=0`` is the fastest: nothing then goes from
    process to process. With W workers, each makes every W-th batch on its share of the CPUs; no video is
    decoded twice, and the batches and their order are those of the loader.

    Parameters
    ----------
    loader : ClipLoader
        Its ``threads``, or the CPUs of this process, are divided among the workers. Each worker has
        ``prefetch`` batches ahead and a ``max_failures`` of its own, and ``loader.stats`` and
        ``loader.state_dict()`` know nothing of what workers did.

    Examples
    --------
    >>> dataset = kft.ClipDataset(loader)
    >>> for epoch in range(2):
    ...     dataset.set_epoch(epoch)
    ...     for batch in DataLoader(dataset, batch_size=None):
    ...         logits = model(batch.frames)
    """

    def __init__(self, loader: ClipLoader) -> None:
        if loader._options.buffers is not None:
            raise ValueError(
                "batches of a DataLoader outlive a ring of buffers: make the loader without buffers="
            )
        self._loader = loader
        # Workers that persist have copies of this object, and must still see which epoch it is.
        self._epoch = torch.tensor(loader.epoch).share_memory_()

    def set_epoch(self, epoch: int) -> None:
        """Say which epoch the next loop is, as with torch's DistributedSampler; workers repeat one else."""
        self._loader.set_epoch(epoch)
        self._epoch.fill_(epoch)

    def __len__(self) -> int:
        """Batches of an epoch."""
        return len(self._loader)

    def __iter__(self) -> Iterator[TensorBatch]:
        worker = get_worker_info()
        if worker is None:
            yield from map(TensorBatch.of, self._loader)
            return
        options = self._loader._options
        threads = _share(options.threads or _core.cpu_budget(), worker.id, worker.num_workers)
        numbers = range(worker.id, len(self), worker.num_workers)
        run = EpochRun(replace(options, threads=threads), int(self._epoch), numbers)
        try:
            yield from map(TensorBatch.of, run)
        finally:
            run.close()


def _share(threads: int, worker: int, workers: int) -> int:
    return max(1, threads // workers + (worker < threads % workers))
