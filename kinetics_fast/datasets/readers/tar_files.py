"""Reads a data set from the members of tar archives."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

import numpy as np

from kinetics_fast.datasets.files.listing import FilesBuilder, Folder
from kinetics_fast.datasets.files.names import archive_stem, checked_extensions
from kinetics_fast.datasets.table import Table


def read_tars(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    label_by: str | None,
    extensions: Sequence[str] | None,
) -> Table:
    """Read what `Dataset.from_tars` describes."""
    if label_by not in ("folder", "archive", None):
        raise ValueError(f"label_by must be 'folder', 'archive' or None, got {label_by!r}")
    builder = FilesBuilder("")
    several = [paths] if isinstance(paths, (str, os.PathLike)) else paths
    archives = [os.fspath(path) for path in several]
    for path in archives:
        builder.add_archive(path, checked_extensions(extensions))
    files = builder.build()
    for error in files.archives.values():
        raise error
    if not len(files):
        raise ValueError(f"no videos in {', '.join(archives) or 'no archives'}")
    if label_by is None:
        return Table(files)
    name_of = _folder_name if label_by == "folder" else _archive_name
    names = [name_of(folder) for folder in files.folders]
    classes = sorted(set(names) - {""})
    number_of = {"": -1, **{name: number for number, name in enumerate(classes)}}
    labels = np.array([number_of[name] for name in names], np.int64)[files.folder_of]
    return Table(files, labels, classes=tuple(classes))


def _folder_name(folder: Folder) -> str:
    return folder.path.rpartition("/")[2]


def _archive_name(folder: Folder) -> str:
    name = os.fspath(folder.archive or "").replace(os.sep, "/").rpartition("/")[2]
    return archive_stem(name)
