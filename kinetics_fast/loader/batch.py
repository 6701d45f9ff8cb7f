"""`ClipBatch`, and how it is assembled from the slots of a batch under the policy on errors."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kinetics_fast._decode.batch import short_repr
from kinetics_fast._decode.request import Output
from kinetics_fast.loader.failures import too_many
from kinetics_fast.loader.options import Options
from kinetics_fast.loader.records import label_rows
from kinetics_fast.loader.slot import Slot


@dataclass(frozen=True, eq=False, repr=False)
class ClipBatch:
    """A batch: B rows of T frames. The rows are ordered by video, then by clip, then by crop.

    Attributes
    ----------
    frames : ndarray
        Shape (B, C, T, H, W), (B, T, C, H, W) or (B, T, H, W, C). Other frameworks take it by DLPack without
        a copy.
    labels : ndarray or list
        Integer labels as int64 (B,), with -1 for None; arrays are stacked; any other labels are a list.
    records : ndarray of int64, shape (B,)
        Positions of the videos in the data set.
    valid : ndarray of bool, shape (B,)
        False for rows that failed, and for the repeats that fill up the last batch of an epoch if
        ``world_size`` is above 1. Leave such rows out of losses and metrics.
    status : ndarray of uint8, shape (B, T)
        Values of `FrameStatus`.
    errors : dict of int to Exception
        The first error of each row that has one. With ``on_error="replace"``, the error of the video that was
        planned for the row.
    indices : ndarray of int64, shape (B, T)
        Frame numbers; -1 if none were drawn.
    timestamps : ndarray of float64, shape (B, T)
        Seconds; NaN if the video could not be read.
    """

    frames: npt.NDArray[Any]
    labels: Any
    records: npt.NDArray[np.int64]
    valid: npt.NDArray[np.bool_]
    status: npt.NDArray[np.uint8]
    errors: dict[int, Exception]
    indices: npt.NDArray[np.int64]
    timestamps: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.records)

    __repr__ = short_repr


def assemble(
    options: Options, slots: Sequence[Slot], output: Output | None, indices: npt.NDArray[np.int64]
) -> ClipBatch:
    """Return the batch, or raise, leave zeros or leave rows out where videos failed.

    Without an output, no video could be read and the size of the rows is not known.
    """
    failed = [slot.failed for slot in slots if slot.failed is not None]
    if failed and options.on_error == "replace":
        failures = next(slot.failures for slot in slots if slot.failed is not None)
        raise too_many(len(failures), "one after the other, for one slot of a batch", failures)
    if output is None or (failed and options.on_error == "raise"):
        # A copy, because the error in the statistics must not keep this batch alive by its traceback.
        raise copy(failed[0].error)
    for slot in slots:
        if slot.failed is not None and not slot.failed.decoded:
            output.fail(slot.row_slice)
            indices[slot.row_slice] = -1
    batch = _all_rows(options, slots, output, indices)
    if failed and options.on_error == "skip":
        return _kept_rows(batch, [slot.failed is None for slot in slots], options.views)
    return batch


def _all_rows(
    options: Options, slots: Sequence[Slot], output: Output, indices: npt.NDArray[np.int64]
) -> ClipBatch:
    valid = np.repeat([not slot.padding for slot in slots], options.views)
    errors: dict[int, Exception] = {}
    for slot in slots:
        errors |= slot.row_errors()
        if slot.failed is not None:
            valid[list(slot.failed.row_errors)] = False
    return ClipBatch(
        frames=output.frames,
        labels=label_rows([slot.attempt.record.label for slot in slots], options.views),
        records=np.repeat(np.array([slot.attempt.record_index for slot in slots], np.int64), options.views),
        valid=valid,
        status=output.status(),
        errors=errors,
        indices=indices,
        timestamps=output.timestamps(),
    )


def _kept_rows(batch: ClipBatch, kept: Sequence[bool], views: int) -> ClipBatch:
    """Leave rows out; the rows that stay move up in the same array."""
    rows = np.flatnonzero(np.repeat(kept, views))
    for target, row in enumerate(rows.tolist()):
        if target != row:
            batch.frames[target] = batch.frames[row]
    labels = batch.labels
    return ClipBatch(
        batch.frames[: len(rows)],
        [labels[row] for row in rows.tolist()] if isinstance(labels, list) else labels[rows],
        batch.records[rows],
        batch.valid[rows],
        batch.status[rows],
        {},
        batch.indices[rows],
        batch.timestamps[rows],
    )
