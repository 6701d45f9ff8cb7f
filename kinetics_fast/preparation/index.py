"""Writes the index of the prepared clips, by a scan of the target with the rows of the source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from kinetics_fast.dataset_index import schema
from kinetics_fast.preparation.journal import entry_for
from kinetics_fast.preparation.shards import entries_on_disk
from kinetics_fast.scan.scanner import scan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kinetics_fast.preparation.clips import ClipList
    from kinetics_fast.preparation.journal import Entry
    from kinetics_fast.preparation.workspace import Workspace
    from kinetics_fast.scan.scanner import Examine

NOT_PREPARED: Final = "the clip has not been prepared yet"


def write_index(
    clips: ClipList, workspace: Workspace, split: str | None, about: Mapping[str, Any], examine: Examine
) -> Path:
    """Write the index of all clips that the journals of all parts have.

    Parameters
    ----------
    clips : ClipList
        The rows and their sources.
    workspace : Workspace
        The target and its journals.
    split : str or None
        The split, which the name of the index has.
    about : mapping
        Facts about the preparation.
    examine : callable
        Reads the prepared files, as for `scan`.

    Returns
    -------
    Path
        The index.
    """
    entries = entries_on_disk(workspace, workspace.entries())
    path = workspace.target / schema.default_name(split)
    of_job = [_place(entry_for(entries, job.name, job.source), job.name, workspace) for job in clips.jobs]
    rows = _replaced(clips.rows, clips.job_of_row, of_job)
    scan(workspace.target, rows, path, facts={**clips.facts, "prepared": dict(about)}, examine=examine)
    return path


def _place(entry: Entry | None, name: str, workspace: Workspace) -> dict[str, Any]:
    """Return the columns that say where a prepared clip is, or why there is none."""
    place: dict[str, Any] = {"path": name, "member": None, "offset": None, "length": None, "problem": None}
    if entry is None:
        return place | {"problem": NOT_PREPARED}
    if entry.error is not None:
        return place | {"problem": entry.error}
    if entry.shard is None:
        return place
    if not (workspace.target / entry.shard).exists():
        return place | {"problem": NOT_PREPARED}
    return place | {"path": entry.shard, "member": name, "offset": entry.offset, "length": entry.size}


def _replaced(
    rows: pa.Table, job_of_row: Sequence[int | None], of_job: Sequence[Mapping[str, Any]]
) -> pa.Table:
    for name in ("path", "member", "offset", "length", "problem"):
        field = rows.schema.field(name)
        before = rows.column(name).to_pylist()
        values = [
            old if job is None else of_job[job][name] for old, job in zip(before, job_of_row, strict=True)
        ]
        column = pa.array(values, field.type)
        rows = rows.set_column(rows.schema.get_field_index(name), field, column)
    return rows
