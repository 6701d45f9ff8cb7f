"""A folder of a store: what the paths of a data set are relative to."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from kinetics_fast.errors import OpenError
from kinetics_fast.remote.opened_stores import store_of
from kinetics_fast.remote.source import Remote
from kinetics_fast.remote.stores import Store
from kinetics_fast.remote.urls import checked_url, is_url, joined, without_secrets


class RemoteFolder:
    """A folder of a store.

    Parameters
    ----------
    store : obstore store, fsspec filesystem or str
        The store.
    path : str
        The folder; empty for the whole store.
    refusal : OpenError, optional
        Why no file of the folder may be read. The store is then not opened.
    """

    def __init__(self, store: Any, path: str = "", refusal: OpenError | None = None) -> None:
        self.store = store
        self.path = path.rstrip("/")
        self.refusal = refusal

    def __reduce__(self) -> tuple[Any, ...]:
        return RemoteFolder, (self.store, self.path, self.refusal)

    @property
    def url(self) -> str:
        """The URL of the folder without credentials."""
        if isinstance(self.store, str):
            return joined(self.store, self.path).rstrip("/")
        return store_of(self.store).url_of(self.path).rstrip("/")

    def open_store(self) -> Store:
        """Return the store, which is opened once per process."""
        return store_of(self.check().store)

    def check(self) -> RemoteFolder:
        """Return the folder, or raise the error that says why it may not be read."""
        if self.refusal is not None:
            raise self.refusal
        return self

    def __str__(self) -> str:
        return self.url

    def full_path(self, path: str) -> str:
        """Return the path in the store of a path in the folder."""
        return f"{self.path}/{path}" if self.path else path

    def source(self, path: str, offset: int = 0, size: int | None = None) -> Remote:
        """Return a file of the folder, or a part of it.

        Raises
        ------
        OpenError
            The path leads out of the folder, or the folder may not be read. Paths come from indices, which
            are untrusted input.
        """
        self.check()
        if "\\" in path or any(part in ("", ".", "..") for part in path.split("/")):
            raise OpenError("the path must lie below the folder of the data set", f"{self.url}/{path}")
        return Remote(self.store, self.full_path(path), offset, size)


def remote_folder(root: Any) -> RemoteFolder | None:
    """Return the folder that a URL, a `Remote` or a store names; None for a path of this machine."""
    if isinstance(root, RemoteFolder):
        return root
    if isinstance(root, Remote):
        return RemoteFolder(root.store, root.path)
    if isinstance(root, str):
        return RemoteFolder(checked_url(root)) if is_url(root) else None
    if root is None or isinstance(root, bytes) or hasattr(root, "__fspath__"):
        return None
    return RemoteFolder(root)


def remote_file(file: Any) -> Remote | None:
    """Return the object that a `Remote` or the URL of a file names; None for a path of this machine."""
    if isinstance(file, Remote):
        return file
    if not is_url(file):
        return None
    parts = urlsplit(checked_url(file))
    return Remote(f"{parts.scheme}://{parts.netloc}", parts.path.lstrip("/"))


def allowed_folder(url: str, allow_remote: bool | Iterable[str], where: str) -> RemoteFolder:
    """Return the folder of a URL of an index. It refuses to be read if the caller did not allow the URL."""
    prefixes: list[str] = []
    if isinstance(allow_remote, str):
        prefixes = [allow_remote]
    elif not isinstance(allow_remote, bool):
        prefixes = list(allow_remote)
    below = f"{url.rstrip('/')}/"
    if allow_remote is True or any(below.startswith(f"{prefix.rstrip('/')}/") for prefix in prefixes):
        return RemoteFolder(checked_url(url))
    shown = without_secrets(url)
    what = f"the index {where} names a store; pass allow_remote=[{shown!r}] if it is to be read"
    return RemoteFolder(shown, "", OpenError(what, shown, detail=os.strerror(errno.EACCES)))
