"""`Batch`: the result of `decode_clips`, and a short text for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from kinetics_fast import _core
from kinetics_fast._decode.request import Output, total_stats

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def short_repr(batch: DataclassInstance) -> str:
    """Return the shapes and dtypes of the arrays of a batch, and its number of errors; no values."""
    values = {field.name: getattr(batch, field.name) for field in fields(batch)}
    arrays = {name: value for name, value in values.items() if hasattr(value, "shape")}
    shapes = ", ".join(f"{name} {value.dtype} {tuple(value.shape)}" for name, value in arrays.items())
    return f"<{type(batch).__name__}: {shapes}; rows with errors: {len(values['errors'])}>"


@dataclass(frozen=True, eq=False, repr=False)
class Batch:
    """Result of `decode_clips`: B clips of T frames.

    Attributes
    ----------
    frames : ndarray
        Shape (B, T, H, W, C), (B, T, C, H, W) or (B, C, T, H, W); uint8, float16, float32 or
        bfloat16. It is the caller's array if ``out=`` was given.
    timestamps : ndarray of float64, shape (B, T)
        Seconds; NaN if the video could not be read or has no such frames.
    indices : ndarray of int64, shape (B, T)
        Frame numbers.
    status : ndarray of uint8, shape (B, T)
        Values of `FrameStatus`.
    errors : dict of int to Exception
        For each row that has errors, the error of the first frame that failed.
    stats : dict
        Sums over the call: ``runs``, ``packets_sent``, ``packets_dropped``, ``frames_decoded``,
        ``frames_converted``, ``bytes_read``, and the time of all threads together, in ``seconds_reading``,
        ``seconds_decoding`` and ``seconds_converting``.
    """

    frames: npt.NDArray[Any]
    timestamps: npt.NDArray[np.float64]
    indices: npt.NDArray[np.int64]
    status: npt.NDArray[np.uint8]
    errors: dict[int, Exception]
    stats: dict[str, float]

    if not TYPE_CHECKING:  # to a type checker, a Batch has its fields only

        def __getattr__(self, name):
            """Make what nobody has asked for before."""
            make = vars(self).get("_later", {}).get(name)
            if make is None:
                raise AttributeError(f"a kf.Batch has no attribute {name!r}")
            return vars(self).setdefault(name, make())

    def __getstate__(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)

    __repr__ = short_repr


def batch_of(output: Output, indices: Sequence[tuple[int, ...]], results: list[_core.DecodeResult]) -> Batch:
    """Return the batch of an output that is filled, and of results that are there, when somebody sees it.

    What nobody asks for is not made.
    """
    batch = Batch.__new__(Batch)
    later = {
        "timestamps": output.timestamps,
        "indices": partial(np.array, indices, np.int64),
        "status": output.status,
        "stats": partial(total_stats, results),
    }
    vars(batch).update(frames=output.frames, errors={}, _later=later)
    return batch


def note_errors(batch: Batch, errors: dict[int, Exception]) -> None:
    """Give the batch the errors of its rows. A number that no int64 can hold is raised here, not later."""
    batch.errors.update(sorted(errors.items()))
    batch.indices  # noqa: B018
