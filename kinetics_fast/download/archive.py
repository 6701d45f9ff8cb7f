"""Reading a tar archive, compressed or not, from a stream: strictly, to its very end."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import IO, cast

from .errors import DamagedError, UnsafeMemberError
from .names import is_hidden, member_path

GZIP_MAGIC = b"\x1f\x8b"
BUFFER = 1 << 20
LONGEST_NAME = 1 << 20  # bytes of an extended header, which is read into memory
LARGEST = 1 << 40  # bytes of a member: more is a header that means nothing
IN_MEMORY = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)
Take = Callable[[PurePosixPath, int, IO[bytes]], None]


class _StrictHeader(tarfile.TarInfo):
    """A header that ends the reading where it is not one; tarfile would take that for the archive's end."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _StrictHeader:
        try:
            header = super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if not any(buf):
                raise  # a block of zeros, or nothing: the end
            raise DamagedError(f"no tar archive: {error}") from error
        if header.size < 0 or (header.type in IN_MEMORY and header.size > LONGEST_NAME):
            raise DamagedError(f"no tar archive: a header of {header.size} bytes")
        return header


def read_archive(stream: IO[bytes], take: Take) -> None:
    """Hand each file of an archive to `take`, as a safe relative path, its size and its bytes.

    When it returns, the whole stream has been read and its checksum compared. Hidden files are passed over.

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
        plain = cast("IO[bytes]", gzip.GzipFile(fileobj=stream)) if compressed else stream
        archive = tarfile.TarFile(fileobj=plain, tarinfo=_StrictHeader)
        while member := _next(archive):
            _hand_over(archive, member, take)
        while plain.read(BUFFER):
            pass
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DamagedError(f"no whole archive: {error}") from error


def _next(archive: tarfile.TarFile) -> tarfile.TarInfo | None:
    try:
        member = archive.next()
    except (ValueError, OverflowError) as error:  # numbers that are none, in extended headers
        raise DamagedError(f"no tar archive: {error}") from error
    if member is not None and member.size > LARGEST:
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
