"""What is asked of a store, whatever library it comes from."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from typing_extensions import Buffer


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

    tells_identity: bool  # whether answers have the size and the ETag of the object
    place: str  # the server, where it is not the one that URLs of this kind mean

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
