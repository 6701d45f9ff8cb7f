"""Columns of a data set: one value per row, stored in arrays, converted to a Python object on access.

A column is any object with a length and integer indexing, such as a NumPy array or a list. The classes here
store texts of different lengths, which NumPy stores badly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

_CHUNK = 65_536  # names that exist as Python objects at the same time while a column is read


class Column(Protocol):
    """One value per row."""

    def __len__(self) -> int: ...

    def __getitem__(self, row: int, /) -> Any: ...


class TextColumn(Sequence[str]):
    """Immutable texts in one piece of memory, as UTF-8 that may also contain surrogates."""

    def __init__(self, data: bytes, ends: NDArray[np.int64]) -> None:
        self._data = data
        self._ends = ends

    @classmethod
    def of(cls, texts: Iterable[str]) -> TextColumn:
        """Return a column of `texts`."""
        builder = TextBuilder()
        builder.extend(texts)
        return builder.build()

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, row: Any) -> Any:
        if isinstance(row, slice):
            return [self[i] for i in range(*row.indices(len(self)))]
        if not -len(self) <= row < len(self):
            raise IndexError(f"row {row} of {len(self)}")
        row %= len(self)
        start = int(self._ends[row - 1]) if row else 0
        return _text(self._data[start : int(self._ends[row])])

    def __iter__(self) -> Iterator[str]:
        start = 0
        for first in range(0, len(self._ends), _CHUNK):
            for end in self._ends[first : first + _CHUNK].tolist():
                yield _text(self._data[start:end])
                start = end


class TextBuilder:
    """Collects a `TextColumn` piece by piece."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._lengths: list[NDArray[np.int32]] = []

    def extend(self, texts: Iterable[str]) -> None:
        """Add `texts` at the end."""
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        self._data += b"".join(encoded)
        self._lengths.append(np.fromiter(map(len, encoded), np.int32, len(encoded)))

    def build(self) -> TextColumn:
        """Return the column of all added texts."""
        lengths = np.concatenate([np.empty(0, np.int32), *self._lengths])
        return TextColumn(bytes(self._data), np.cumsum(lengths, dtype=np.int64))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


def take(column: Column, rows: NDArray[np.int64]) -> NDArray[Any]:
    """Return the values of `rows` as an array, of objects if NumPy has no type for them."""
    if isinstance(column, (np.ndarray, TextColumn)) or hasattr(column, "__array__"):
        return np.asarray(column)[rows]
    values = [column[row] for row in rows.tolist()]
    if all(isinstance(value, (str, bool, int, float)) for value in values):
        return np.array(values)
    objects = np.empty(len(values), object)
    for place, value in enumerate(values):
        objects[place] = value
    return objects
