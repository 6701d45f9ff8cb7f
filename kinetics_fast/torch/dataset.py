"""`ClipDataset`: a loader as a data set of whole batches, for code that needs a DataLoader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import torch
from torch.utils.data import IterableDataset, get_worker_info

from kinetics_fast import _core
from kinetics_fast.loader import ClipLoader
from kinetics_fast.loader.epoch_run import EpochRun
from kinetics_fast.loader.options import Options
from kinetics_fast.loader.state import check_state, fingerprint
from kinetics_fast.torch.batch import TensorBatch


class ClipDataset(IterableDataset[TensorBatch]):
    """The batches of a `ClipLoader`, for ``torch.utils.data.DataLoader(dataset, batch_size=None)``.

    The loader decodes on the engine's threads. Therefore ``num_workers=0`` is the fastest choice: no data is
    sent between processes. With W workers, each worker makes every W-th batch on its share of the CPUs; no
    video is decoded twice, and the batches and their order are those of the loader.

    The statistics of workers stay in their processes: ``loader.stats`` is empty, and failures are only in
    ``batch.errors``. Each worker decodes ``prefetch`` batches ahead and counts ``max_failures`` by itself.
    ``state_dict`` stays at the start of the loop. To resume, replace ``DataLoader`` by torchdata's
    ``StatefulDataLoader``, which asks each worker for its state. Or count the batches:
    ``{**dataset.state_dict(), "batch": n}`` is the state after n batches of the epoch.

    Parameters
    ----------
    loader : ClipLoader
        The loader. Its ``threads``, or the CPUs of this process, are divided among the workers.

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
                "batches of a DataLoader outlive a ring of buffers: create the loader without buffers="
            )
        self._loader = loader
        # Persistent workers have copies of this object and must see where the next loop begins.
        self._position = torch.tensor(loader._next_position()).share_memory_()
        self._part: _Part | None = None
        self._restored: Mapping[str, Any] | None = None

    def set_epoch(self, epoch: int) -> None:
        """Set the epoch of the next loop, as for torch's DistributedSampler; without it workers repeat one.

        Parameters
        ----------
        epoch : int
            Number of the epoch, from 0.
        """
        self._loader.set_epoch(epoch)
        self._position.copy_(torch.tensor(self._loader._next_position()))

    def state_dict(self) -> dict[str, Any]:
        """Return the position, as `ClipLoader.state_dict` does; in a worker, the position of the worker.

        Returns
        -------
        dict
            Plain values.
        """
        return self._loader.state_dict() if self._part is None else self._part.state_dict()

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Let the next loop continue where the state was taken; in a worker, this worker's share of it.

        Parameters
        ----------
        state : mapping
            What `state_dict` returned.

        Raises
        ------
        ValueError
            The state is of another loader, as for `ClipLoader.load_state_dict`.
        """
        if get_worker_info() is not None:
            check_state(state, self._loader._options)
            self._restored = state
            return
        self._loader.load_state_dict(state)
        self._position.copy_(torch.tensor(self._loader._next_position()))

    def __len__(self) -> int:
        """Return the number of batches of the epoch of the next loop."""
        return len(self._loader)

    def __iter__(self) -> Iterator[TensorBatch]:
        worker = get_worker_info()
        if worker is None:
            return map(TensorBatch.of, self._loader)
        loader = self._loader
        options = loader._options
        threads = _share(options.threads or _core.cpu_budget(), worker.id, worker.num_workers)
        if self._restored is not None:
            epoch, first, failed = (int(self._restored[name]) for name in ("epoch", "batch", "failed"))
        else:
            # The first loop of a worker begins where the loader was when the worker was created.
            position = loader._next_position() if self._part is None else self._position.tolist()
            epoch, first, failed = position[0], position[1] + worker.id, 0
        self._restored = None
        numbers = range(first, options.batches(epoch), worker.num_workers)
        self._part = _Part(replace(options, threads=threads), epoch, numbers, failed)
        return iter(self._part)


class _Part:
    """The batches of an epoch that one worker decodes."""

    def __init__(self, options: Options, epoch: int, numbers: range, failed: int) -> None:
        self._options = options
        self._epoch = epoch
        self._numbers = numbers
        self._run = EpochRun(options, epoch, numbers, failed)

    def __iter__(self) -> Iterator[TensorBatch]:
        try:
            yield from map(TensorBatch.of, self._run)
        finally:
            self._run.close()

    def state_dict(self) -> dict[str, Any]:
        """Return the state of which the next batch is this worker's next one."""
        following = self._numbers.start + self._run.handed_out * self._numbers.step
        batch = min(following, self._options.batches(self._epoch))
        return {
            **fingerprint(self._options),
            "epoch": self._epoch,
            "batch": batch,
            "failed": self._run.failed,
        }


def _share(threads: int, worker: int, workers: int) -> int:
    return max(1, threads // workers + (worker < threads % workers))
