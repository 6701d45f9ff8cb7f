"""Which clips are of which classes, by the annotations."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from .errors import RequestError

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
    return [(_clip_name(row), row["label"]) for row in table]


def clips_of_classes(rows: Sequence[tuple[str, str]], classes: Iterable[str]) -> frozenset[str]:
    """Return the names of the clips of some classes."""
    wanted = set(classes)
    return frozenset(name for name, label in rows if label in wanted)


def _clip_name(row: dict[str, str]) -> str:
    return f"{row['youtube_id']}_{int(row['time_start']):06d}_{int(row['time_end']):06d}"
