"""`TensorBatch`: a batch whose arrays are tensors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from kinetics_fast._decode.batch import short_repr
from kinetics_fast.loader import ClipBatch

_TENSORS = ("frames", "labels", "records", "valid", "status", "indices", "timestamps")


@dataclass(frozen=True, eq=False, repr=False)
class TensorBatch:
    """The content of a `kinetics_fast.ClipBatch` under the same names, with tensors instead of arrays.

    Labels that are neither numbers nor arrays of numbers are a list. ``DataLoader(pin_memory=True)`` pins the
    batch.
    """

    frames: torch.Tensor
    labels: torch.Tensor | list[Any]
    records: torch.Tensor
    valid: torch.Tensor
    status: torch.Tensor
    errors: dict[int, Exception]
    indices: torch.Tensor
    timestamps: torch.Tensor

    @classmethod
    def of(cls, batch: ClipBatch) -> TensorBatch:
        """Wrap the arrays of a batch without copying them.

        Parameters
        ----------
        batch : ClipBatch
            The batch.

        Returns
        -------
        TensorBatch
            The same memory as tensors.
        """
        return cls(errors=batch.errors, **{name: _tensor(getattr(batch, name)) for name in _TENSORS})

    def to(self, device: torch.device | str, non_blocking: bool = False) -> TensorBatch:
        """Return the batch with its tensors on a device.

        Parameters
        ----------
        device : torch.device or str
            The device.
        non_blocking : bool
            As for ``torch.Tensor.to``.

        Returns
        -------
        TensorBatch
            The batch on the device.
        """
        return self._each(lambda tensor: tensor.to(device, non_blocking=non_blocking))

    def pin_memory(self) -> TensorBatch:
        """Return the batch with its tensors in page-locked memory.

        Returns
        -------
        TensorBatch
            The copy.
        """
        return self._each(torch.Tensor.pin_memory)

    def record_stream(self, stream: torch.cuda.Stream) -> None:
        """Keep the memory of the tensors until a stream has finished its present work.

        Parameters
        ----------
        stream : torch.cuda.Stream
            The stream that uses the tensors.
        """
        for name in _TENSORS:
            value = getattr(self, name)
            if isinstance(value, torch.Tensor):
                value.record_stream(stream)

    def _each(self, change: Callable[[torch.Tensor], torch.Tensor]) -> TensorBatch:
        values = {name: getattr(self, name) for name in _TENSORS}
        changed = {name: change(value) for name, value in values.items() if isinstance(value, torch.Tensor)}
        return replace(self, **changed)

    def __len__(self) -> int:
        return len(self.records)

    __repr__ = short_repr


def _tensor(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    if value.dtype.name == "bfloat16":  # torch does not know the dtype of ml_dtypes
        return torch.from_numpy(value.view(np.int16)).view(torch.bfloat16)
    return torch.from_numpy(value) if value.dtype.kind in "biufc" else list(value)
