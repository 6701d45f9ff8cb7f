"""Chooses clips by class, according to the annotations."""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence

import numpy as np

from kinetics_fast.datasets.annotations import read_lines
from kinetics_fast.datasets.kinetics_names import clip_name
from kinetics_fast.download.errors import RequestError
from kinetics_fast.download.names import class_key


def read_labels(text: str, address: str) -> list[tuple[str, str]]:
    """Return the name of the clip, without extension, and the class of every row with a class.

    Raises
    ------
    RequestError
        The table does not contain classes and times.
    """
    try:
        rows = read_lines(io.StringIO(text.lstrip("\ufeff"), newline=""), address, None)
    except ValueError as error:
        raise RequestError(f"{error}; clips cannot be chosen by class") from error
    known = np.flatnonzero(rows.labels >= 0)
    if not len(known) or np.isnan(rows.starts[known] + rows.ends[known]).any():
        raise RequestError(f"{address} lacks classes or times of clips; clips cannot be chosen by class")
    columns = (rows.ids, rows.starts, rows.ends, rows.labels)
    return [
        (clip_name(youtube_id.decode(), start, end), rows.classes[label])
        for youtube_id, start, end, label in zip(*(column[known].tolist() for column in columns), strict=True)
    ]


def clips_of_classes(rows: Sequence[tuple[str, str]], keys: Collection[str]) -> frozenset[str]:
    """Return the names of the clips whose classes have these keys."""
    return frozenset(name for name, label in rows if class_key(label) in keys)
