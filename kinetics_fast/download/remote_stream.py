"""A stream of a file on a server that survives lost connections.

The bytes in the part file are read from there. Bytes from the server are appended to the part file before
they are read. The part file is therefore all that is needed to continue.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx

from kinetics_fast.download.disk import check_room
from kinetics_fast.download.errors import DamagedError
from kinetics_fast.download.part_file import Identity, PartFile
from kinetics_fast.download.session import Session, StatusError, content_length

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from kinetics_fast.download.limits import Allowance

RANGE = re.compile(r"bytes (\d{1,19})-\d{1,19}/(\d{1,19}|\*)")
UNSATISFIED = re.compile(r"bytes \*/(\d{1,19})")
Progress = Callable[[int, "int | None"], None]  # bytes that have arrived, length of the file


class RemoteStream(io.RawIOBase):
    """Reads `url` through its part file.

    If the file on the server is not the file that the first bytes belong to, the part file is emptied and
    `DamagedError` is raised. The reader must start again. If an allowance is given and used up,
    `TransferError` is raised.
    """

    def __init__(
        self,
        session: Session,
        url: str,
        part: PartFile,
        progress: Progress,
        allowance: Allowance | None = None,
    ) -> None:
        self._session = session
        self._url = url
        self._part = part
        self._progress = progress
        self._allowance = allowance
        self._position = 0
        self._response: httpx.Response | None = None
        self._pieces: Iterator[bytes] = iter(())

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True, since all bytes stay in the part file."""
        return True

    def tell(self) -> int:
        """Return the position of the next read."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to a position, counted from the beginning."""
        if whence != io.SEEK_SET:
            raise io.UnsupportedOperation("the end is not known yet")
        self._fetch_beyond(offset - 1)
        self._position = min(offset, self._part.size)
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read bytes that have arrived into the buffer and return their number; 0 at the end of the file."""
        self._fetch_beyond(self._position)
        view = memoryview(buffer).cast("B")
        data = self._part.read(len(view), self._position)
        view[: len(data)] = data
        self._position += len(data)
        return len(data)

    def close(self) -> None:
        """Close the connection."""
        self._disconnect()
        super().close()

    def _fetch_beyond(self, position: int) -> None:
        while self._part.size <= position and not self._part.is_whole:
            self._session.with_retries(self._url, self._fetch_piece, self._allowance)

    def _fetch_piece(self) -> None:
        try:
            if self._response is None:
                self._connect()
            piece = next(self._pieces, None)
            if piece is None:
                self._check_end()
            else:
                self._append(piece)
        except BaseException:
            self._disconnect()
            raise

    def _append(self, piece: bytes) -> None:
        length = self._part.identity.length
        if length is not None and self._part.size + len(piece) > length:
            self._start_anew("the server sends more bytes than it announced")
        self._check_size(self._part.size + len(piece))
        self._part.append(piece)
        self._progress(self._part.size, length)

    def _check_size(self, size: int) -> None:
        if self._allowance is not None:
            self._allowance.check(size)

    def _check_end(self) -> None:
        self._disconnect()
        identity, size = self._part.identity, self._part.size
        if identity.length is None:
            self._part.identify(replace(identity, length=size))
        elif size < identity.length:
            raise httpx.RemoteProtocolError(f"the server stopped after {size} of {identity.length} bytes")

    def _connect(self) -> None:
        offset, condition = self._part.size, self._part.identity.condition
        headers = {"Range": f"bytes={offset}-"} if offset else {}
        if offset and condition:
            headers["If-Range"] = condition
        self._response = response = self._session.open(self._url, headers)
        if response.status_code == httpx.codes.OK:
            self._pieces = self._accept_whole(response, offset)
        elif response.status_code == httpx.codes.PARTIAL_CONTENT and offset:
            self._pieces = self._accept_rest(response, offset)
        elif response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE and offset:
            self._accept_end(response, offset)
        else:
            raise StatusError(response)
        self._check_size(self._part.identity.length or 0)
        check_room(self._part.final.parent, (self._part.identity.length or 0) - self._part.size, self._url)

    def _accept_whole(self, response: httpx.Response, offset: int) -> Iterator[bytes]:
        """Return the bytes to append: without those in the part file, if they are of the same file."""
        identity = Identity.of(response.headers, content_length(response))
        known = self._part.identity
        if offset and known.condition and known.condition == identity.condition and known.may_be(identity):
            return _without_first(response.iter_raw(), offset)
        if self._position:
            self._start_anew("the file on the server has changed")
        self._part.begin(identity)
        return response.iter_raw()

    def _accept_rest(self, response: httpx.Response, offset: int) -> Iterator[bytes]:
        found = RANGE.fullmatch(response.headers.get("content-range", ""))
        start, total = found.groups() if found else ("", "")
        identity = Identity.of(response.headers, int(total) if total.isdecimal() else None)
        if start != str(offset) or not self._part.identity.may_be(identity):
            self._start_anew("the server answers with a part of another file")
        return response.iter_raw()

    def _accept_end(self, response: httpx.Response, offset: int) -> None:
        """Accept "range not satisfiable" as the end of the file if the part file ends there."""
        found = UNSATISFIED.fullmatch(response.headers.get("content-range", ""))
        if not found or int(found.group(1)) != offset:
            self._start_anew("the file on the server has become shorter")
        self._part.identify(replace(self._part.identity, length=offset))
        self._pieces = iter(())

    def _start_anew(self, why: str) -> None:
        self._part.begin(Identity())
        raise DamagedError(why)

    def _disconnect(self) -> None:
        self._pieces = iter(())
        if self._response is not None:
            self._response.close()
            self._response = None


def _without_first(pieces: Iterator[bytes], count: int) -> Iterator[bytes]:
    for piece in pieces:
        if len(piece) > count:
            yield piece[count:]
        count = max(0, count - len(piece))
