"""A folder of this machine that keeps blocks of objects, bounded in bytes, for several processes at once.

An object is known by its URL and its size, because its ETag is not known before it is asked for. Whether the
bytes are those of the index is checked when they are decoded, as for files. Where the cache fails, the store
is asked instead.
"""

from __future__ import annotations

import hashlib
import os
import threading
from typing import Any

BLOCK = 256 << 10
_opened: dict[tuple[str, int], BlockCache] = {}
_lock = threading.Lock()


class BlockCache:
    """Blocks of objects in a folder. Any thread.

    Parameters
    ----------
    folder : str
        The folder, which is made if it does not exist.
    max_bytes : int
        Largest size of the folder, apart from some kilobytes. The blocks that were stored first go first.
    """

    def __init__(self, folder: str, max_bytes: int) -> None:
        import sqlite3

        try:
            import diskcache
        except ModuleNotFoundError:
            what = "cache= needs diskcache: pip install 'kinetics-fast[remote]'"
            raise ModuleNotFoundError(what, name="diskcache") from None

        class Bytes(diskcache.Disk):  # type: ignore[misc]
            """Refuses pickles, which somebody else may have put into the folder."""

            def fetch(self, mode: int, filename: Any, value: Any, read: bool) -> Any:
                if mode not in (diskcache.core.MODE_RAW, diskcache.core.MODE_BINARY):
                    raise OSError("the cache has a value that is not bytes")
                return super().fetch(mode, filename, value, read)

        self._errors = (OSError, sqlite3.Error, diskcache.Timeout)
        self._blocks = diskcache.Cache(folder, disk=Bytes, size_limit=max_bytes, timeout=1)

    def get(self, video: str, block: int) -> bytes | None:
        """Return a block of a video; None if the cache does not have it."""
        try:
            found = self._blocks.get(_key(video, block))
        except self._errors:
            return None
        return found if isinstance(found, bytes) else None

    def put(self, video: str, block: int, data: bytes) -> None:
        """Keep a block of a video."""
        try:
            self._blocks.set(_key(video, block), data)
        except self._errors:
            return


def _key(video: str, block: int) -> str:
    return hashlib.blake2b(f"{block} {video}".encode("utf-8", "replace"), digest_size=20).hexdigest()


def block_cache(folder: str | os.PathLike[str] | None, max_bytes: int) -> BlockCache | None:
    """Return the cache of a folder, which is opened once per process; None for no cache."""
    if folder is None:
        return None
    key = os.path.abspath(folder), max_bytes  # noqa: PTH100
    with _lock:
        if key not in _opened:
            _opened[key] = BlockCache(*key)
        return _opened[key]
