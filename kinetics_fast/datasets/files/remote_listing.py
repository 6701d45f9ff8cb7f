"""Lists the videos below a folder of a store, including members of tar archives."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from kinetics_fast.datasets.files.listing import Files, FilesBuilder, Folder
from kinetics_fast.datasets.files.names import Kind, join, kind_of
from kinetics_fast.errors import OpenError
from kinetics_fast.remote.stores import StoreError

if TYPE_CHECKING:
    from kinetics_fast.remote.folder import RemoteFolder


def list_remote_files(root: RemoteFolder) -> Files:
    """List the videos below `root` in the order of names, as `list_files` does for a folder of this machine.

    Raises
    ------
    OpenError
        The store cannot be listed.
    """
    names: dict[str, list[str]] = {}  # of each folder
    for path in _paths(root):
        folder, _, name = path.rpartition("/")
        if name and not any(part.startswith(".") for part in folder.split("/")):
            names.setdefault(folder, []).append(name)
    builder = FilesBuilder(root)
    for folder in sorted(names, key=lambda path: path.split("/") if path else []):
        kinds = {name: kind_of(name) for name in sorted(names[folder])}
        builder.add(Folder(folder), [name for name, kind in kinds.items() if kind is Kind.VIDEO])
        for name, kind in kinds.items():
            if kind is Kind.ARCHIVE:
                builder.add_archive(join(folder, name))
            elif kind is not Kind.VIDEO:
                builder.set_aside(kind, join(folder, name))
    return builder.build()


def _paths(root: RemoteFolder) -> list[str]:
    """Return the paths of all objects of a folder, relative to it."""
    start = f"{root.path}/" if root.path else ""
    try:
        paths = [listed.path for listed in root.open_store().listing(root.path)]
    except StoreError as error:
        number = error.errno or errno.EIO
        raise OpenError(
            f"the store cannot be listed: {error}", root.url, detail=os.strerror(number)
        ) from None
    return [path[len(start) :] for path in paths if path.startswith(start)]
