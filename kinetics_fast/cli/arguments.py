"""Names that users type: versions and splits, in every spelling that the Python interface accepts."""

from __future__ import annotations

import typer

from kinetics_fast.datasets.kinetics_names import checked_split, checked_version


def parsed_split(word: str) -> str:
    """Return the split that a word stands for; `validate` stands for `val`."""
    try:
        return checked_split(word)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def parsed_version(word: str) -> str:
    """Return the version that a word stands for; `k400` stands for `400`."""
    try:
        return checked_version(word)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
