"""Reads a data set from a text file, one video per line."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from kinetics_fast.datasets.columns import TextColumn
from kinetics_fast.datasets.table import Table, check_label


def read_list(
    file: str | os.PathLike[str],
    root: str | os.PathLike[str] | None,
    fields: Sequence[str],
    separator: str | None,
    classes: tuple[str, ...],
) -> Table:
    """Read what `Dataset.from_list` describes."""
    if not fields or fields[0] != "path":
        raise ValueError(f"fields must begin with 'path', got {tuple(fields)}")
    label_field = list(fields).index("label") if "label" in fields else None
    labels: list[int] = []

    def paths() -> Iterator[str]:
        for where, line in _lines(file):
            values = line.rsplit(separator, len(fields) - 1)
            if len(values) != len(fields):
                raise ValueError(f"{where}: {line!r} is not {' '.join(fields)!r}; pass fields=")
            if label_field is not None:
                labels.append(_label(values[label_field], where, len(classes)))
            yield values[0].strip() if root is None else os.path.join(root, values[0].strip())  # noqa: PTH118

    sources = TextColumn.of(paths())
    return Table(sources, None if label_field is None else np.array(labels, np.int64), classes=classes)


def _lines(file: str | os.PathLike[str]) -> Iterator[tuple[str, str]]:
    with Path(file).open(encoding="utf-8-sig", errors="surrogateescape") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield f"{os.fspath(file)}, line {number}", line.strip()


def _label(text: str, where: str, classes: int) -> int:
    try:
        label = int(text)
    except ValueError:
        raise ValueError(
            f"{where}: the label must be a number, got {text!r}; pass fields=('path',) for a list of paths"
        ) from None
    check_label(label, classes, where)
    return label
