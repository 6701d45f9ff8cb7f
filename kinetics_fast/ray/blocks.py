"""A batch of the loader as an Arrow table, with one row per clip and crop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from ray.data.extensions import ArrowPythonObjectArray, ArrowTensorArray

if TYPE_CHECKING:
    from kinetics_fast.loader import ClipBatch


def table_of(batch: ClipBatch, number: int) -> pa.Table:
    """Return the rows of a batch. The frames are not copied.

    Parameters
    ----------
    batch : ClipBatch
        The batch.
    number : int
        Number of the batch in its epoch.

    Returns
    -------
    Table
        The columns that `read_clips` describes.
    """
    rows = len(batch)
    errors = [str(batch.errors[row]) if row in batch.errors else None for row in range(rows)]
    columns = {
        "frames": ArrowTensorArray.from_numpy(batch.frames),
        "labels": _labels(batch.labels),
        "records": pa.array(batch.records),
        "valid": pa.array(batch.valid),
        "status": ArrowTensorArray.from_numpy(batch.status),
        "errors": pa.array(errors, pa.string()),
        "indices": ArrowTensorArray.from_numpy(batch.indices),
        "timestamps": ArrowTensorArray.from_numpy(batch.timestamps),
        "batch": pa.array(np.full(rows, number, np.int64)),
        "row": pa.array(np.arange(rows, dtype=np.int64)),
    }
    return pa.table(columns)


def _labels(labels: Any) -> pa.Array:
    if isinstance(labels, np.ndarray):
        return pa.array(labels) if labels.ndim == 1 else ArrowTensorArray.from_numpy(labels)
    try:
        return pa.array(labels)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):  # objects of the caller's
        return ArrowPythonObjectArray.from_objects(labels)
