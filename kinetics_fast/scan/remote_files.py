"""Objects of a store, as a scan reads them: each is fetched whole, and known by its size and ETag."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from kinetics_fast.errors import OpenError
from kinetics_fast.remote.fetcher import fetcher
from kinetics_fast.remote.remote_object import RemoteObject
from kinetics_fast.remote.stream import open_object
from kinetics_fast.scan.examine import FileToRead
from kinetics_fast.scan.header_hash import HASH_BYTES, Fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kinetics_fast import _core
    from kinetics_fast.remote.folder import RemoteFolder


@dataclass(frozen=True)
class RemoteFileToRead(FileToRead):
    """An object, or a part of one.

    Attributes
    ----------
    content : RemoteObject
        What was fetched of it.
    """

    content: RemoteObject

    def source(self) -> _core.Source:
        """Return the bytes that were fetched."""
        return self.content.source()

    def open(self) -> tuple[BinaryIO, int]:
        """Return a file object over the bytes that were fetched, and where the video begins in it."""
        return open_object(self.content), 0


def look(root: RemoteFolder, name: str, offset: int | None, length: int | None) -> RemoteFileToRead:
    """Ask a store for the size and the ETag of an object."""
    content = RemoteObject(root.source(name, offset or 0, length))
    fingerprint: Fingerprint | OSError
    try:
        fingerprint = identity(content)
    except OpenError as error:
        fingerprint = error
    return RemoteFileToRead(name, offset, content.name, fingerprint, content)


def identity(content: RemoteObject) -> Fingerprint:
    """Ask a store for what identifies an object.

    Raises
    ------
    OpenError
        The store does not tell it.
    """
    fetcher().begin(content.learn_identity()).result()
    size = content.size or 0
    told = f"{size} {content.etag}".encode()
    return Fingerprint(size, hashlib.blake2b(told, digest_size=HASH_BYTES).digest())


def fetched(files: Sequence[FileToRead]) -> list[FileToRead]:
    """Fetch objects, all at once, and return them with the error of each that cannot be read."""
    found = [file for file in files if isinstance(file, RemoteFileToRead)]

    async def fetch_all() -> list[BaseException | None]:
        work = [
            file.content.fetch([(0, file.content.size or 0)])
            for file in found
            if not isinstance(file.fingerprint, OSError)
        ]
        return await asyncio.gather(*work, return_exceptions=True)

    errors = iter(fetcher().begin(fetch_all()).result())
    return [
        file
        if isinstance(file.fingerprint, OSError) or (error := next(errors)) is None
        else replace(file, fingerprint=_as_os_error(error))
        for file in found
    ]


def _as_os_error(error: BaseException) -> OSError:
    if isinstance(error, OSError):
        return error
    if not isinstance(error, Exception):
        raise error
    return OpenError(str(error))
