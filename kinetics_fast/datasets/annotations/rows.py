"""Rows of annotations as columns, and a collector that fills them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinetics_fast.datasets.kinetics_names import split_of

Cells = Sequence[Any]


@dataclass(frozen=True, eq=False)
class Annotations:
    """The rows of one split. Times are seconds of the original video, or NaN.

    Attributes
    ----------
    ids : bytes (N,)
        YouTube ids.
    starts, ends : float64 (N,)
        The span of the original video that the clip shows.
    labels : int64 (N,)
        Indices into `classes`; -1 for no label.
    classes : tuple of str
        Names of the labels, in alphabetical order.
    extra : dict of str to array
        Further columns.
    """

    ids: NDArray[np.bytes_]
    starts: NDArray[np.float64]
    ends: NDArray[np.float64]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]
    extra: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    def with_classes(self, classes: Sequence[str]) -> Annotations:
        """Return the same rows with label numbers of `classes`, which contain all classes of the rows."""
        number_of = {name: number for number, name in enumerate(classes)}
        numbers = np.array([*(number_of[name] for name in self.classes), -1], np.int64)
        return Annotations(self.ids, self.starts, self.ends, numbers[self.labels], tuple(classes), self.extra)


class RowCollector:
    """Collects rows in pieces. Keeps the rows of one split, or all rows if `split` is None."""

    def __init__(self, file: str, split: str | None, extra: Sequence[str] = ()) -> None:
        self._file = file
        self._split = split
        self._extra = tuple(extra)
        self._codes: dict[str, int] = {}
        self._pieces: list[dict[str, NDArray[Any]]] = []
        self.other_splits = 0

    def add(self, cells: Mapping[str, Cells], first_line: int) -> None:
        """Add rows: "id", and optionally "label", "start", "end", "split" and the extra columns."""
        count = len(cells["id"])
        codes = self._codes
        piece: dict[str, NDArray[Any]] = {"id": self._ids(cells["id"], first_line)}
        piece["label"] = np.fromiter(
            (
                codes.setdefault(name, len(codes)) if label and (name := label.strip()) else -1
                for label in cells.get("label") or repeat(None, count)
            ),
            np.int32,
            count,
        )
        for name in ("start", "end", *self._extra):
            values = cells.get(name)
            piece[name] = (
                np.full(count, np.nan) if values is None else self._numbers(values, name, first_line)
            )
        if self._split is not None and "split" in cells:
            chosen = self._of_the_split(cells["split"], first_line)
            self.other_splits += count - int(chosen.sum())
            piece = {name: column[chosen] for name, column in piece.items()}
        self._pieces.append(piece)

    def build(self) -> Annotations:
        """Return all rows, with classes in alphabetical order."""
        columns = {
            name: np.concatenate([piece[name] for piece in self._pieces])
            for name in ("id", "start", "end", "label", *self._extra)
            if self._pieces
        }
        if not self._pieces or not len(columns["id"]):
            why = f": {self.other_splits:,} rows are of other splits" if self.other_splits else ""
            raise ValueError(
                f"{self._file}: no rows{'' if self._split is None else ' of ' + self._split}{why}"
            )
        used = np.unique(columns["label"])
        names = list(self._codes)
        classes = sorted(names[code] for code in used.tolist() if code >= 0)
        numbers = np.full(len(names) + 1, -1, np.int64)  # the last number is for rows without a label
        for number, name in enumerate(classes):
            numbers[self._codes[name]] = number
        return Annotations(
            columns["id"],
            columns["start"],
            columns["end"],
            numbers[columns["label"]],
            tuple(classes),
            {name: columns[name] for name in self._extra},
        )

    def _ids(self, cells: Cells, first_line: int) -> NDArray[np.bytes_]:
        try:
            ids = np.array([cell.strip() for cell in cells], np.bytes_)
        except UnicodeEncodeError:
            ids = np.empty(0, np.bytes_)
        if not len(ids) or not np.char.str_len(ids).all():
            bad = next(i for i, cell in enumerate(cells) if not cell.strip() or not cell.isascii())
            raise ValueError(f"{self._file}, line {first_line + bad}: {cells[bad]!r} is not a YouTube id")
        return ids

    def _numbers(self, cells: Cells, name: str, first_line: int) -> NDArray[np.float64]:
        try:
            numbers = np.array(cells, np.float64)
        except (TypeError, ValueError):
            numbers = np.array([np.inf])
        if np.isinf(numbers).any():
            lines = enumerate(cells, first_line)
            numbers = np.array([self._number(cell, name, line) for line, cell in lines], np.float64)
        return numbers

    def _number(self, cell: Any, name: str, line: int) -> float:
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            return float("nan")
        try:
            number = float(cell)
        except (TypeError, ValueError):
            number = np.inf
        if np.isinf(number):
            raise ValueError(f"{self._file}, line {line}: {name} must be a number, got {cell!r}")
        return number

    def _of_the_split(self, cells: Cells, first_line: int) -> NDArray[np.bool_]:
        meant = {word: split_of(word) for word in set(cells)}
        for word, split in meant.items():
            if split is None and word.strip():
                line = first_line + list(cells).index(word)
                raise ValueError(
                    f"{self._file}, line {line}: {word!r} is not a split; use train, val or test"
                )
        return np.fromiter((meant[word] in (self._split, None) for word in cells), np.bool_, len(cells))
