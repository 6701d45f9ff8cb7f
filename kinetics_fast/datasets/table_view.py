"""Rows of a table as a sequence of records: access, subsets, filters."""

from __future__ import annotations

import operator
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, Generic, SupportsIndex, TypeVar, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kinetics_fast.datasets.columns import take
from kinetics_fast.datasets.record import Record
from kinetics_fast.datasets.table import Table

D = TypeVar("D", bound=Sequence[Record])  # the type of subsets: `Dataset`


class TableView(Sequence[Record], Generic[D]):
    """Rows of a table, which views share.

    Parameters
    ----------
    table : Table
        The columns.
    rows : int64 array, optional
        The rows of the table, in any order; all of them by default.
    """

    def __init__(self, table: Table, rows: NDArray[np.int64] | None = None) -> None:
        self._table = table
        self._rows = rows

    def __len__(self) -> int:
        return len(self._table.sources) if self._rows is None else len(self._rows)

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the labels: label 3 is ``classes[3]``. Empty if the labels have no names."""
        return self._table.classes

    @property
    def labels(self) -> NDArray[Any]:
        """The label of every record: int64 with -1 for no label, or objects."""
        if self._table.labels is None:
            return np.full(len(self), -1, np.int64)
        return take(self._table.labels, self._table_rows())

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names that `column` accepts."""
        return tuple(self._table.extra)

    def column(self, name: str) -> NDArray[Any]:
        """Return a further column, such as ``duration``, as an array.

        Parameters
        ----------
        name : str
            One of `column_names`.

        Returns
        -------
        ndarray, shape (N,)
            One value per record. Objects if NumPy has no type for the values.

        Raises
        ------
        KeyError
            The data set has no such column.
        """
        columns = self._table.extra
        if name not in columns:
            raise KeyError(f"no column {name!r}: there are {', '.join(columns) or 'none'}")
        return take(columns[name], self._table_rows())

    @overload
    def __getitem__(self, position: SupportsIndex) -> Record: ...
    @overload
    def __getitem__(self, position: slice) -> D: ...
    def __getitem__(self, position: SupportsIndex | slice) -> Record | D:
        if isinstance(position, slice):
            return self.take(np.arange(*position.indices(len(self)), dtype=np.int64))
        number = operator.index(position)
        if not -len(self) <= number < len(self):
            raise IndexError(f"record {number} of a data set of {len(self)}")
        row = number % len(self)
        return self._table.record(row if self._rows is None else int(self._rows[row]))

    def take(self, positions: ArrayLike) -> D:
        """Return some records as a data set.

        Parameters
        ----------
        positions : array of int or bool, one dimension
            Numbers of records in any order, or one bool per record.

        Returns
        -------
        Dataset or Kinetics
            A data set of the same class, with the same classes.

        Raises
        ------
        IndexError
            A position is out of range, or there is not one bool per record.
        """
        return self._of(self._table, self._rows_at(positions))

    def filter(
        self,
        *,
        status: str | Iterable[str] | None = None,
        classes: str | Iterable[str | int] | None = None,
        duration: tuple[float | None, float | None] | None = None,
    ) -> D:
        """Return the records that meet every given condition, in their order.

        Parameters
        ----------
        status : str or several, optional
            The record has one of these statuses.
        classes : str, or several names or label numbers, optional
            The record has one of these classes.
        duration : (low, high), optional
            low <= duration <= high in seconds; None for no bound. Unknown durations never match.

        Returns
        -------
        Dataset or Kinetics
            A data set of the same class, with the same classes.

        Raises
        ------
        KeyError
            The data set has no such column.
        ValueError
            There is no such class.
        """
        return self.take(self._matching(status, classes, duration))

    def clips_per_class(self, clips: int, seed: int = 0) -> D:
        """Return `clips` random records of each class, in their order; all records of a smaller class.

        The choice within a class depends only on its label number, its size and `seed`. A larger subset of
        the same seed contains the smaller ones. Records without a label are left out.

        Parameters
        ----------
        clips : int
            Records per class, at least 1.
        seed : int, optional
            Random seed.

        Returns
        -------
        Dataset or Kinetics
            A data set of the same class, with the same classes.
        """
        return self.take(_drawn(self.labels, clips, seed))

    def __repr__(self) -> str:
        classes = f", {len(self.classes):,} classes" if self.classes else ""
        return f"{type(self).__name__}({len(self):,} clips{classes})"

    @classmethod
    @abstractmethod
    def _of(cls, table: Table, rows: NDArray[np.int64] | None = None) -> D:
        """Return the view of a table that the methods of this class return."""

    def _table_rows(self) -> NDArray[np.int64]:
        return np.arange(len(self), dtype=np.int64) if self._rows is None else self._rows

    def _rows_at(self, positions: ArrayLike) -> NDArray[np.int64]:
        """Return the rows of the table at some positions of this view."""
        array = np.asarray(positions)
        if array.ndim != 1:
            raise ValueError(f"positions must have one dimension, got shape {array.shape}")
        if array.dtype != bool and array.size and not np.issubdtype(array.dtype, np.integer):
            raise TypeError(f"positions must be integers or bools, got {array.dtype}")
        rows: NDArray[np.int64] = self._table_rows()[array if array.dtype == bool else array.astype(np.int64)]
        return rows

    def _matching(
        self,
        status: str | Iterable[str] | None,
        classes: str | Iterable[str | int] | None,
        duration: tuple[float | None, float | None] | None,
    ) -> NDArray[np.bool_]:
        chosen = np.ones(len(self), bool)
        if status is not None:
            chosen &= np.isin(self.column("status").astype(str), _several(status))
        if classes is not None:
            wanted = [_label_number(self.classes, name) for name in _several(classes)]
            chosen &= np.isin(self.labels, wanted)
        if duration is not None:
            low, high = duration
            seconds = self.column("duration").astype(np.float64)
            chosen &= seconds >= (-np.inf if low is None else low)  # false for NaN
            chosen &= seconds <= (np.inf if high is None else high)
        return chosen


def _drawn(labels: NDArray[Any], clips: int, seed: int) -> NDArray[np.int64]:
    """Return the positions of `clips` records of each label, sorted."""
    if operator.index(clips) < 1:
        raise ValueError(f"clips must be at least 1, got {clips}")
    if labels.dtype != np.int64:
        raise ValueError("clips_per_class: the labels of this data set are not numbers")
    order = np.argsort(labels, kind="stable")
    numbers, firsts = np.unique(labels[order], return_index=True)
    drawn = [
        np.random.default_rng((seed, number)).permutation(rows)[:clips]
        for number, rows in zip(numbers.tolist(), np.split(order, firsts[1:]), strict=True)
        if number >= 0
    ]
    return np.sort(np.concatenate([np.empty(0, np.int64), *drawn]))


def _label_number(classes: tuple[str, ...], name: str | int) -> int:
    if not isinstance(name, str):
        return operator.index(name)
    if name not in classes:
        raise ValueError(f"no class {name!r} among the {len(classes)} classes of this data set")
    return classes.index(name)


def _several(values: Any) -> list[Any]:
    return [values] if isinstance(values, str) else list(values)
