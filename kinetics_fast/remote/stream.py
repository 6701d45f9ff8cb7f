"""An object as a file object: for headers that are read by libraries. Videos are not read by it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from kinetics_fast.remote.fetcher import fetcher
from kinetics_fast.remote.remote_object import RemoteObject

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from kinetics_fast.remote.source import Remote

BLOCK = 1 << 16


class _RawObject(io.RawIOBase):
    """Unbuffered: each read is a request."""

    def __init__(self, remote: Remote | RemoteObject) -> None:
        self._object = remote if isinstance(remote, RemoteObject) else RemoteObject(remote)
        if self._object.size is None:
            fetcher().begin(self._object.fetch_beginning(BLOCK)).result()
        self._position = 0

    @property
    def size(self) -> int:
        """Size of the object in bytes."""
        return self._object.size or 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        self._position = max(0, begin + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, into: Buffer) -> int:
        view = memoryview(into).cast("B")
        count = max(0, min(view.nbytes, self.size - self._position))
        data = fetcher().begin(self._object.read(self._position, count)).result()
        view[:count] = data
        self._position += count
        return count


def open_object(remote: Remote | RemoteObject) -> io.BufferedReader:
    """Open an object for reading, in blocks of 64 KiB.

    Raises
    ------
    OpenError
        The object cannot be read.
    """
    return io.BufferedReader(_RawObject(remote), BLOCK)
