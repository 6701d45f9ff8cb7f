"""Names that users type: versions and splits, in every spelling that the Python interface accepts."""

from __future__ import annotations

from pathlib import Path

import typer

from kinetics_fast.datasets.kinetics_names import checked_split, checked_version
from kinetics_fast.remote.folder import RemoteFolder
from kinetics_fast.remote.urls import checked_url, is_url


def parsed_split(word: str) -> str:
    """Return the split that a word stands for; `validate` stands for `val`."""
    try:
        return checked_split(word)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def parsed_root(word: str) -> Path | RemoteFolder:
    """Return a folder of this machine, or a folder of a store for a URL."""
    path = parsed_source(word)
    if isinstance(path, Path) and not path.is_dir():
        raise typer.BadParameter(f"Directory {word!r} is a file.")
    return path


def parsed_source(word: str) -> Path | RemoteFolder:
    """Return a file or folder of this machine, or a folder of a store for a URL."""
    if is_url(word):
        try:
            return RemoteFolder(checked_url(word))
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
    path = Path(word)
    if not path.exists():
        raise typer.BadParameter(f"Path {word!r} does not exist.")
    return path


def parsed_version(word: str) -> str:
    """Return the version that a word stands for; `k400` stands for `400`."""
    try:
        return checked_version(word)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
