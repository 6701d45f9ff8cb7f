"""What a loader hands out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class ClipBatch:
    """A batch: B rows of T frames. Rows are video by video, then clip by clip, then crop by crop.

    Attributes
    ----------
    frames : ndarray
        (B, C, T, H, W), (B, T, C, H, W) or (B, T, H, W, C). NumPy's DLPack carries it to other frameworks
        without a copy.
    labels : ndarray or list
        Integers as int64 (B,), -1 where there is none; arrays stacked; anything else as a list.
    records : ndarray of int64
        (B,) positions in the data set.
    valid : ndarray of bool
        (B,) False where the row failed, and for the repeats that fill up an epoch's last batch.
    status : ndarray of uint8
        (B, T) of `FrameStatus`.
    errors : dict of int to Exception
        The first error of each row that has one. With ``on_error="replace"`` that of the video which the row
        was meant for.
    indices : ndarray of int64
        (B, T) frame numbers; -1 where none were drawn.
    timestamps : ndarray of float64
        (B, T) seconds; NaN where the video could not be read.
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
