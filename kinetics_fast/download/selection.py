"""Which clips are of which classes, by the annotations."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence

from .errors import RequestError
from .names import class_key

COLUMNS = ("youtube_id", "time_start", "time_end", "label")


def read_labels(text: str, address: str) -> list[tuple[str, str]]:
    """Return the clip name, without suffix, and the class of every row.

    Raises
    ------
    RequestError
        The table does not say classes.
    """
    table = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""))
    missing = sorted(set(COLUMNS) - set(table.fieldnames or ()))
    if missing:
        raise RequestError(f"{address} has no column {missing[0]!r}, so clips cannot be chosen by class")
    try:
        return [(_clip_name(row), row["label"]) for row in table if row["label"]]
    except (csv.Error, TypeError, ValueError) as error:
        words = f"{address}, line {table.line_num}: {error}"
        raise RequestError(f"{words}; clips cannot be chosen by class") from error


def clips_of_classes(rows: Sequence[tuple[str, str]], keys: Collection[str]) -> frozenset[str]:
    """Return the names of the clips of the classes with these keys."""
    return frozenset(name for name, label in rows if class_key(label) in keys)


def _clip_name(row: dict[str, str]) -> str:
    return f"{row['youtube_id']}_{int(float(row['time_start'])):06d}_{int(float(row['time_end'])):06d}"
