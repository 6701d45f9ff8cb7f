"""Members of plain tar archives, found by their headers alone, to be read where they lie."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from kinetics_fast.datasets.names import Kind, kind_of
from kinetics_fast.errors import CorruptError, OpenError

_MAGIC_OF_COMPRESSED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"PK")

Members = tuple[str, list[str], "NDArray[np.int64]"]


def is_plain_tar(path: str | os.PathLike[str]) -> bool:
    """Tell by its first bytes whether an archive is not compressed, whatever it is called."""
    with open(path, "rb") as file:  # noqa: PTH123 - many small calls
        return not file.read(6).startswith(_MAGIC_OF_COMPRESSED)


def video_members(path: str | os.PathLike[str], extensions: Sequence[str] | None = None) -> Iterator[Members]:
    """Yield runs of videos in one folder of the archive: folder, names, and int64 (n, 2) offsets and sizes.

    A member that appears twice is yielded twice. Sparse members have no one place and are left out.

    Raises
    ------
    OpenError
        The file cannot be read.
    CorruptError
        It is no plain tar archive, or ends before its last member does. What came before was yielded.
    """
    folder: str | None = None
    names: list[str] = []
    ranges: list[tuple[int, int]] = []
    for member in _regular_members(os.fspath(path)):
        above, _, name = member.name.rpartition("/")
        if not name or kind_of(name, extensions) is not Kind.VIDEO:
            continue
        above = above.removeprefix("./").lstrip("/") if above != "." else ""
        if above != folder and folder is not None:
            yield folder, names, np.array(ranges, np.int64)
            names, ranges = [], []
        folder = above
        names.append(name)
        ranges.append((member.offset_data, member.size))
    if folder is not None:
        yield folder, names, np.array(ranges, np.int64)


def _regular_members(path: str) -> Iterator[tarfile.TarInfo]:
    try:
        with tarfile.open(path, "r:") as archive:
            while (member := archive.next()) is not None:
                archive.members.clear()  # type: ignore[attr-defined]  # it keeps every header otherwise
                if member.isreg() and not member.issparse():
                    yield member
    except OSError as error:
        raise OpenError("cannot be read", path, detail=str(error)) from error
    except tarfile.TarError as error:
        raise CorruptError("is no whole, plain tar archive", path, detail=str(error)) from error
