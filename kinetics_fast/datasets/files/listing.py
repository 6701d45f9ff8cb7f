"""The files of a folder tree: one walk, names in columns, members of tar archives beside plain files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinetics_fast._decode.source import FileRange
from kinetics_fast.datasets.columns import TextBuilder, TextColumn
from kinetics_fast.datasets.files.names import Kind, join, kind_of
from kinetics_fast.datasets.files.tars import read_members
from kinetics_fast.errors import Error


@dataclass(frozen=True, slots=True)
class Folder:
    """Where files lie: a folder on disk, or one within a tar archive; both relative to the root, with '/'."""

    path: str
    archive: str | None = None

    def __str__(self) -> str:
        return self.path if self.archive is None else "/".join(filter(None, (self.archive, self.path)))


@dataclass(frozen=True, eq=False)
class Files(Sequence["str | FileRange"]):
    """Videos under one root. As a sequence: what to pass to `kf.Video` for each.

    Attributes
    ----------
    root : str
        What every path is relative to.
    folders : list of Folder
    folder_of : int32 (N,)
        The folder of each video, by number.
    names : TextColumn
        The videos' file names.
    offsets, sizes : int64 (N,)
        Where a member's bytes lie in its archive; -1 for plain files.
    others : dict of Kind to int
        How many files were left aside, and as what.
    unusable : list of (str, Kind)
        Unfinished downloads and links to nothing, relative to the root.
    archives : dict of str to Error
        Archives whose members cannot be used in place, or not all, and why.
    """

    root: str
    folders: list[Folder]
    folder_of: NDArray[np.int32]
    names: TextColumn
    offsets: NDArray[np.int64]
    sizes: NDArray[np.int64]
    others: dict[Kind, int] = field(default_factory=dict)
    unusable: list[tuple[str, Kind]] = field(default_factory=list)
    archives: dict[str, Error] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(len(self)))]
        folder = self.folders[self.folder_of[number]]
        if folder.archive is None:
            return join(self.root, join(folder.path, self.names[number]))
        archive = join(self.root, folder.archive)
        return FileRange(archive, int(self.offsets[number]), int(self.sizes[number]))

    def relative_path(self, number: int) -> str:
        """Return where a video lies, members of archives as if these were folders."""
        return join(str(self.folders[self.folder_of[number]]), self.names[number])


@dataclass(frozen=True, eq=False)
class Chosen(Sequence["str | FileRange"]):
    """Some of the `files`, in an order of their own."""

    files: Files
    numbers: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, row: Any) -> Any:
        if isinstance(row, slice):
            return Chosen(self.files, self.numbers[row])
        return self.files[int(self.numbers[row])]


class FilesBuilder:
    """Collects `Files` folder by folder."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.others: dict[Kind, int] = {}
        self.unusable: list[tuple[str, Kind]] = []
        self.archives: dict[str, Error] = {}
        self._folders: list[Folder] = []
        self._counts: list[int] = []
        self._names = TextBuilder()
        self._ranges: list[NDArray[np.int64]] = []

    def add(self, folder: Folder, names: Sequence[str], ranges: NDArray[np.int64] | None = None) -> None:
        """Add the videos of one folder; `ranges` is int64 (n, 2) of offsets and sizes in its archive."""
        if not names:
            return
        self._folders.append(folder)
        self._counts.append(len(names))
        self._names.extend(names)
        self._ranges.append(np.full((len(names), 2), -1, np.int64) if ranges is None else ranges)

    def add_archive(self, path: str, extensions: tuple[str, ...] | None = None) -> None:
        """Add the videos in a plain tar archive, to be read in place; note why where they cannot be."""
        members = read_members(join(self.root, path), extensions)
        for folder, files in members.folders.items():
            self.add(Folder(folder, path), list(files), np.array(list(files.values()), np.int64))
        if members.error is not None:
            self.archives[path] = members.error

    def set_aside(self, kind: Kind, path: str) -> None:
        """Count a file that is no video."""
        self.others[kind] = self.others.get(kind, 0) + 1
        if kind in (Kind.PARTIAL, Kind.BROKEN_LINK):
            self.unusable.append((path, kind))

    def build(self) -> Files:
        """Return all that was added."""
        ranges = np.concatenate([np.empty((0, 2), np.int64), *self._ranges])
        return Files(
            self.root,
            self._folders,
            np.repeat(np.arange(len(self._folders), dtype=np.int32), self._counts),
            self._names.build(),
            ranges[:, 0],
            ranges[:, 1],
            self.others,
            self.unusable,
            self.archives,
        )


def list_files(
    root: str | os.PathLike[str], extensions: tuple[str, ...] | None = None, archives: bool = False
) -> Files:
    """Walk `root` once, in the order of names.

    Links to folders are followed, except into a folder that is being walked; hidden folders are not walked.
    Nothing is opened but, with `archives`, the headers of tar archives.

    Raises
    ------
    OSError
        The root or a folder in it cannot be read.
    """
    builder = FilesBuilder(os.fspath(root))
    _walk(builder, "", (_identity(builder.root),), extensions, archives)
    return builder.build()


def _kind(entry: os.DirEntry[str], extensions: tuple[str, ...] | None) -> Kind:
    if entry.is_dir():
        return Kind.HIDDEN
    if entry.is_symlink() and not entry.is_file():
        return Kind.BROKEN_LINK
    return kind_of(entry.name, extensions)


def _identity(path: str) -> tuple[int, int]:
    status = Path(path).stat()
    return status.st_dev, status.st_ino


def _walk(
    builder: FilesBuilder,
    path: str,
    above: tuple[tuple[int, int], ...],
    extensions: tuple[str, ...] | None,
    archives: bool,
) -> None:
    folders, videos, tars = [], [], []
    full_path = join(builder.root, path) if path else builder.root
    with os.scandir(full_path) as entries:
        for entry in entries:
            if entry.is_dir() and entry.name[0] != "." and entry.name != "lost+found":
                folders.append(entry.name)
                continue
            kind = _kind(entry, extensions)
            if kind is Kind.VIDEO:
                videos.append(entry.name)
            elif kind is Kind.ARCHIVE and archives:
                tars.append(entry.name)
            else:
                builder.set_aside(kind, join(path, entry.name))
    builder.add(Folder(path), sorted(videos))
    for name in sorted(tars):
        builder.add_archive(join(path, name), extensions)
    for name in sorted(folders):
        identity = _identity(join(full_path, name))
        if identity not in above:
            _walk(builder, join(path, name), (*above, identity), extensions, archives)
