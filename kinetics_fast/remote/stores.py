"""What is asked of a store, whatever library it comes from, and the stores that this process has opened."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from kinetics_fast.remote.urls import checked_url, open_url

if TYPE_CHECKING:
    from typing_extensions import Buffer

MOST_OPENED = 64  # stores that are kept for URLs and objects


class Answer(NamedTuple):
    """What a store answers to a ranged read.

    Attributes
    ----------
    data : buffer
        The bytes. Fewer than were asked for where the object ends, or where the connection broke.
    size : int or None
        Size of the whole object in bytes; None if the store does not say it.
    etag : str or None
        What identifies the content of the object; None if the store does not say it.
    """

    data: Buffer
    size: int | None
    etag: str | None


class Listed(NamedTuple):
    """An object of a listing: its path in the store, its size in bytes and its ETag."""

    path: str
    size: int
    etag: str | None


class StoreError(Exception):
    """A request failed. Its text has no credentials.

    Attributes
    ----------
    errno : int or None
        The errno that a file system would have given.
    again : bool
        Whether another attempt may succeed.
    changed : bool
        Whether the object is not the one that was asked for any more.
    """

    def __init__(
        self, text: str, errno: int | None = None, *, again: bool = False, changed: bool = False
    ) -> None:
        super().__init__(text)
        self.errno = errno
        self.again = again
        self.changed = changed


class Store(Protocol):
    """A store. Its coroutines may run in any event loop, several at once."""

    @property
    def key(self) -> Hashable:
        """Equal for two objects that stand for the same store."""

    def url_of(self, path: str) -> str:
        """Return the URL of an object, without credentials."""

    async def read(self, path: str, begin: int, end: int, etag: str | None) -> Answer:
        """Read the bytes [begin, end) of an object that has this ETag; None means whatever it has."""

    async def look(self, path: str) -> tuple[int, str | None]:
        """Return the size and the ETag of an object."""

    def listing(self, prefix: str) -> Iterator[Listed]:
        """List the objects below a prefix. Blocks."""


_opened: dict[Hashable, tuple[Any, Store]] = {}
_lock = threading.Lock()


def store_of(store: Any) -> Store:
    """Return the store of a checked URL, an obstore store or an fsspec filesystem.

    Raises
    ------
    TypeError
        The object is no store of these libraries.
    ModuleNotFoundError
        The URL needs a library that is not installed.
    """
    key: Hashable = store if isinstance(store, str) else id(store)
    known = _opened.get(key)
    if known is not None:
        return known[1]
    opened = _adapter(open_url(checked_url(store)), store) if isinstance(store, str) else _adapter(store, None)
    with _lock:
        while len(_opened) >= MOST_OPENED:
            _opened.pop(next(iter(_opened)))
        # The object is kept with its adapter, so that no other object can have its id.
        return _opened.setdefault(key, (store, opened))[1]


def _adapter(store: Any, url: str | None) -> Store:
    module = type(store).__module__.partition(".")[0]
    if module == "obstore":
        from kinetics_fast.remote.obstore_store import ObstoreStore

        return ObstoreStore(store, url)
    if hasattr(store, "cat_file") and hasattr(store, "unstrip_protocol"):
        from kinetics_fast.remote.fsspec_store import FsspecStore

        return FsspecStore(store, url)
    kind = type(store).__name__
    raise TypeError(f"store must be a URL, an obstore store or an fsspec filesystem, got {kind}")
