"""Joins the clips of a data set with the facts about their files, and writes the index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from kinetics_fast.dataset_index import schema
from kinetics_fast.dataset_index.writer import write_index
from kinetics_fast.scan.verdict import Verdict, verdict_for_clip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from kinetics_fast.remote.folder import RemoteFolder
    from kinetics_fast.scan.known import KnownFiles

ROWS_PER_BATCH = 8192
FILE_COLUMNS = [field.name for field in schema.FILE_FIELDS]


def write_merged(
    path: Path, root: Path | RemoteFolder, targets: pa.Table, known: KnownFiles, facts: Mapping[str, Any]
) -> None:
    """Write the index of some clips.

    Parameters
    ----------
    path : Path
        The index file.
    root : Path
        The folder that the paths of the clips are relative to.
    targets : Table
        One row per clip, of schema `targets.TARGETS`. Clips without a path are missing.
    known : KnownFiles
        The facts about every file of `targets` that has no problem.
    facts : mapping
        Facts about the data set as a whole. The classes of `targets` are added to its ``classes``.
    """
    labels = _sorted_words([targets.column("label")]).to_pylist()
    words = {
        "label": pa.array(sorted({*facts.get("classes", ()), *labels}), pa.string()),
        "split": _sorted_words([targets.column("split")]),
        "status": pa.array(schema.STATUSES),
        **{name: _sorted_words(known.columns(name)) for name in ("codec", "pixel_format")},
    }
    is_annotated = targets.column(schema.ANNOTATION.name).null_count < len(targets)
    columns = schema.ANNOTATED_SCHEMA if is_annotated else schema.SCHEMA
    write_index(path, root, _merged(targets, known), words, columns, facts)


def _sorted_words(columns: Iterable[pa.Array]) -> pa.Array:
    found = {word for column in columns for word in pc.unique(column).to_pylist() if word is not None}
    return pa.array(sorted(found), pa.string())


def _merged(targets: pa.Table, known: KnownFiles) -> Iterator[pa.Table]:
    for first in range(0, len(targets), ROWS_PER_BATCH):
        yield _with_verdicts(_joined(targets.slice(first, ROWS_PER_BATCH), known))


def _joined(targets: pa.Table, known: KnownFiles) -> pa.Table:
    """Add the columns of a clip's file. They are null where there is nothing to read."""
    paths, offsets, problems = (targets.column(name).to_pylist() for name in ("path", "offset", "problem"))
    present = [row for row, path in enumerate(paths) if path is not None and problems[row] is None]
    files = known.take([(paths[row], offsets[row]) for row in present])
    place = {row: number for number, row in enumerate(present)}
    files = files.take(pa.array([place.get(row) for row in range(len(paths))], pa.int64()))
    rows = targets
    for name in FILE_COLUMNS:
        rows = rows.append_column(name, files.column(name))
    return rows


def _with_verdicts(rows: pa.Table) -> pa.Table:
    """Replace the status and reason of each file by those of the annotated clip."""
    names = ("path", "problem", "status", "reason", "duration", "time_start", "time_end")
    verdicts = []
    for path, problem, status, reason, duration, start, end in zip(
        *(rows.column(name).to_pylist() for name in names), strict=True
    ):
        if path is None or problem is not None:
            verdicts.append(Verdict(schema.MISSING if path is None else schema.UNDECODABLE, problem))
            continue
        span = None if start is None or end is None else end - start
        verdicts.append(verdict_for_clip(status, reason, duration, span))
    for name in ("status", "reason"):
        values = pa.array([getattr(verdict, name) for verdict in verdicts], pa.string())
        rows = rows.set_column(rows.column_names.index(name), name, values)
    return rows
