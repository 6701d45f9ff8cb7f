"""Reads a data set of class folders."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence

import numpy as np

from kinetics_fast.datasets.files.entries import is_folder
from kinetics_fast.datasets.files.listing import Files, list_files
from kinetics_fast.datasets.files.names import checked_extensions, join
from kinetics_fast.datasets.kinetics_names import split_of
from kinetics_fast.datasets.table import Table


def read_folder(root: str | os.PathLike[str], extensions: Sequence[str] | None) -> Table:
    """Read what `Dataset.from_folder` describes."""
    files = list_files(root, checked_extensions(extensions)).require_all_folders()
    if not len(files):
        raise ValueError(f"{os.fspath(root)}: no videos; {_set_aside(files)}")
    tops = [folder.path.partition("/")[0] for folder in files.folders]
    if not any(tops):
        return Table(files)
    if not all(tops):
        first = files.relative_path(0)
        raise ValueError(
            f"{os.fspath(root)}: {first} lies beside the class folders; move it into one of them"
        )
    with os.scandir(root) as entries:
        empty_or_not = {entry.name for entry in entries if is_folder(entry) and entry.name[0] != "."}
    classes = sorted(empty_or_not.union(tops))
    if all(map(split_of, classes)):
        folders = f"{', '.join(classes[:-1])} and {classes[-1]}" if len(classes) > 1 else classes[0]
        warnings.warn(
            f"{os.fspath(root)}: the folders {folders} are named as splits, but are taken for classes; "
            f"pass the folder of one split, such as {join(os.fspath(root), classes[0])}",
            stacklevel=3,
        )
    number_of = {name: number for number, name in enumerate(classes)}
    labels = np.array([number_of[top] for top in tops], np.int64)[files.folder_of]
    return Table(files, labels, classes=tuple(classes))


def _set_aside(files: Files) -> str:
    counts = [f"{count:,} x {kind.value}" for kind, count in files.others.items()]
    return "the folder contains " + (", ".join(counts) or "no files")
