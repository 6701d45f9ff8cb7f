"""Filesystems of fsspec, such as s3fs, gcsfs and adlfs. Ranges bring no ETag there; it is asked for once."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from kinetics_fast.remote.stores import Answer, Listed, StoreError
from kinetics_fast.remote.urls import joined, without_secrets

CALLS_AT_ONCE = 16  # of a filesystem that is not asynchronous
_FINAL: dict[type[BaseException], int] = {
    FileNotFoundError: errno.ENOENT,
    PermissionError: errno.EACCES,
    IsADirectoryError: errno.EISDIR,
    NotImplementedError: errno.ENOTSUP,
}


class FsspecStore:
    """A filesystem of fsspec; `url` is its URL where it was opened for one."""

    tells_identity = False

    def __init__(self, filesystem: Any, url: str | None) -> None:
        self._filesystem = filesystem
        self._url = url
        self.place = str(getattr(filesystem, "endpoint_url", None) or "")
        self._calls = ThreadPoolExecutor(CALLS_AT_ONCE, "kinetics_fast fsspec")

    @property
    def key(self) -> Hashable:
        """The URL, or the identity of the object."""
        return self._url or id(self._filesystem)

    def url_of(self, path: str) -> str:
        """Return the URL of an object, without credentials."""
        if self._url is not None:
            return joined(self._url, path)
        return without_secrets(str(self._filesystem.unstrip_protocol(path)))

    async def read(self, path: str, begin: int, end: int, etag: str | None) -> Answer:  # noqa: ARG002
        """Read a range of an object, whatever ETag it has."""
        data = await self._call("cat_file", path, start=begin, end=end)
        return Answer(data, None, None)

    async def look(self, path: str) -> tuple[int, str | None]:
        """Return the size and the ETag of an object, or what stands for the ETag."""
        info = await self._call("info", path)
        if info.get("size") is None:
            raise StoreError("the filesystem does not tell the size of the object", errno.ENOTSUP)
        return int(info["size"]), _etag(info)

    def listing(self, prefix: str) -> Iterator[Listed]:
        """List the objects below a prefix."""
        try:
            found = self._filesystem.find(prefix, detail=True)
        except Exception as error:  # each filesystem has errors of its own
            failure = _failure(error)
        else:
            for path, info in sorted(found.items()):
                yield Listed(path, int(info["size"]), _etag(info))
            return
        raise failure

    async def _call(self, method: str, *args: Any, **named: Any) -> Any:
        """Call the filesystem in its own event loop, or in a thread where it has none."""
        try:
            filesystem = self._filesystem
            if filesystem.async_impl and not filesystem.asynchronous:
                import fsspec.asyn

                work = getattr(filesystem, f"_{method}")(*args, **named)
                future = asyncio.run_coroutine_threadsafe(work, filesystem.loop or fsspec.asyn.get_loop())
                return await asyncio.wrap_future(future)
            call: Callable[..., Any] = getattr(filesystem, method)
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._calls, lambda: call(*args, **named))
        except Exception as error:  # each filesystem has errors of its own
            failure = _failure(error)
        raise failure


def _etag(info: dict[str, Any]) -> str | None:
    for name in ("ETag", "etag", "md5Hash", "content_md5", "mtime", "created", "LastModified"):
        if info.get(name) is not None:
            return str(info[name])
    return None


def _failure(error: Exception) -> StoreError:
    """Return what went wrong, without what a URL of the message may hold."""
    text = without_secrets(f"{type(error).__name__}: {error}".partition("\n")[0])[:300]
    known = next((_FINAL[kind] for kind in _FINAL if isinstance(error, kind)), None)
    return StoreError(text, known, again=known is None)
