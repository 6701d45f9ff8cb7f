"""Parses names of files in lists, classes and members of archives. No name is trusted to be a safe path."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from kinetics_fast.datasets.files.names import ARCHIVE_EXTENSIONS
from kinetics_fast.download.catalog import HOST
from kinetics_fast.download.errors import TransferError, UnsafeMemberError

MOST_FOLDERS = 64  # above a member of an archive
_QUOTED = re.compile(r"%[0-9A-Fa-f]{2}")


def parse_list(text: str, address: str) -> list[str]:
    """Return the addresses in a list of archives, one per line, in the order of the list and each once.

    Raises
    ------
    TransferError
        A line is not the address of an archive, or two archives have the same name.
    """
    lines = [line.strip() for line in text.lstrip("\ufeff").splitlines()]
    urls = list(dict.fromkeys(line for line in lines if line))
    for url in urls:
        if not url.startswith(("http://", "https://")) or not url.endswith(ARCHIVE_EXTENSIONS):
            raise TransferError(
                f"{address} is not a list of archives: it contains {url[:80]!r}; try again later"
            )
    if not urls:
        raise TransferError(f"{address} is empty; try again later")
    for name, count in Counter(map(file_name, urls)).items():
        if count > 1:
            raise TransferError(f"{address} names two archives {name!r}")
    return urls


def file_name(url: str) -> str:
    """Return the last part of an address as a file name, with spaces unquoted.

    Raises
    ------
    TransferError
        The name would leave its folder.
    """
    path = url.partition("://")[2]
    name = path.rpartition("/")[2]
    name = unquote(name) if _QUOTED.search(name) else name
    if not name or name.startswith(".") or re.search(r"[/\\\0]", name):
        raise TransferError(f"{url[:200]!r} does not name a file")
    return name


def request_url(url: str, mirror: str) -> str:
    """Return the address to request: special characters quoted, and the host replaced by the mirror."""
    for official in (HOST, HOST.replace("https:", "http:")):
        if url.startswith(f"{official}/"):
            url = mirror.rstrip("/") + url.removeprefix(official)
    scheme, _, rest = url.partition("://")
    host, _, path = rest.partition("/")
    return f"{scheme}://{host}/{path if _QUOTED.search(path) else quote(path)}"


def class_key(label: str) -> str:
    """Return a key that all spellings of a class share: spaces or `_`, with or without `'()`, in any case."""
    return re.sub(r"[\s_'()]+", " ", label).strip().lower()


def member_path(name: str) -> PurePosixPath:
    """Return the path of a member of an archive, relative to the folder that it is unpacked to.

    Raises
    ------
    UnsafeMemberError
        The path would leave the folder on some system, or lies deeper than folders can be removed.
    """
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or re.search(r"[\\\0]|^[A-Za-z]:", name):
        raise UnsafeMemberError(f"the archive contains {name!r}, which would leave the folder")
    if len(path.parts) - 1 > MOST_FOLDERS:
        raise UnsafeMemberError(f"the archive contains {name[:200]!r}, which is in too many folders")
    return path


def is_hidden(path: PurePosixPath) -> bool:
    """Return whether a member is a hidden file of macOS or a file manager, such as `._clip.mp4`."""
    return any(part.startswith(".") for part in path.parts)
