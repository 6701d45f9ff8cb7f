"""Reads a data set from a CSV file with a header, one record per row."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinetics_fast.datasets.columns import TextBuilder, TextColumn
from kinetics_fast.datasets.csv_errors import csv_errors
from kinetics_fast.datasets.table import Table, check_label

_CHUNK = 16_384
_WHOLE_NUMBER = re.compile(r"-?\d+(\.0+)?")  # pandas writes 3.0 for 3 if another row has no label


@dataclass(frozen=True)
class CsvColumns:
    """The names in the header of the columns of a record; None if there is no such column."""

    path: str
    label: str | None
    start: str | None
    end: str | None
    id: str | None
    extra: tuple[str, ...]

    def names(self) -> list[str]:
        """Return the names of all wanted columns."""
        return [name for name in (self.path, self.label, self.start, self.end, self.id, *self.extra) if name]


def read_csv(
    file: str | os.PathLike[str],
    root: str | os.PathLike[str] | None,
    wanted: CsvColumns,
    delimiter: str,
    classes: tuple[str, ...],
) -> Table:
    """Read what `Dataset.from_csv` describes."""
    cells = _read_columns(Path(file), wanted.names(), delimiter)
    paths, name = cells[wanted.path], os.fspath(file)
    if "" in paths:
        raise ValueError(f"{name}, row {paths.index('') + 1}: {wanted.path} is empty")
    sources = paths if root is None else TextColumn.of(os.path.join(root, path) for path in paths)  # noqa: PTH118
    labels, classes = (None, classes) if wanted.label is None else _labels(cells[wanted.label], classes, name)
    return Table(
        sources,
        labels,
        starts=None if wanted.start is None else _numbers(cells[wanted.start], wanted.start, name),
        ends=None if wanted.end is None else _numbers(cells[wanted.end], wanted.end, name),
        ids=None if wanted.id is None else cells[wanted.id],
        classes=classes,
        extra={name: _numbers_or_text(cells[name]) for name in wanted.extra},
    )


def _read_columns(file: Path, names: Sequence[str], delimiter: str) -> dict[str, TextColumn]:
    with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines, csv_errors(file):
        rows = csv.reader(lines, delimiter=delimiter)
        header = [name.strip() for name in next(rows, [])]
        for name in names:
            if name not in header:
                raise ValueError(f"{file}: no column {name!r}; its header is {', '.join(header)}")
        places = [header.index(name) for name in names]
        columns = [TextBuilder() for _ in names]
        filled = filter(None, rows)
        while chunk := list(islice(filled, _CHUNK)):
            if min(map(len, chunk)) <= max(places):
                short = next(row for row in chunk if len(row) <= max(places))
                what = f"{file}: a row has {len(short)} cells, but the header has {len(header)}"
                raise ValueError(f"{what}: {delimiter.join(short)}")
            for column, place in zip(columns, places, strict=True):
                column.extend(row[place].strip() for row in chunk)
    return {name: column.build() for name, column in zip(names, columns, strict=True)}


def _labels(
    cells: TextColumn, classes: tuple[str, ...], file: str
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    names = set(cells) - {""}
    if all(map(_WHOLE_NUMBER.fullmatch, names)):
        number_of = {name: int(name.partition(".")[0]) for name in names}
        for number in number_of.values():
            check_label(number, len(classes), file)
    else:
        classes = classes or tuple(sorted(names))
        number_of = {name: number for number, name in enumerate(classes)}
        if unknown := sorted(names - number_of.keys()):
            raise ValueError(f"{file}: {unknown[0]!r} is not one of the {len(classes)} classes")
    number_of[""] = -1
    return np.fromiter((number_of[cell] for cell in cells), np.int64, len(cells)), classes


def _numbers(cells: TextColumn, name: str, file: str) -> NDArray[np.float64]:
    numbers = (_number(cell, f"{file}, row {row}: {name}") for row, cell in enumerate(cells, 1))
    return np.fromiter(numbers, np.float64, len(cells))


def _number(cell: str, what: str) -> float:
    try:
        return float(cell) if cell else np.nan
    except ValueError:
        raise ValueError(f"{what} must be a number, got {cell!r}") from None


def _numbers_or_text(cells: TextColumn) -> Any:
    try:
        return _numbers(cells, "", "")
    except ValueError:
        return cells
