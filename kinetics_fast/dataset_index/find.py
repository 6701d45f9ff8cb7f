"""Finds the index of a data set in its folder."""

from __future__ import annotations

import os
from pathlib import Path

from kinetics_fast.dataset_index.schema import default_name


def find_index(path: str | os.PathLike[str], split: str | None = None) -> Path:
    """Return the index at `path`: the file itself, or the index in a folder.

    Parameters
    ----------
    path : path
        The index, or the folder that was scanned.
    split : str, optional
        Prefer the index of this split, which ``kinetics-fast scan --split`` writes.

    Raises
    ------
    ValueError
        The folder has indices of single splits only, and none is chosen.
    """
    folder = Path(path)
    if not folder.is_dir():
        return folder
    whole = folder / default_name(None)
    if split is not None and (of_split := folder / default_name(split)).is_file():
        return of_split
    others = sorted(folder.glob(default_name("*")))
    if not whole.is_file() and others:
        names = ", ".join(other.name for other in others)
        raise ValueError(f"{folder} has indices of single splits only ({names}); name one of them")
    return whole
