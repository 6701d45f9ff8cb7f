"""Tells the version of Kinetics from the annotations of a data set.

The evidence, of which each kind leaves fewer versions:

1. the mark that `kinetics-fast download` leaves, the columns of the file, and its name (see `evidence`)
2. the number of classes, and the number of rows if it is one that was published
3. the name of the folder of the data set
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from kinetics_fast.datasets.annotations.evidence import checked_file, columns, may_have
from kinetics_fast.datasets.annotations.find import annotations_in, find_annotations
from kinetics_fast.datasets.annotations.read import read_rows
from kinetics_fast.datasets.kinetics_names import CLASSES, SPLITS, VERSIONS, split_of, versions_named
from kinetics_fast.datasets.published import published_counts


def recognised_version(
    root: str | os.PathLike[str],
    split: str | None = None,
    annotations: str | os.PathLike[str] | None = None,
) -> str:
    """Return the version of the annotations of a data set.

    Parameters
    ----------
    root : path
        The folder of the videos.
    split : str, optional
        The split whose annotations are wanted; None for any split.
    annotations : path, optional
        The file of the annotations, or its folder. None to search in and beside `root`.

    Returns
    -------
    str
        One of `VERSIONS`.

    Raises
    ------
    FileNotFoundError
        There are no annotations.
    OSError
        The annotations cannot be read.
    ValueError
        The annotations do not tell their version.
    """
    base = Path(root if annotations is None else annotations)
    found = _found(base, SPLITS if split is None else (split,))
    if not found:
        what = f"no annotations, such as {split or SPLITS[0]}.csv"
        where = "in its folder 'annotations' or beside it" if base.is_dir() else "which is not a folder"
        raise FileNotFoundError(f"{what}, in {base}, {where}; pass annotations=FILE (--annotations)")
    left = [version for version, file in found.items() if _is_possible(file, version)]
    # The annotations of AVA-Kinetics and Countix may lie beside those of the clips.
    left = [version for version in left if version in CLASSES] or left
    for narrow in (_by_contents, _by_folder):
        if len(left) > 1:
            left = narrow(left, found, Path(root))
    if len(left) == 1:
        return left[0]
    files = ", ".join(dict.fromkeys(str(found[version]) for version in left or found))
    names = ", ".join(left or VERSIONS)
    raise ValueError(
        f"{files}: the annotations do not tell their version; pass version= (--version), one of {names}"
    )


def _found(base: Path, splits: Sequence[str]) -> dict[str, Path]:
    """Return the annotations that may be of each version, judged by their names."""
    if base.is_file():
        return dict.fromkeys(VERSIONS, base)
    found: dict[str, Path] = {}
    for version in VERSIONS:
        for split in splits:
            if version not in found:
                with contextlib.suppress(FileNotFoundError):
                    found[version] = find_annotations(base, version, split)
    return found


def _is_possible(file: Path, version: str) -> bool:
    with contextlib.suppress(ValueError):
        checked_file(file, version)
        return (version in CLASSES) == (not columns(file))
    return False


def _by_contents(versions: Iterable[str], found: Mapping[str, Path], _root: Path) -> list[str]:
    """Return the versions that may have the classes, or the one that has the published number of rows."""
    left, exact = [], []
    for version in versions:
        split, classes, rows = _smallest(found[version], version)
        if may_have(version, classes):
            left.append(version)
            if split is not None and rows in published_counts(version, split).values():
                exact.append(version)
    return exact if len(exact) == 1 else left


def _smallest(file: Path, version: str) -> tuple[str | None, int, int]:
    """Return the split, and the numbers of classes and of rows, of the smallest file that names classes."""
    files: dict[Path, str | None] = {file: None}
    for split in SPLITS:
        if (each := annotations_in(file.parent, version, split)) is not None:
            files[each] = split
    classes = 0
    for path in sorted(files, key=lambda path: path.stat().st_size):
        rows = read_rows(path, version, files[path])
        if classes := len(rows.classes):
            return files[path], classes, len(rows)
    return None, classes, 0


def _by_folder(versions: Sequence[str], _found: Mapping[str, Path], root: Path) -> list[str]:
    folder = root.absolute()
    name = folder.parent.name if split_of(folder.name) else folder.name
    named = versions_named(name)
    return [version for version in versions if version in named] or list(versions)
