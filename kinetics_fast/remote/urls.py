"""URLs of stores: which are accepted, and how a store is opened for one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

_SCHEMES = ("s3", "gs", "az", "https", "http")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_SECRETS = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*://)(?:[^/\s@\"']*@)?(?P<rest>[^\s?\"'<>]*)\??[^\s\"'<>)]*", re.I
)
# A request that fails is tried again by the fetcher, which knows how much time is left.
_RETRIES: RetryConfig = {"max_retries": 1}
_CLIENT: ClientConfig = {"timeout": "60s", "connect_timeout": "10s"}


def is_url(text: object) -> bool:
    """Return whether a text is a URL and not a path of this machine."""
    return isinstance(text, str) and _URL.match(text) is not None


def checked_url(url: str) -> str:
    """Return the URL of a store without a slash at its end.

    Raises
    ------
    ValueError
        The scheme is not known, or the URL contains a password, a query or a fragment. Such parts are
        credentials, which would come into messages, pickles and indices.
    """
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or not parts.netloc:
        known = ", ".join(f"{scheme}://" for scheme in _SCHEMES)
        raise ValueError(f"the URL of a store must begin with one of {known}, got {without_secrets(url)!r}")
    if any(unquote(part) in (".", "..") for part in parts.path.split("/")):
        raise ValueError(f"the URL of a store must not contain '.' or '..' as a folder, got {url!r}")
    if "@" in parts.netloc or parts.query or parts.fragment:
        what = "must not contain a user, a password, a query or a fragment; pass a store with its credentials"
        raise ValueError(f"the URL of a store {what}, got {without_secrets(url)!r}")
    return url.rstrip("/")


def without_secrets(text: str) -> str:
    """Return a text with the user, the password and the query removed from each URL in it."""
    return _SECRETS.sub(lambda found: found["scheme"] + found["rest"], text)


def open_url(url: str) -> Any:
    """Open the store of a checked URL by obstore, or by fsspec where obstore is not installed.

    Raises
    ------
    ModuleNotFoundError
        Neither library is installed.
    """
    try:
        from obstore.store import from_url
    except ModuleNotFoundError:
        return _by_fsspec(url)
    options: ClientConfig = {**_CLIENT, "allow_http": True} if url.startswith("http://") else _CLIENT
    return from_url(url, client_options=options, retry_config=_RETRIES)


def _by_fsspec(url: str) -> Any:
    scheme = urlsplit(url).scheme
    try:
        import fsspec
        from fsspec.implementations.dirfs import DirFileSystem

        return DirFileSystem(path=url, fs=fsspec.filesystem(scheme))
    except ImportError as error:
        what = "reading from a store needs obstore, or fsspec with the file system of the URL"
        raise ModuleNotFoundError(f"{what}: pip install 'kinetics-fast[remote]'", name=error.name) from None


def joined(base: str, path: str) -> str:
    """Return the URL of an object below the URL of a store, for messages."""
    return f"{base.rstrip('/')}/{quote(path.lstrip('/'), safe='/!()+,;=@~-._ ')}"
