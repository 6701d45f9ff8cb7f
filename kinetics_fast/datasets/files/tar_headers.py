"""Reads the headers of a tar archive by tarfile, within limits, whatever an archive says.

tarfile trusts headers. It reads as many bytes as an extended header claims, calls itself for every extended
header, lets a negative size lead back to a header that was read before, and takes damage for the end of the
archive. Malformed headers make it raise errors of many types. Here all of them are a `tarfile.ReadError`.
"""

from __future__ import annotations

import re
import sys
import tarfile
from collections.abc import Iterator
from typing import IO, cast

HEADER_BYTES = 1 << 20  # of one member, extended headers and sparse maps included
LARGEST = 1 << 40  # bytes of a member; a larger number means that the header is damaged
MOST_FIELDS = 1000  # of global extended headers, which tarfile copies into every member
_MALFORMED = (ValueError, OverflowError, IndexError, RecursionError)  # what tarfile raises beside TarError
_DIGITS = re.compile(rb"\d{300}")  # tarfile takes quadratic time for them (CVE-2024-6232)


class _Stream:
    """The stream as tarfile sees it. Remembers the last block, and refuses reads of headers without end."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.left = 0
        self.in_header = True
        self.last = b""

    def read(self, size: int) -> bytes:
        if not 0 <= size <= self.left:
            raise tarfile.ReadError(f"the headers of a member have more than {HEADER_BYTES} bytes")
        self.left -= size
        self.last = self._stream.read(size)
        if self.in_header and size > tarfile.BLOCKSIZE and _DIGITS.search(self.last):
            raise tarfile.ReadError("a number of more than 300 digits")
        return self.last

    def seek(self, position: int) -> int:
        if position < 0:
            raise tarfile.ReadError("a member that begins before the archive")
        return self._stream.seek(position)

    def tell(self) -> int:
        return self._stream.tell()


def read_headers(stream: IO[bytes]) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo]]:
    """Yield the members of an archive in their order, with the archive, whose `extractfile` reads a member.

    Positions and sizes are not negative, and no regular member reaches into the next header. Whether the
    archive contains all bytes of the last member is for the caller to check.

    Parameters
    ----------
    stream : binary file
        The bytes of the archive, at their beginning. Must be seekable.

    Raises
    ------
    tarfile.TarError
        The archive is malformed, or ends without a block of zeros where a header is expected.
    """
    guarded = _Stream(stream)
    archive: tarfile.TarFile | None = None
    end = 0
    while True:
        guarded.left, guarded.in_header = HEADER_BYTES, True
        try:
            archive = archive or tarfile.TarFile(fileobj=cast("IO[bytes]", guarded))
            member = archive.next()
        except _MALFORMED as error:
            raise tarfile.ReadError(f"malformed header: {error}") from error
        guarded.left, guarded.in_header = sys.maxsize, False
        if member is None:
            break
        archive.members.clear()  # type: ignore[attr-defined]  # otherwise it keeps every header
        _check(archive, member, end)
        end = archive.offset
        yield archive, member
    # tarfile takes anything that is not a header for the end. The end is a block of zeros, or nothing.
    if any(guarded.last):
        raise tarfile.ReadError("no header where one is expected")


def _check(archive: tarfile.TarFile, member: tarfile.TarInfo, last_end: int) -> None:
    is_plain = member.isreg() and not member.issparse()
    if (
        not 0 <= member.size <= LARGEST
        or archive.offset <= last_end
        or (is_plain and member.offset_data + member.size > archive.offset)
    ):
        raise tarfile.ReadError(f"the size of {member.name[:200]!r} is wrong: {member.size} bytes")
    if len(archive.pax_headers) > MOST_FIELDS:
        raise tarfile.ReadError(f"more than {MOST_FIELDS} global fields")
