"""The files that may be a row's, in little memory: nearly every row has one or none."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


class Candidates:
    """Files by row."""

    def __init__(self, rows: int) -> None:
        self._first = array("i", [-1]) * rows
        self.several: dict[int, list[int]] = {}
        """All files of the rows that have more than one."""

    def add(self, row: int, file: int) -> None:
        """Let `file` be one that may be the row's."""
        if self._first[row] < 0:
            self._first[row] = file
        else:
            self.several.setdefault(row, [self._first[row]]).append(file)

    def of(self, row: int) -> Iterable[int]:
        """Return the row's files."""
        if self._first[row] < 0:
            return ()
        return self.several.get(row) or (self._first[row],)

    def first(self) -> NDArray[np.int32]:
        """Return a file of every row, -1 where there is none."""
        return np.frombuffer(self._first, np.int32)
