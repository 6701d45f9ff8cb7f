"""Stores of obstore: Amazon S3, Google Cloud Storage, Azure Blob Storage, HTTP, local folders and memory."""

from __future__ import annotations

import errno
import os
from collections.abc import Hashable, Iterator
from typing import Any

import obstore
from obstore import exceptions

from kinetics_fast.remote.stores import Answer, Listed, StoreError
from kinetics_fast.remote.urls import joined, without_secrets

MOST_TEXT = 300  # characters of an error of the library
_ERRNO_OF: dict[type[Exception], int] = {
    FileNotFoundError: errno.ENOENT,  # which obstore raises instead of an error of its own
    exceptions.PermissionDeniedError: errno.EACCES,
    exceptions.UnauthenticatedError: errno.EACCES,
    exceptions.InvalidPathError: errno.EINVAL,
    exceptions.NotSupportedError: errno.ENOTSUP,
}
_ERRORS = (exceptions.BaseError, OSError, ValueError)
_SCHEME_OF = {"S3Store": "s3", "GCSStore": "gs", "AzureStore": "az"}

_used_in: int | None = None  # the process that has used the library first


class ObstoreStore:
    """A store of obstore; `url` is its URL where it was opened for one."""

    tells_identity = True

    def __init__(self, store: Any, url: str | None) -> None:
        self._store = store
        self.place = str((getattr(store, "config", None) or {}).get("endpoint") or "")
        self._base = url or _base_of(store)
        self._key = url or id(store)

    @property
    def key(self) -> Hashable:
        """The URL, or the identity of the object."""
        return self._key

    def url_of(self, path: str) -> str:
        """Return the URL of an object, without credentials."""
        return joined(self._base, path)

    async def read(self, path: str, begin: int, end: int, etag: str | None) -> Answer:
        """Read a range of an object that has this ETag."""
        _check_process()
        options: dict[str, Any] = {"range": (begin, end)}
        if etag is not None:
            options["if_match"] = etag
        try:
            result = await obstore.get_async(self._store, path, options=options)
            meta = result.meta
            return Answer(await result.bytes_async(), meta["size"], meta["e_tag"])
        except _ERRORS as error:
            failure = _failure(error)
        raise failure

    async def look(self, path: str) -> tuple[int, str | None]:
        """Return the size and the ETag of an object."""
        _check_process()
        try:
            meta = await obstore.head_async(self._store, path)
        except _ERRORS as error:
            failure = _failure(error)
        else:
            return meta["size"], meta["e_tag"]
        raise failure

    def listing(self, prefix: str) -> Iterator[Listed]:
        """List the objects below a prefix."""
        _check_process()
        try:
            for page in obstore.list(self._store, prefix or None, chunk_size=1000):
                for meta in page:
                    yield Listed(meta["path"], meta["size"], meta["e_tag"])
            return
        except _ERRORS as error:
            failure = _failure(error)
        raise failure


def _check_process() -> None:
    """Refuse to use the library where it would wait for threads that a fork did not copy."""
    global _used_in
    _used_in = _used_in or os.getpid()
    if _used_in != os.getpid():
        what = "obstore was used before this process was forked; start processes by 'spawn' or 'forkserver'"
        raise StoreError(what)


def _base_of(store: Any) -> str:
    kind = type(store).__name__
    if kind == "HTTPStore":
        return without_secrets(store.url)
    if kind == "LocalStore":
        return f"file://{store.prefix or ''}"
    if kind == "MemoryStore":
        return "memory://"
    config = store.config
    bucket = config.get("bucket") or config.get("container_name") or ""
    prefix = store.prefix or ""
    return f"{_SCHEME_OF.get(kind, kind)}://{bucket}" + (f"/{prefix}" if prefix else "")


def _failure(error: Exception) -> StoreError:
    """Return what went wrong, without what a URL of the message may hold."""
    text = without_secrets(str(error).partition("\n")[0].strip())[:MOST_TEXT]
    if isinstance(error, exceptions.PreconditionError):
        return StoreError(text, changed=True)
    known = next((number for kind, number in _ERRNO_OF.items() if isinstance(error, kind)), None)
    return StoreError(text, known, again=known is None)
