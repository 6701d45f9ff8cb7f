"""Reads a tar archive, compressed or not, from a stream, and verifies it to its end."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import IO, cast

from kinetics_fast.datasets.files.tar_headers import read_headers
from kinetics_fast.download.errors import DamagedError, UnsafeMemberError
from kinetics_fast.download.names import is_hidden, member_path

GZIP_MAGIC = b"\x1f\x8b"
BUFFER = 1 << 20
MOST_MEMBERS = 1_000_000  # the largest archive of Kinetics has some thousands
Take = Callable[[PurePosixPath, int, IO[bytes]], None]


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
        plain = cast("IO[bytes]", gzip.GzipFile(fileobj=stream)) if compressed else stream
        for number, (archive, member) in enumerate(read_headers(plain)):
            if number == MOST_MEMBERS:
                raise DamagedError(f"not an archive of clips: more than {MOST_MEMBERS:,} members")
            _hand_over(archive, member, take)
        while plain.read(BUFFER):
            pass
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DamagedError(f"not a complete archive: {error}") from error


def _hand_over(archive: tarfile.TarFile, member: tarfile.TarInfo, take: Take) -> None:
    path = member_path(member.name)
    if member.isdir():
        return
    if not member.isreg() or member.issparse() or not path.name:
        raise UnsafeMemberError(f"the archive contains {member.name!r}, which is not a regular file")
    data = archive.extractfile(member)
    if data is not None and not is_hidden(path):
        take(path, member.size, data)
