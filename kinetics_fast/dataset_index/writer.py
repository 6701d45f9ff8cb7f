"""Writes an index file: rows of clips joined with those of their files, renamed into place when complete."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from kinetics_fast.dataset_index import schema
from kinetics_fast.scan.synced import synced_file
from kinetics_fast.scan.verdict import verdict_for_clip

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from kinetics_fast.scan.known import KnownFiles

ROWS_A_BATCH = 8192
FILE_COLUMNS = [field.name for field in schema.FILE_FIELDS]


def write_index(
    path: Path, root: Path, targets: pa.Table, known: KnownFiles, facts: Mapping[str, Any]
) -> None:
    """Write the index of some clips.

    Parameters
    ----------
    path : Path
        The file, replaced at once when the new one is complete.
    root : Path
        What the clips' paths are relative to.
    targets : Table
        Of schema `targets.TARGETS`, a row a clip; those without a path are missing.
    known : KnownFiles
        What is known of every file of `targets`.
    facts : mapping
        What is said of the data set as a whole; becomes JSON. ``classes`` are joined by those of `targets`.
    """
    found = _sorted_words([targets.column("label")]).to_pylist()
    classes = sorted({*facts.get("classes", ()), *found})
    words = {"label": pa.array(classes, pa.string()), "split": _sorted_words([targets.column("split")])}
    words |= {name: _sorted_words(known.columns(name)) for name in ("codec", "pixel_format")}
    words["status"] = pa.array(schema.STATUSES)
    described = schema.SCHEMA.with_metadata(
        {
            schema.FORMAT_KEY: schema.FORMAT,
            schema.ROOT_KEY: os.fspath(root.resolve()),
            schema.RELATIVE_ROOT_KEY: os.path.relpath(root.resolve(), path.resolve().parent),
            schema.FACTS_KEY: json.dumps({**facts, "classes": classes}),
        }
    )
    with synced_file(path) as file, pa.ipc.new_file(file, described) as writer:
        for first in range(0, len(targets), ROWS_A_BATCH):
            rows = _join(targets.slice(first, ROWS_A_BATCH), known)
            arrays = [_encoded(rows.column(field.name), field, words) for field in described]
            writer.write_batch(pa.record_batch(arrays, schema=described))


def _sorted_words(columns: Iterable[pa.Array]) -> pa.Array:
    found = {word for column in columns for word in pc.unique(column).to_pylist() if word is not None}
    return pa.array(sorted(found), pa.string())


def _encoded(column: pa.ChunkedArray, field: pa.Field, words: Mapping[str, pa.Array]) -> pa.Array:
    """Give the column in one piece, words as numbers into one dictionary for the whole file."""
    array = column.combine_chunks()
    if field.type != schema.WORD:
        return array.cast(field.type)
    numbers = pc.index_in(array.cast(pa.string()), value_set=words[field.name])
    return pa.DictionaryArray.from_arrays(numbers, words[field.name])


def _join(targets: pa.Table, known: KnownFiles) -> pa.Table:
    """Put what is known of a file beside what is known of its clip; nothing beside a missing one."""
    paths, offsets = (targets.column(name).to_pylist() for name in ("path", "offset"))
    present = [row for row, path in enumerate(paths) if path is not None]
    files = known.take([(paths[row], offsets[row]) for row in present])
    place = {row: number for number, row in enumerate(present)}
    files = files.take(pa.array([place.get(row) for row in range(len(paths))], pa.int64()))
    rows = targets
    for name in FILE_COLUMNS:
        rows = rows.append_column(name, files.column(name))
    return _judged(rows)


def _judged(rows: pa.Table) -> pa.Table:
    """Set status and reason as they are for the annotated clip."""
    names = ("status", "reason", "why_missing", "duration", "time_start", "time_end")
    verdicts = []
    for status, reason, why_missing, duration, start, end in zip(
        *(rows.column(name).to_pylist() for name in names), strict=True
    ):
        span = None if start is None or end is None else end - start
        verdicts.append(verdict_for_clip(status, reason or why_missing, duration, span))
    for name in ("status", "reason"):
        values = pa.array([getattr(verdict, name) for verdict in verdicts], pa.string())
        rows = rows.set_column(rows.column_names.index(name), name, values)
    return rows
