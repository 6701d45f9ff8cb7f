"""Lists the videos of a folder tree in columns, including members of tar archives."""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinetics_fast._decode.source import FileRange
from kinetics_fast.datasets.columns import TextBuilder, TextColumn
from kinetics_fast.datasets.files.entries import kind_of_entry
from kinetics_fast.datasets.files.names import Kind, join
from kinetics_fast.datasets.files.tars import read_members
from kinetics_fast.errors import Error, OpenError, raise_if_scarce
from kinetics_fast.remote.folder import RemoteFolder
from kinetics_fast.remote.source import Remote

MOST_VISITS = 100  # of one folder; links between folders could otherwise make a listing that never ends
_Identity = tuple[int, int]  # device and inode


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder on disk, or one within the tar archive `archive`. Paths are relative to the root, with '/'."""

    path: str
    archive: str | None = None

    def __str__(self) -> str:
        return self.path if self.archive is None else "/".join(filter(None, (self.archive, self.path)))


@dataclass(frozen=True, eq=False)
class Files(Sequence["str | FileRange | Remote"]):
    """Videos below one root, as a sequence of sources for `kf.Video`.

    Attributes
    ----------
    root : str or RemoteFolder
        The folder that all paths are relative to.
    folders : list of Folder
    folder_of : int32 (N,)
        The folder of each video, an index into `folders`.
    names : TextColumn
        The videos' file names.
    offsets, sizes : int64 (N,)
        Position and size of a member in its archive, in bytes; -1 for other files.
    others : dict of Kind to int
        Number of skipped files of each kind.
    unusable : list of (str, Kind)
        Unfinished downloads, broken links and special files, relative to the root.
    archives : dict of str to Error
        Archives that could not be read, or not completely, and why.
    unread : dict of str to OpenError
        Folders that could not be listed, or not completely, and why.
    """

    root: str | RemoteFolder
    folders: list[Folder]
    folder_of: NDArray[np.int32]
    names: TextColumn
    offsets: NDArray[np.int64]
    sizes: NDArray[np.int64]
    others: dict[Kind, int] = field(default_factory=dict)
    unusable: list[tuple[str, Kind]] = field(default_factory=list)
    archives: dict[str, Error] = field(default_factory=dict)
    unread: dict[str, OpenError] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(len(self)))]
        folder = self.folders[self.folder_of[number]]
        if isinstance(self.root, RemoteFolder):
            if folder.archive is None:
                return self.root.source(join(folder.path, self.names[number]))
            return self.root.source(folder.archive, int(self.offsets[number]), int(self.sizes[number]))
        if folder.archive is None:
            return join(self.root, join(folder.path, self.names[number]))
        archive = join(self.root, folder.archive)
        return FileRange(archive, int(self.offsets[number]), int(self.sizes[number]))

    def relative_path(self, number: int) -> str:
        """Return the path of a video relative to the root. An archive counts as a folder."""
        return join(str(self.folders[self.folder_of[number]]), self.names[number])

    def require_all_folders(self) -> Files:
        """Return the files, or raise the error of the first folder that could not be listed."""
        for error in self.unread.values():
            raise error
        return self


@dataclass(frozen=True, eq=False)
class Chosen(Sequence["str | FileRange | Remote"]):
    """The files with some numbers, in the order of the numbers."""

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

    def __init__(self, root: str | RemoteFolder) -> None:
        self.root = root
        self.others: dict[Kind, int] = {}
        self.unusable: list[tuple[str, Kind]] = []
        self.archives: dict[str, Error] = {}
        self.unread: dict[str, OpenError] = {}
        self._folders: list[Folder] = []
        self._counts: list[int] = []
        self._names = TextBuilder()
        self._ranges: list[NDArray[np.int64]] = []

    def add(self, folder: Folder, names: Sequence[str], ranges: NDArray[np.int64] | None = None) -> None:
        """Add the videos of one folder. `ranges` is int64 (n, 2), offsets and sizes in its archive."""
        if not names:
            return
        self._folders.append(folder)
        self._counts.append(len(names))
        self._names.extend(names)
        self._ranges.append(np.full((len(names), 2), -1, np.int64) if ranges is None else ranges)

    def add_archive(self, path: str, extensions: tuple[str, ...] | None = None) -> None:
        """Add the videos of an uncompressed tar archive, or note why it cannot be read."""
        root = self.root
        file = root.source(path) if isinstance(root, RemoteFolder) else join(root, path)
        members = read_members(file, extensions)
        for folder, files in members.folders.items():
            self.add(Folder(folder, path), list(files), np.array(list(files.values()), np.int64))
        if members.error is not None:
            self.archives[path] = members.error

    def note_unread(self, path: str, error: OSError) -> None:
        """Note why a folder cannot be listed."""
        raise_if_scarce(error)
        full_path = join(str(self.root), path) if path else str(self.root)
        why = error.strerror or str(error)
        self.unread[path or "."] = OpenError("the folder cannot be listed", full_path, detail=why)

    def set_aside(self, kind: Kind, path: str) -> None:
        """Count a file that is not a video."""
        self.others[kind] = self.others.get(kind, 0) + 1
        if kind in (Kind.PARTIAL, Kind.BROKEN_LINK, Kind.SPECIAL):
            self.unusable.append((path, kind))

    def build(self) -> Files:
        """Return all added files."""
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
            self.unread,
        )


def list_files(
    root: str | os.PathLike[str], extensions: tuple[str, ...] | None = None, archives: bool = False
) -> Files:
    """List the videos below `root` in the order of names.

    Links to folders are followed, except into a folder that contains the link. Hidden folders are skipped. No
    file is opened, except for the headers of tar archives if `archives` is true. Folders below `root` that
    cannot be listed are in `Files.unread`.

    Raises
    ------
    OSError
        `root` is not a folder, or cannot be read.
    """
    top = os.fspath(root)
    builder = FilesBuilder(top)
    visits: Counter[_Identity] = Counter()
    try:
        os.scandir(top).close()  # raises an error if the root cannot be listed
    except OSError as error:
        raise_if_scarce(error)
        raise
    # A stack of paths and the folders above them, since folders may be nested deeper than calls of functions.
    waiting: list[tuple[str, tuple[_Identity, ...]]] = [("", ())]
    while waiting:
        path, above = waiting.pop()
        try:
            identity = _identity(join(top, path) if path else top)
            visits[identity] += 1
            if identity in above:
                continue
            if visits[identity] > MOST_VISITS:
                raise OSError(errno.ELOOP, f"more than {MOST_VISITS} paths lead to the folder")
        except OSError as error:
            builder.note_unread(path, error)
            continue
        folders = _list_folder(builder, join(top, path) if path else top, path, extensions, archives)
        waiting += [(join(path, name), (*above, identity)) for name in sorted(folders, reverse=True)]
    return builder.build()


def _identity(path: str) -> _Identity:
    status = Path(path).stat()
    return status.st_dev, status.st_ino


def _list_folder(
    builder: FilesBuilder, place: str, path: str, extensions: tuple[str, ...] | None, archives: bool
) -> list[str]:
    """Add the videos of a folder, and return the names of its folders."""
    folders, videos, tars = [], [], []
    try:
        with os.scandir(place) as entries:
            for entry in entries:
                kind = kind_of_entry(entry, extensions)
                if kind is None:
                    folders.append(entry.name)
                elif kind is Kind.VIDEO:
                    videos.append(entry.name)
                elif kind is Kind.ARCHIVE and archives:
                    tars.append(entry.name)
                else:
                    builder.set_aside(kind, join(path, entry.name))
    except OSError as error:  # the folder may have been removed while it was listed
        builder.note_unread(path, error)
    builder.add(Folder(path), sorted(videos))
    for name in sorted(tars):
        builder.add_archive(join(path, name), extensions)
    return folders
