"""Reads a data set from the members of tar archives."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

import numpy as np

from kinetics_fast.datasets.files.listing import FilesBuilder, Folder
from kinetics_fast.datasets.files.names import archive_stem, checked_extensions
from kinetics_fast.datasets.table import Table
from kinetics_fast.remote.folder import RemoteFolder, remote_file
from kinetics_fast.remote.source import Remote


def read_tars(
    paths: str | os.PathLike[str] | Remote | Iterable[str | os.PathLike[str] | Remote],
    label_by: str | None,
    extensions: Sequence[str] | None,
) -> Table:
    """Read what `Dataset.from_tars` describes."""
    if label_by not in ("folder", "archive", None):
        raise ValueError(f"label_by must be 'folder', 'archive' or None, got {label_by!r}")
    several = [paths] if isinstance(paths, (str, os.PathLike, Remote)) else list(paths)
    store, archives = _archives(several)
    builder = FilesBuilder("" if store is None else store)
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


def _archives(
    paths: Sequence[str | os.PathLike[str] | Remote],
) -> tuple[RemoteFolder | None, list[str]]:
    """Return the store of the archives, None for this machine, and their paths."""
    remote = [remote_file(path) for path in paths]
    if not any(remote):
        return None, [os.fspath(path) for path in paths if not isinstance(path, Remote)]
    found = [file for file in remote if file is not None]
    stores = {file.open_store().key for file in found}
    if len(found) < len(paths) or len(stores) > 1:
        raise ValueError("the archives must all be files of this machine, or all be in one store")
    if any(file.offset or file.size is not None for file in found):
        raise ValueError("an archive must be a whole object of the store, not a part of one")
    return RemoteFolder(found[0].store), [file.path for file in found]


def _folder_name(folder: Folder) -> str:
    return folder.path.rpartition("/")[2]


def _archive_name(folder: Folder) -> str:
    name = os.fspath(folder.archive or "").replace(os.sep, "/").rpartition("/")[2]
    return archive_stem(name)
