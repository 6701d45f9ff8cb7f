"""The candidate files of each row, in little memory: nearly every row has one or none."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


class Candidates:
    """Candidate files by row."""

    def __init__(self, rows: int) -> None:
        self._first = array("i", [-1]) * rows
        self.several: dict[int, list[int]] = {}
        """All candidates of the rows that have more than one."""

    def add(self, row: int, file: int) -> None:
        """Add `file` to the candidates of a row."""
        if self._first[row] < 0:
            self._first[row] = file
        else:
            self.several.setdefault(row, [self._first[row]]).append(file)

    def of(self, row: int) -> Iterable[int]:
        """Return the candidates of a row."""
        if self._first[row] < 0:
            return ()
        return self.several.get(row) or (self._first[row],)

    def first(self) -> NDArray[np.int32]:
        """Return the first candidate of each row; -1 for none."""
        return np.frombuffer(self._first, np.int32)
