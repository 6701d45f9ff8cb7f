"""`Remote`: a video in an object store."""

from __future__ import annotations

import operator
import sys
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from kinetics_fast.remote.opened_stores import store_of
from kinetics_fast.remote.stores import Store
from kinetics_fast.remote.urls import checked_url


@dataclass(frozen=True, init=False, repr=False)
class Remote:
    """A video that is an object in a store, or a part of one, such as a member of a tar archive.

    The bytes that a call needs are fetched when the call is made. A pickle contains the store as it was
    given: an obstore store or an fsspec filesystem brings its credentials along, a URL has none.

    Parameters
    ----------
    store : obstore store, fsspec filesystem or str
        The store. A str is a URL (``s3://``, ``gs://``, ``az://``, ``https://``), which obstore opens, or
        fsspec if obstore is not installed; the credentials come from the environment. The URL itself must not
        contain credentials.
    path : str
        The name of the object in the store.
    offset : int
        Position of the video's first byte in the object.
    size : int, optional
        Number of bytes; None means up to the end of the object.

    Raises
    ------
    TypeError, ValueError
        An argument is not valid.

    Examples
    --------
    >>> kf.Remote("s3://bucket/kinetics", "val/abseiling.mp4")
    Remote('s3://bucket/kinetics/val/abseiling.mp4')
    >>> kf.Remote("https://example.org/shards", "000.tar", offset=512, size=1_000_000)
    Remote('https://example.org/shards/000.tar', offset=512, size=1000000)
    """

    store: Any
    path: str
    offset: int
    size: int | None

    def __init__(self, store: Any, path: str, offset: int = 0, size: int | None = None) -> None:
        if isinstance(store, str):
            store = checked_url(store)
        if not isinstance(path, str) or not path:  # type: ignore[redundant-expr]
            raise TypeError(f"path must be the name of an object in the store, got {path!r}")
        try:
            begin, length = operator.index(offset), None if size is None else operator.index(size)
        except TypeError:
            raise TypeError(
                f"offset and size must be whole numbers of bytes, got {offset!r} and {size!r}"
            ) from None
        if begin < 0 or (length is not None and length < 0) or begin + (length or 0) > sys.maxsize:
            raise ValueError(f"offset and size must be a part of an object, got {offset} and {size}")
        for name, value in (("store", store), ("path", path), ("offset", begin), ("size", length)):
            object.__setattr__(self, name, value)
        self.open_store()

    def open_store(self) -> Store:
        """Return the store, which is opened once per process.

        Returns
        -------
        Store
            The object store.
        """
        return store_of(self.store)

    @property
    def name(self) -> str:
        """The URL of the video without credentials, and its range in brackets: its name in messages."""
        url = self.open_store().url_of(self.path)
        if self.offset == 0 and self.size is None:
            return url
        return f"{url}[{self.offset}:{'' if self.size is None else self.offset + self.size}]"

    @property
    def key(self) -> Hashable:
        """A key that is equal for two sources if they are the same bytes."""
        return "remote", self.open_store().key, self.path, self.offset, self.size

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Remote) and self.key == other.key

    def __repr__(self) -> str:
        part = "" if self.offset == 0 else f", offset={self.offset}"
        part += "" if self.size is None else f", size={self.size}"
        return f"Remote({self.open_store().url_of(self.path)!r}{part})"
