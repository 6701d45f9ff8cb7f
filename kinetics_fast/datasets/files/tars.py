"""Finds the videos in uncompressed tar archives by their headers, so that they can be read in place."""

from __future__ import annotations

import io
import os
import tarfile
from dataclasses import dataclass, field
from typing import IO

from kinetics_fast._files import open_regular
from kinetics_fast.datasets.files.names import Kind, kind_of
from kinetics_fast.datasets.files.tar_headers import read_headers
from kinetics_fast.errors import CorruptError, Error, OpenError, raise_if_scarce
from kinetics_fast.remote.source import Remote
from kinetics_fast.remote.stream import open_object

_MAGIC_OF_COMPRESSED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"PK")


@dataclass
class Members:
    """The videos of one archive.

    Attributes
    ----------
    folders : dict
        The folders of the archive, each a dict of file names to (offset, size) in the archive. If a name
        occurs twice, the later member is used, as in extraction.
    error : Error or None
        Why the archive could not be read completely.
    """

    folders: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    error: Error | None = None


def read_members(path: str | os.PathLike[str] | Remote, extensions: tuple[str, ...] | None = None) -> Members:
    """Find the videos in an uncompressed tar archive. Sparse members are skipped: they are not contiguous."""
    name = path.name if isinstance(path, Remote) else os.fspath(path)
    members = Members()
    try:
        with open_object(path) if isinstance(path, Remote) else io.BufferedReader(open_regular(name)) as file:
            _collect(file, name, extensions, members)
    except Error as error:
        members.error = error
    except OSError as error:
        raise_if_scarce(error)
        members.error = OpenError("cannot be read", name, detail=error.strerror or str(error))
    return members


def _collect(file: IO[bytes], name: str, extensions: tuple[str, ...] | None, members: Members) -> None:
    end = file.seek(0, io.SEEK_END)
    file.seek(0)
    is_compressed = file.read(6).startswith(_MAGIC_OF_COMPRESSED)
    file.seek(0)
    try:
        for _, member in read_headers(file):
            above, _, file_name = member.name.rpartition("/")
            if not file_name or kind_of(file_name, extensions) is not Kind.VIDEO:
                continue
            if not member.isreg() or member.issparse():
                continue
            if member.offset_data + member.size > end:
                raise CorruptError("ends within a member", name, detail=member.name)
            folder = "/".join(part for part in above.split("/") if part not in ("", "."))
            members.folders.setdefault(folder, {})[file_name] = (member.offset_data, member.size)
    except tarfile.TarError as error:
        what = "is not a complete tar archive"
        if is_compressed:
            what = "is compressed, so that members cannot be read in place; extract it"
        raise CorruptError(what, name, detail=str(error)) from error
