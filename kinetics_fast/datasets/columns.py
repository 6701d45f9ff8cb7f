"""Columns of a data set: one value a row, held in arrays, made into Python objects when one is asked for.

A column is anything with a length that is indexed by an int. NumPy arrays and lists are columns as they are;
the classes here are for what NumPy holds badly: text of differing lengths and places in files.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

_CHUNK = 65_536  # names that are Python objects at once while a column is filled


class Column(Protocol):
    """One value a row."""

    def __len__(self) -> int: ...

    def __getitem__(self, row: int, /) -> Any: ...


class TextColumn(Sequence[str]):
    """Immutable text, all of it in one piece of memory: file names as the system spells them."""

    def __init__(self, data: bytes, ends: NDArray[np.int64]) -> None:
        self._data = data
        self._ends = ends

    @classmethod
    def of(cls, texts: Iterable[str]) -> TextColumn:
        """Hold `texts`, in their order."""
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
        return os.fsdecode(self._data[start : int(self._ends[row])])

    def __iter__(self) -> Iterator[str]:
        start = 0
        for first in range(0, len(self._ends), _CHUNK):
            for end in self._ends[first : first + _CHUNK].tolist():
                yield os.fsdecode(self._data[start:end])
                start = end


class TextBuilder:
    """Collects a `TextColumn` piece by piece."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._lengths: list[NDArray[np.int32]] = []

    def extend(self, texts: Iterable[str]) -> None:
        """Add `texts` at the end."""
        encoded = [os.fsencode(text) for text in texts]
        self._data += b"".join(encoded)
        self._lengths.append(np.fromiter(map(len, encoded), np.int32, len(encoded)))

    def build(self) -> TextColumn:
        """Return all that was added."""
        lengths = np.concatenate([np.empty(0, np.int32), *self._lengths])
        return TextColumn(bytes(self._data), np.cumsum(lengths, dtype=np.int64))


def take(column: Column, rows: NDArray[np.int64]) -> NDArray[Any]:
    """Return the values of `rows` as an array; of objects where NumPy has no type for them."""
    if isinstance(column, (np.ndarray, TextColumn)) or hasattr(column, "__array__"):
        return np.asarray(column)[rows]
    values = [column[row] for row in rows.tolist()]
    if all(isinstance(value, (str, bool, int, float)) for value in values):
        return np.array(values)
    objects = np.empty(len(values), object)
    for place, value in enumerate(values):
        objects[place] = value
    return objects
