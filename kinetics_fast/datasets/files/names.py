"""Classifies files by their names: videos, archives, unfinished downloads and others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

VIDEO_EXTENSIONS = (
    ".avi",
    ".flv",
    ".m2ts",
    ".m4v",
    ".mkv",
    ".mov",
    ".mp4",
    ".mpeg",
    ".mpg",
    ".mts",
    ".ts",
    ".webm",
    ".wmv",
)
ARCHIVE_EXTENSIONS = (".tar", ".tar.gz", ".tgz")

# Browsers, youtube-dl, yt-dlp, aria2, rsync and wget mark unfinished files by these suffixes.
_PARTIAL = re.compile(
    r"(\.(part|partial|crdownload|download|opdownload|tmp|temp|ytdl|aria2|filepart|incomplete|!qb)"
    r"(-frag\d+(\.part)?)?"
    r"|\.(temp|part)\.\w{2,4})$",
    re.IGNORECASE,
)


class Kind(Enum):
    """The kind of a file, judged by its name. Reports show the values."""

    VIDEO = "video"
    ARCHIVE = "archive"
    PARTIAL = "unfinished download"
    APPLE_DOUBLE = "AppleDouble file (._*)"
    HIDDEN = "hidden file or folder"
    BROKEN_LINK = "link to nothing"
    SPECIAL = "pipe, socket or device"
    OTHER = "other file"


def kind_of(name: str, extensions: tuple[str, ...] | None = None) -> Kind:
    """Return the kind of a file. `extensions` are the extensions of videos."""
    lower = name.lower()
    if name[0] == ".":
        return Kind.APPLE_DOUBLE if name.startswith("._") else Kind.HIDDEN
    if _PARTIAL.search(lower):
        return Kind.PARTIAL
    if lower.endswith(VIDEO_EXTENSIONS if extensions is None else extensions):
        return Kind.VIDEO
    return Kind.ARCHIVE if lower.endswith(ARCHIVE_EXTENSIONS) else Kind.OTHER


def without_partial_suffix(name: str) -> str:
    """Return the final name of an unfinished download, without its extension."""
    while match := _PARTIAL.search(name):
        name = name[: match.start()]
    return name.rpartition(".")[0] if name.lower().endswith(VIDEO_EXTENSIONS) else name


def archive_stem(name: str) -> str:
    """Return the name of an archive without its extension."""
    ending = next((ending for ending in ARCHIVE_EXTENSIONS if name.lower().endswith(ending)), "")
    return name[: len(name) - len(ending)]


def join(folder: str, name: str) -> str:
    """Return the path of `name` in `folder`, joined by '/'. `folder` may be empty."""
    return f"{folder.removesuffix('/')}/{name}" if folder else name


def checked_extensions(extensions: Sequence[str] | None) -> tuple[str, ...] | None:
    """Return the extensions in lower case.

    Raises
    ------
    ValueError
        An extension does not begin with a dot.
    """
    if extensions is None:
        return None
    for extension in extensions:
        if not extension.startswith("."):
            raise ValueError(f"an extension must begin with a dot: '.{extension}', got {extension!r}")
    return tuple(extension.lower() for extension in extensions)
