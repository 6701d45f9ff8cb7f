"""Lists the clips of Kinetics to scan: one per row of the annotations, whether it has a file or not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from kinetics_fast.datasets.annotations import find_annotations, read_annotations, read_ava
from kinetics_fast.datasets.files.listing import list_files
from kinetics_fast.datasets.kinetics_names import SPLITS, title_of
from kinetics_fast.datasets.matching import Outcome, match_clips, match_moments
from kinetics_fast.datasets.published import published_counts
from kinetics_fast.scan.errors import ScanError
from kinetics_fast.scan.targets import FilePlaces, table_of

if TYPE_CHECKING:
    from kinetics_fast.datasets.annotations import Annotations
    from kinetics_fast.datasets.files.listing import Files
    from kinetics_fast.datasets.matching import Matches

    _Read = tuple[Annotations, Matches, dict[str, Any]]  # the last are further columns of the targets


def targets_of_kinetics(
    root: Path, version: str, split: str | None, annotations: Path | None
) -> tuple[pa.Table, dict[str, Any]]:
    """Match the annotations of a version to the files below `root`.

    Parameters
    ----------
    root : Path
        The folder of the videos, in any layout.
    version : str
        One of `kinetics_names.VERSIONS`.
    split : str or None
        A split; None for every split whose annotations are found.
    annotations : Path or None
        The file or folder of the annotations; None to look for them in and beside `root`.

    Returns
    -------
    Table
        One row per clip, or per key frame of AVA-Kinetics, of schema `targets.TARGETS`, by split and in the
        order of the annotations.
    dict
        Facts for the index: version, classes, and for each split the file of the annotations, counts of files
        and published counts.

    Raises
    ------
    ScanError
        There are no annotations, or a file of annotations has no split.
    OSError, ValueError
        The annotations cannot be read, or are of another version.
    """
    sources = _annotation_files(root, version, split, annotations)
    files = list_files(root, archives=True)
    places = FilePlaces.of(files)
    tables = []
    facts: dict[str, Any] = {
        "title": title_of(version),
        "version": version,
        "annotations": {name: str(source) for name, source in sources.items()},
        "files": {},
        "published": {},
    }
    classes: set[str] = set()
    for name, source in sources.items():
        read = _key_frames if version == "ava-kinetics" else _clips
        rows, matches, more = read(source, version, name, files)
        tables.append(_table(rows, matches, places, name, more))
        classes.update(rows.classes)
        facts["files"][name] = matches.counts()["files"]
        if published := published_counts(version, name):
            facts["published"][name] = published
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


def _clips(source: Path, version: str, split: str, files: Files) -> _Read:
    rows = read_annotations(source, version, split)
    matches = match_clips(rows, files, split)
    if version != "countix":
        return rows, matches, {}
    starts = np.maximum(rows.extra["repetition_start"] - rows.starts, 0)
    ends = rows.extra["repetition_end"] - rows.starts
    named = zip(starts.tolist(), ends.tolist(), rows.extra["count"].astype(np.int64).tolist(), strict=True)
    notes = [json.dumps({"start": start, "end": end, "count": count}) for start, end, count in named]
    return rows, matches, {"annotation": notes}


def _key_frames(source: Path, _version: str, split: str, files: Files) -> _Read:
    rows, key_frames = read_ava(source)
    matches, clip_starts = match_moments(rows, key_frames.times, files, split)
    everything = key_frames.take(np.arange(len(rows)), clip_starts)
    notes = [
        None if np.isnan(frame.time) else json.dumps(
            {"time": frame.time, "boxes": frame.boxes.tolist(), "actions": frame.actions.tolist()}
        )
        for frame in everything
    ]  # fmt: skip
    return rows, matches, {"annotation": notes, "time_start": pa.array(clip_starts, from_pandas=True)}


def _table(
    rows: Annotations, matches: Matches, places: FilePlaces, split: str, more: dict[str, Any]
) -> pa.Table:
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
        **more,
    }
    return table_of(columns, len(rows))
