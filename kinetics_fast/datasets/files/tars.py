"""Finds the videos in uncompressed tar archives by their headers, so that they can be read in place."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kinetics_fast.datasets.files.names import Kind, kind_of
from kinetics_fast.errors import CorruptError, Error, OpenError

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


def read_members(path: str | os.PathLike[str], extensions: tuple[str, ...] | None = None) -> Members:
    """Find the videos in an uncompressed tar archive. Sparse members are skipped: they are not contiguous."""
    name = os.fspath(path)
    members = Members()
    try:
        end = Path(name).stat().st_size
        for member in _regular_members(name):
            above, _, file_name = member.name.rpartition("/")
            if file_name and kind_of(file_name, extensions) is Kind.VIDEO:
                if member.offset_data + member.size > end:
                    raise CorruptError("ends within a member", name, detail=member.name)
                folder = "/".join(part for part in above.split("/") if part not in ("", "."))
                members.folders.setdefault(folder, {})[file_name] = (member.offset_data, member.size)
    except OSError as error:
        members.error = OpenError("cannot be read", name, detail=error.strerror or str(error))
    except tarfile.TarError as error:
        what = (
            "is compressed, so that members cannot be read in place; extract it"
            if _is_compressed(name)
            else ""
        )
        members.error = CorruptError(what or "is not a complete tar archive", name, detail=str(error))
    except CorruptError as error:
        members.error = error
    return members


def _regular_members(path: str) -> Iterator[tarfile.TarInfo]:
    with tarfile.open(path, "r:") as archive:
        while (member := archive.next()) is not None:
            archive.members.clear()  # type: ignore[attr-defined]  # otherwise it keeps every header
            if member.isreg() and not member.issparse():
                yield member


def _is_compressed(path: str) -> bool:
    with Path(path).open("rb") as file:
        return file.read(6).startswith(_MAGIC_OF_COMPRESSED)
