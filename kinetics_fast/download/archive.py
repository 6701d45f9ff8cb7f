"""Reading a tar archive, compressed or not, from a stream: strictly, to its very end."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import IO, cast

from kinetics_fast.download.errors import DamagedError, UnsafeMemberError
from kinetics_fast.download.names import is_hidden, member_path

GZIP_MAGIC = b"\x1f\x8b"
BUFFER = 1 << 20
LARGEST = 1 << 40  # bytes of a member: more is a header that means nothing
Take = Callable[[PurePosixPath, int, IO[bytes]], None]


class _Plain:
    """The uncompressed bytes, as tarfile reads them: nothing large at once, and the last ones remembered."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.last = b""

    def read(self, size: int) -> bytes:
        if size > BUFFER:  # an extended header, whose size is whatever it says
            raise DamagedError(f"no tar archive: a header of {size} bytes")
        self.last = self._stream.read(size)
        return self.last

    def seek(self, position: int) -> int:
        return self._stream.seek(position)

    def tell(self) -> int:
        return self._stream.tell()


def read_archive(stream: IO[bytes], take: Take) -> None:
    """Hand each file of an archive to `take`, as a safe relative path, its size and its bytes.

    `take` reads no more than `BUFFER` at once. When this returns, the whole stream has been read and its
    checksum compared. Hidden files are passed over.

    Raises
    ------
    DamagedError
        The stream is no tar archive, is cut short, or its checksum is wrong.
    UnsafeMemberError
        A member is a link, a device or has a path that leaves the folder.
    """
    try:
        # CVDF has had plain archives under names that say .gz.
        compressed = stream.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        stream.seek(0)
        plain = _Plain(cast("IO[bytes]", gzip.GzipFile(fileobj=stream)) if compressed else stream)
        archive = tarfile.TarFile(fileobj=cast("IO[bytes]", plain))
        while member := _next(archive):
            _hand_over(archive, member, take)
        # tarfile takes anything that is no header for the end, which is a block of zeros, or nothing.
        if any(plain.last):
            raise DamagedError("no whole archive: something else where a header should be")
        while plain.read(BUFFER):
            pass
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DamagedError(f"no whole archive: {error}") from error


def _next(archive: tarfile.TarFile) -> tarfile.TarInfo | None:
    try:
        member = archive.next()
    except (ValueError, OverflowError) as error:  # numbers that are none
        raise DamagedError(f"no tar archive: {error}") from error
    if member is not None and not 0 <= member.size <= LARGEST:
        raise DamagedError(f"no tar archive: {member.name!r} of {member.size} bytes")
    return member


def _hand_over(archive: tarfile.TarFile, member: tarfile.TarInfo, take: Take) -> None:
    path = member_path(member.name)
    if member.isdir():
        return
    if not member.isreg() or member.issparse() or not path.name:
        raise UnsafeMemberError(f"it holds {member.name!r}, which is no plain file")
    data = archive.extractfile(member)
    if data is not None and not is_hidden(path):
        take(path, member.size, data)
