"""Reads a tar archive, compressed or not, from a stream, and verifies it to its end."""

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
LARGEST = 1 << 40  # bytes of a member; a larger number means that the header is damaged
Take = Callable[[PurePosixPath, int, IO[bytes]], None]


class _Plain:
    """The uncompressed bytes for tarfile. Refuses large reads and remembers the bytes of the last read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.last = b""

    def read(self, size: int) -> bytes:
        if size > BUFFER:  # an extended header of a size that the archive claims
            raise DamagedError(f"not a tar archive: a header of {size} bytes")
        self.last = self._stream.read(size)
        return self.last

    def seek(self, position: int) -> int:
        return self._stream.seek(position)

    def tell(self) -> int:
        return self._stream.tell()


def read_archive(stream: IO[bytes], take: Take) -> None:
    """Pass each file of an archive to `take`: a safe relative path, the size and a stream of the bytes.

    `take` must read at most `BUFFER` bytes at once. When this function returns, the whole stream has been
    read and its checksum has been verified. Hidden files are skipped.

    Raises
    ------
    DamagedError
        The stream is not a tar archive, is cut short, or has a wrong checksum.
    UnsafeMemberError
        A member is a link or a device, or its path leads out of the folder.
    """
    try:
        # CVDF has hosted uncompressed archives under names that end with .gz.
        compressed = stream.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        stream.seek(0)
        plain = _Plain(cast("IO[bytes]", gzip.GzipFile(fileobj=stream)) if compressed else stream)
        archive = tarfile.TarFile(fileobj=cast("IO[bytes]", plain))
        while member := _next(archive):
            _hand_over(archive, member, take)
        # tarfile takes anything that is not a header for the end. The end is a block of zeros, or nothing.
        if any(plain.last):
            raise DamagedError("not a complete archive: no header where one is expected")
        while plain.read(BUFFER):
            pass
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DamagedError(f"not a complete archive: {error}") from error


def _next(archive: tarfile.TarFile) -> tarfile.TarInfo | None:
    try:
        member = archive.next()
    except (ValueError, OverflowError) as error:  # a field that is not a number
        raise DamagedError(f"not a tar archive: {error}") from error
    if member is not None and not 0 <= member.size <= LARGEST:
        raise DamagedError(f"not a tar archive: {member.name!r} of {member.size} bytes")
    return member


def _hand_over(archive: tarfile.TarFile, member: tarfile.TarInfo, take: Take) -> None:
    path = member_path(member.name)
    if member.isdir():
        return
    if not member.isreg() or member.issparse() or not path.name:
        raise UnsafeMemberError(f"the archive contains {member.name!r}, which is not a regular file")
    data = archive.extractfile(member)
    if data is not None and not is_hidden(path):
        take(path, member.size, data)
