"""The stores that this process has opened, each once."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from typing import Any

from kinetics_fast.remote.stores import Store
from kinetics_fast.remote.urls import checked_url, open_url

MOST_OPENED = 64  # stores that are kept for URLs and objects

_opened: dict[Hashable, tuple[Any, Store]] = {}
_lock = threading.Lock()


def store_of(store: Any) -> Store:
    """Return the store of a checked URL, an obstore store or an fsspec filesystem.

    Raises
    ------
    TypeError
        The object is not a store of obstore or fsspec.
    ModuleNotFoundError
        The URL needs a library that is not installed.
    """
    key: Hashable = store if isinstance(store, str) else id(store)
    known = _opened.get(key)
    if known is not None:
        return known[1]
    opened = (
        _adapter(open_url(checked_url(store)), store) if isinstance(store, str) else _adapter(store, None)
    )
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
