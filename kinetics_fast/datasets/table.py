"""The columns of a data set, from which records are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinetics_fast.datasets.columns import Column
from kinetics_fast.datasets.record import Record


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of equal length. `Dataset` describes them; `extra` are its ``columns``."""

    sources: Column
    labels: Column | None = None
    starts: NDArray[np.float64] | None = None
    ends: NDArray[np.float64] | None = None
    ids: Column | None = None
    frame_indices: Column | None = None
    classes: tuple[str, ...] = ()
    extra: Mapping[str, Column] = field(default_factory=dict)

    def __post_init__(self) -> None:
        named = {name: getattr(self, name) for name in ("labels", "starts", "ends", "ids", "frame_indices")}
        for name, column in {**named, **self.extra}.items():
            if column is not None and len(column) != len(self.sources):
                counts = f"got {len(column)} values for {len(self.sources)} sources"
                raise ValueError(f"{name} must have one value per source, {counts}")
        if isinstance(self.labels, np.ndarray) and self.labels.dtype == np.int64 and self.labels.size:
            for label in (self.labels.min(), self.labels.max()):
                check_label(int(label), len(self.classes))

    def record(self, row: int) -> Record:
        """Return the record of a row."""
        return Record(
            self.sources[row],
            _label(self.labels, row),
            _seconds(self.starts, row),
            _seconds(self.ends, row),
            None if self.ids is None else self.ids[row],
            None if self.frame_indices is None else self.frame_indices[row],
        )


def check_label(label: int, classes: int, where: str = "") -> None:
    """Refuse a label that is out of range.

    Parameters
    ----------
    label : int
        The label number.
    classes : int
        The number of classes; 0 if the labels have no names.
    where : str, optional
        The file and line for the message.

    Raises
    ------
    ValueError
        The label is out of range.
    """
    said = f"{where}: " if where else ""
    if not -1 <= label <= np.iinfo(np.int64).max:
        raise ValueError(f"{said}a label must be at least 0, or -1 for no label, got {label}")
    if classes and label >= classes:
        raise ValueError(f"{said}label {label}, but there are {classes} classes")


def label_column(labels: Column | None) -> Column | None:
    """Return label numbers as int64 with -1 for None. Other labels are returned unchanged."""
    if isinstance(labels, np.ndarray) and labels.ndim == 1 and np.issubdtype(labels.dtype, np.integer):
        return labels.astype(np.int64, copy=False)
    if isinstance(labels, (list, tuple)) and all(
        label is None or isinstance(label, (int, np.integer)) for label in labels
    ):
        return np.array([-1 if label is None else label for label in labels], np.int64)
    return labels


def _label(labels: Column | None, row: int) -> Any:
    label = None if labels is None else labels[row]
    if isinstance(label, np.integer):
        return int(label) if label >= 0 else None
    return label


def _seconds(times: NDArray[np.float64] | None, row: int) -> float | None:
    return None if times is None or np.isnan(times[row]) else float(times[row])
