"""Members of plain tar archives, found by their headers alone, to be read where they lie."""

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
        The archive's folders, each a dict of file names to (offset, size) in the archive; of a name that
        comes twice the later one, as when extracting.
    error : Error or None
        Why there may have been more.
    """

    folders: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    error: Error | None = None


def read_members(path: str | os.PathLike[str], extensions: tuple[str, ...] | None = None) -> Members:
    """Find the videos in a plain tar archive. Sparse members have no one place and are left out."""
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
        what = "is compressed: no member has a place of its own; extract it" if _is_compressed(name) else ""
        members.error = CorruptError(what or "is no whole tar archive", name, detail=str(error))
    except CorruptError as error:
        members.error = error
    return members


def _regular_members(path: str) -> Iterator[tarfile.TarInfo]:
    with tarfile.open(path, "r:") as archive:
        while (member := archive.next()) is not None:
            archive.members.clear()  # type: ignore[attr-defined]  # it keeps every header otherwise
            if member.isreg() and not member.issparse():
                yield member


def _is_compressed(path: str) -> bool:
    with Path(path).open("rb") as file:
        return file.read(6).startswith(_MAGIC_OF_COMPRESSED)
