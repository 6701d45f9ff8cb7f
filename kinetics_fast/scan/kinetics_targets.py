"""Lists the clips of Kinetics to scan: one per row of the annotations, whether it has a file or not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from kinetics_fast.datasets.annotations import find_annotations, read_annotations
from kinetics_fast.datasets.files.listing import list_files
from kinetics_fast.datasets.kinetics_names import SPLITS, VERSIONS
from kinetics_fast.datasets.matching import Outcome, match_clips
from kinetics_fast.datasets.published import published_counts
from kinetics_fast.scan.errors import ScanError
from kinetics_fast.scan.targets import FilePlaces, table_of

if TYPE_CHECKING:
    from kinetics_fast.datasets.annotations import Annotations
    from kinetics_fast.datasets.matching import Matches

CLIP_VERSIONS = tuple(version for version in VERSIONS if version != "ava-kinetics")  # whose rows are clips


def targets_of_kinetics(
    root: Path, version: str, split: str | None, annotations: Path | None
) -> tuple[pa.Table, dict[str, Any]]:
    """Match the annotations of a version to the files below `root`.

    Parameters
    ----------
    root : Path
        The folder of the videos, in any layout.
    version : str
        One of `CLIP_VERSIONS`.
    split : str or None
        A split; None for every split whose annotations are found.
    annotations : Path or None
        The file or folder of the annotations; None to look for them in and beside `root`.

    Returns
    -------
    Table
        One row per clip, of schema `targets.TARGETS`, by split and in the order of the annotations.
    dict
        Facts for the index: version, classes, and for each split counts of files and published counts.

    Raises
    ------
    ScanError
        The version is unknown, or there are no annotations.
    OSError, ValueError
        The annotations cannot be read.
    """
    if version not in CLIP_VERSIONS:
        raise ScanError(f"version must be one of {', '.join(CLIP_VERSIONS)}, got {version!r}")
    sources = _annotation_files(root, version, split, annotations)
    files = list_files(root, archives=True)
    places = FilePlaces.of(files)
    tables = []
    facts: dict[str, Any] = {"title": f"Kinetics-{version}", "version": version, "files": {}, "published": {}}
    classes: set[str] = set()
    for name, source in sources.items():
        rows = read_annotations(source, version, name)
        matches = match_clips(rows, files, name)
        tables.append(_table(rows, matches, places, name))
        classes.update(rows.classes)
        facts["files"][name] = matches.counts()["files"]
        if version != "countix":
            facts["published"][name] = published_counts(version, name)
    return pa.concat_tables(tables), {**facts, "classes": sorted(classes)}


def _annotation_files(
    root: Path, version: str, split: str | None, annotations: Path | None
) -> dict[str, Path]:
    if annotations is not None and annotations.is_file():
        if split is None:
            raise ScanError("a file of annotations needs a split: pass --split")
        return {split: annotations}
    if split is not None:
        return {split: find_annotations(annotations or root, version, split)}
    found = {name: _found(annotations or root, version, name) for name in SPLITS}
    sources = {name: source for name, source in found.items() if isinstance(source, Path)}
    if not sources:
        raise ScanError(str(found[SPLITS[0]]))
    return sources


def _found(root: Path, version: str, split: str) -> Path | FileNotFoundError:
    try:
        return find_annotations(root, version, split)
    except FileNotFoundError as error:
        return error


def _table(rows: Annotations, matches: Matches, places: FilePlaces, split: str) -> pa.Table:
    chosen: list[int | None] = [None] * len(rows)
    for row in matches.rows(Outcome.MATCHED).tolist():
        chosen[row] = int(matches.file_of[row])
    labels = np.array([*rows.classes, None], object)[rows.labels]
    columns: dict[str, Any] = {
        **places.columns(chosen),
        "id": [name.decode() for name in rows.ids.tolist()],
        "time_start": pa.array(rows.starts, from_pandas=True),
        "time_end": pa.array(rows.ends, from_pandas=True),
        "label": pa.array(labels.tolist(), pa.string()),
        "split": pa.array([split] * len(rows)),
        "problem": [
            matches.explain(row) if number is None else places.problems[number]
            for row, number in enumerate(chosen)
        ],
    }
    return table_of(columns, len(rows))
