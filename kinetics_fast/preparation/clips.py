"""Lists the clips of a source, and says where each prepared file goes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from kinetics_fast.dataset_index import schema
from kinetics_fast.dataset_index.reader import IndexFile
from kinetics_fast.datasets.files.names import archive_stem, join
from kinetics_fast.preparation.source_clip import SourcePlace
from kinetics_fast.remote.folder import RemoteFolder
from kinetics_fast.scan.kinetics_targets import targets_of_kinetics
from kinetics_fast.scan.targets import TARGETS, targets_of_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EXTENSION: Final = ".mp4"
FACTS: Final = ("title", "version", "classes", "files", "published")  # of an index, kept in the new one


@dataclass(frozen=True)
class ClipJob:
    """One source and its prepared file.

    Attributes
    ----------
    number : int
        The place in the list of all clips.
    place : SourcePlace
        The source.
    source : str
        The path of the source in its folder, with "/". An archive counts as a folder.
    name : str
        The path of the prepared file in the target.
    row : int
        The first row of the table that has this source.
    """

    number: int
    place: SourcePlace
    source: str
    name: str
    row: int


@dataclass(frozen=True)
class ClipList:
    """What is to be prepared.

    Attributes
    ----------
    root : Path or RemoteFolder
        The folder of the sources, on this machine or in a store.
    rows : Table
        One row per clip, of schema `TARGETS`, about the sources.
    facts : dict
        Facts about the data set as a whole.
    jobs : list of ClipJob
        Every source once.
    job_of_row : list of int or None
        The job of each row; None for a row that has no file.
    """

    root: Path | RemoteFolder
    rows: pa.Table
    facts: dict[str, Any]
    jobs: list[ClipJob]
    job_of_row: list[int | None]

    @cached_property
    def classes(self) -> list[str]:
        """The names of the labels by number, as the index has them."""
        labels = set(self.rows.column("label").to_pylist()) - {None}
        return sorted(labels | set(self.facts.get("classes", ())))

    def unreadable(self) -> dict[str, str]:
        """Return the reason for each path in the source that cannot be read at all, such as an archive."""
        columns = (self.rows.column(name).to_pylist() for name in ("path", "problem"))
        return {path: problem for path, problem in zip(*columns, strict=True) if path and problem}


def list_clips(
    source: Path | RemoteFolder, version: str | None, split: str | None, annotations: Path | None
) -> ClipList:
    """List the clips of a folder, of an index, or of Kinetics.

    Parameters
    ----------
    source : Path or RemoteFolder
        A folder of videos, or an index that `scan` wrote of a folder of this machine.
    version, split, annotations
        As for `kinetics-fast scan`; only for a folder.

    Raises
    ------
    ValueError
        There are no clips, or the arguments contradict each other.
    ScanError, OSError
        The folder, the annotations or the index cannot be read.
    """
    if isinstance(source, RemoteFolder):
        if version is not None or split is not None or annotations is not None:
            raise ValueError("annotations are only matched to files of this machine; leave them out")
        return _listed(source, targets_of_folder(source), {})
    if version is None and (annotations is not None or (split is not None and not source.is_file())):
        raise ValueError("split and annotations need version, the version of Kinetics")
    facts: dict[str, Any] = {}
    if source.is_file():
        if version is not None:
            raise ValueError("an index already has the rows of the annotations; leave out version")
        root, rows, facts = _of_index(source, split)
    elif version is None:
        root, rows = source, targets_of_folder(source)
    else:
        rows, facts = targets_of_kinetics(source, version, split, annotations)
        root = source
    return _listed(root, rows, facts)


def _listed(root: Path | RemoteFolder, rows: pa.Table, facts: dict[str, Any]) -> ClipList:
    jobs, job_of_row = _jobs(root, rows)
    if not jobs:
        raise ValueError(f"there are no videos in {root}")
    return ClipList(root, rows, facts, jobs, job_of_row)


def _of_index(path: Path, split: str | None) -> tuple[Path, pa.Table, dict[str, Any]]:
    index = IndexFile(path)
    table = index.table
    if split is not None:
        table = table.filter(pa.array(index.places_of("split", [split])))
    missing = [path is None for path in table.column("path").to_pylist()]
    reasons = table.column("reason").to_pylist()
    sizes, offsets = table.column("size").to_pylist(), table.column("offset").to_pylist()
    columns = {
        "length": pa.array(
            [None if at is None else size for at, size in zip(offsets, sizes, strict=True)], pa.int64()
        ),
        "problem": pa.array(
            [reason if is_missing else None for reason, is_missing in zip(reasons, missing, strict=True)],
            pa.string(),
        ),
    }
    rows = table.select([field.name for field in schema.CLIP_FIELDS])
    annotation = schema.ANNOTATION.name  # only the index of annotated clips has this column
    has_annotations = annotation in table.column_names
    columns[annotation] = table.column(annotation) if has_annotations else pa.nulls(len(table), pa.string())
    for name, column in columns.items():
        rows = rows.append_column(name, column)
    rows = rows.select(TARGETS.names).cast(TARGETS)
    if isinstance(index.root, RemoteFolder):
        raise ValueError(f"{index.path} is of a store; pass the store itself or its URL, {index.root}")
    return index.root, rows, {name: index.facts[name] for name in FACTS if name in index.facts}


def _jobs(root: Path | RemoteFolder, rows: pa.Table) -> tuple[list[ClipJob], list[int | None]]:
    names = ("path", "member", "offset", "length", "problem")
    columns = (rows.column(name).to_pylist() for name in names)
    of_place: dict[SourcePlace, int] = {}
    wanted: list[str] = []
    sources: list[str] = []
    first_rows: list[int] = []
    job_of_row: list[int | None] = []
    for row, (path, member, offset, length, problem) in enumerate(zip(*columns, strict=True)):
        if path is None or problem is not None:
            job_of_row.append(None)
            continue
        _check_path(path, member)
        if isinstance(root, RemoteFolder):
            remote = root.source(path, offset or 0, length)
            place = SourcePlace(remote.name, remote=remote)
        else:
            full = os.path.join(root, path)  # noqa: PTH118 - half a million Path objects would take seconds
            place = SourcePlace(full, offset, length)
        if place not in of_place:
            of_place[place] = len(of_place)
            sources.append(path if member is None else join(path, member))
            wanted.append(path if member is None else join(archive_stem(path), member))
            first_rows.append(row)
        job_of_row.append(of_place[place])
    jobs = [
        ClipJob(number, place, source, name, row)
        for (place, number), source, name, row in zip(
            of_place.items(), sources, _unique(wanted), first_rows, strict=True
        )
    ]
    return jobs, job_of_row


def _check_path(*paths: str | None) -> None:
    """Refuse paths that lead out of the target. An index may come from anywhere."""
    for path in paths:
        if path is not None and (path.startswith("/") or ".." in path.split("/") or "\0" in path):
            raise ValueError(f"a path of a clip must stay within its folder, got {path!r}")


def _unique(paths: Iterable[str]) -> Sequence[str]:
    """Return the names of the prepared files. The later of two equal names keeps its extension."""
    taken: set[str] = set()
    names = []
    for path in paths:
        folder, _, file = path.rpartition("/")
        stem = file.rpartition(".")[0] or file
        candidates = [join(folder, stem + EXTENSION), join(folder, file + EXTENSION)]
        number = 1
        while (name := candidates.pop(0)).casefold() in taken:  # some file systems ignore case
            number += 1
            candidates.append(join(folder, f"{file}-{number}{EXTENSION}"))
        taken.add(name.casefold())
        names.append(name)
    return names


def spread(count: int, wanted: int) -> list[int]:
    """Return at most `wanted` numbers below `count`, evenly spaced."""
    numbers = np.linspace(0, count - 1, min(count, wanted)).round().astype(int)
    return sorted(set(numbers.tolist()))
