"""A sequence of records, kept as columns."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, SupportsIndex, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kinetics_fast.datasets.columns import Column, take
from kinetics_fast.datasets.from_files import FromFiles
from kinetics_fast.datasets.record import Record
from kinetics_fast.datasets.table import Table, label_column

if TYPE_CHECKING:
    from kinetics_fast.datasets.summary import Summary


class Dataset(FromFiles, Sequence[Record]):
    """Which videos there are: a sequence of `Record`, each made when it is asked for.

    A slice, a filter or a subset is a `Dataset` that shares the columns. Label numbers never change.

    Parameters
    ----------
    sources : sequence
        What `kf.Video` takes, one a row.
    labels : int64 array or sequence, optional
        Label numbers, -1 or None for none; or any objects.
    starts, ends : float64 array or sequence, optional
        Seconds that bound what is sampled; NaN or None for no bound.
    ids : sequence of str, optional
    frame_indices : sequence of bytes or None, optional
        Packed frame indices.
    classes : sequence of str
        Names of the labels, by number; may be empty.
    columns : mapping of str to column, optional
        Whatever else is known of each row. ``status`` and ``duration`` (seconds) are what `filter` looks at.

    Examples
    --------
    >>> dataset = kf.Dataset(["a.mp4", "b.mp4", "c.mp4"], [0, 1, 1], classes=["abseiling", "zumba"])
    >>> dataset[1].label, len(dataset[1:])
    (1, 2)
    >>> dataset.filter(classes=["zumba"])[0].source
    'b.mp4'
    """

    def __init__(
        self,
        sources: Column,
        labels: Column | None = None,
        *,
        starts: NDArray[np.float64] | Sequence[float | None] | None = None,
        ends: NDArray[np.float64] | Sequence[float | None] | None = None,
        ids: Column | None = None,
        frame_indices: Column | None = None,
        classes: Iterable[str] = (),
        columns: Mapping[str, Column] | None = None,
    ) -> None:
        if isinstance(sources, (str, bytes)) or not hasattr(sources, "__getitem__"):
            raise TypeError(f"a data set is made of a sequence of sources, not of {type(sources).__name__}")
        self._table = Table(
            sources,
            label_column(labels),
            _seconds(starts),
            _seconds(ends),
            ids,
            frame_indices,
            tuple(classes),
            dict(columns or {}),
        )
        self._rows: NDArray[np.int64] | None = None

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the labels: label 3 is ``classes[3]``. Empty where they have no names."""
        return self._table.classes

    @property
    def labels(self) -> NDArray[Any]:
        """The label of every row: int64, -1 for none, or objects."""
        if self._table.labels is None:
            return np.full(len(self), -1, np.int64)
        return take(self._table.labels, self._table_rows())

    @property
    def column_names(self) -> tuple[str, ...]:
        """What `column` knows."""
        return tuple(self._table.extra)

    def column(self, name: str) -> NDArray[Any]:
        """Return what else is known of each row, such as its ``duration``, as an array.

        Raises
        ------
        KeyError
            There is no such column; see `column_names`.
        """
        columns = self._table.extra
        if name not in columns:
            raise KeyError(f"no column {name!r}: there are {', '.join(columns) or 'none'}")
        return take(columns[name], self._table_rows())

    def __len__(self) -> int:
        return len(self._table.sources) if self._rows is None else len(self._rows)

    @overload
    def __getitem__(self, position: SupportsIndex) -> Record: ...
    @overload
    def __getitem__(self, position: slice) -> Dataset: ...
    def __getitem__(self, position: SupportsIndex | slice) -> Record | Dataset:
        if isinstance(position, slice):
            return self.take(np.arange(*position.indices(len(self)), dtype=np.int64))
        number = operator.index(position)
        if not -len(self) <= number < len(self):
            raise IndexError(f"record {number} of a data set of {len(self)}")
        row = number % len(self)
        return self._table.record(row if self._rows is None else int(self._rows[row]))

    def take(self, positions: ArrayLike) -> Dataset:
        """Return the records at `positions` (integers, in any order, or one bool a record) as a data set.

        Raises
        ------
        IndexError
            A position is past the end, or the bools are not one a record.
        """
        array = np.asarray(positions)
        if array.ndim != 1:
            raise ValueError(f"positions are a sequence, not an array of shape {array.shape}")
        if array.dtype != bool and array.size and not np.issubdtype(array.dtype, np.integer):
            raise TypeError(f"positions are integers or bools, not {array.dtype}")
        subset = Dataset.__new__(Dataset)
        subset._table = self._table
        subset._rows = self._table_rows()[array if array.dtype == bool else array.astype(np.int64)]
        return subset

    def _table_rows(self) -> NDArray[np.int64]:
        return np.arange(len(self), dtype=np.int64) if self._rows is None else self._rows

    def filter(
        self,
        *,
        status: str | Iterable[str] | None = None,
        classes: str | Iterable[str | int] | None = None,
        duration: tuple[float | None, float | None] | None = None,
    ) -> Dataset:
        """Return the records that meet every condition given, in their order.

        Parameters
        ----------
        status : str or several, optional
            Those of one of these statuses.
        classes : str, or several names or label numbers, optional
            Those of one of these classes.
        duration : (low, high), optional
            Those of low <= duration <= high seconds; None is no bound. Unknown durations do not
            meet it.

        Raises
        ------
        KeyError
            The data set has no such column.
        ValueError
            There is no such class.
        """
        from kinetics_fast.datasets import selection

        return self.take(selection.matching(self, status, classes, duration))

    def clips_per_class(self, clips: int, seed: int = 0) -> Dataset:
        """Return `clips` random records a class, in their order; all of a class that has fewer.

        What is drawn of a class depends on its label number, its size and `seed` alone, and a larger subset
        of the same seed holds the smaller ones. Records without a label are left out.
        """
        from kinetics_fast.datasets import selection

        return self.take(selection.clips_per_class(self.labels, clips, seed))

    def report(self) -> Summary:
        """Return counts of clips, classes, statuses and seconds: a dict that prints as text."""
        from kinetics_fast.datasets.summary import summarize

        return summarize(self)

    def __repr__(self) -> str:
        classes = f", {len(self.classes):,} classes" if self.classes else ""
        return f"{type(self).__name__}({len(self):,} clips{classes})"


def _seconds(times: NDArray[np.float64] | Sequence[float | None] | None) -> NDArray[np.float64] | None:
    return None if times is None else np.asarray(times, np.float64)
