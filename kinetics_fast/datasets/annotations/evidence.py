"""What a file of annotations says about its version: a mark, the columns, the name, the number of classes."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Iterable
from pathlib import Path

from kinetics_fast.datasets.kinetics_names import (
    CLASSES,
    DERIVED,
    VERSION_MARK,
    YOUTUBE_ID,
    title_of,
    version_of,
    versions_named,
)

_FOLDERS_UP = 3  # from the annotations to the folder of the data set, in which the mark lies
_AVA_CELLS = 7


def checked_file(file: Path, version: str) -> Path:
    """Return the file, or refuse a version that its mark, its columns or its name contradict.

    Raises
    ------
    OSError
        The file cannot be read.
    ValueError
        The annotations are of another version.
    """
    for evidence, versions in (marked(file), (file, columns(file)), (file, _named(file))):
        if versions and version not in versions:
            raise ValueError(
                f"{evidence}: the annotations are of {_titles(versions)}, not of {title_of(version)}"
            )
    return file


def check_classes(file: Path, version: str, classes: int) -> None:
    """Refuse annotations whose number of classes contradicts the version.

    Raises
    ------
    ValueError
        The annotations are of another version.
    """
    if not may_have(version, classes):
        numbers = f"{classes} classes, but {title_of(version)} has {CLASSES[version]}"
        raise ValueError(f"{file}: the annotations have {numbers}; pass another version=")


def may_have(version: str, classes: int) -> bool:
    """Return whether annotations of a version may have a number of classes.

    Fewer classes than the version has are those of a subset, unless another version has exactly this number.
    """
    limit = CLASSES.get(version)
    return limit is None or classes == limit or (classes < limit and classes not in CLASSES.values())


def marked(file: Path) -> tuple[Path, set[str]]:
    """Return the mark of a download in a folder above the file, and the versions that it allows."""
    for folder in list(file.absolute().parents)[:_FOLDERS_UP]:
        mark = folder / VERSION_MARK
        with contextlib.suppress(OSError):
            version = version_of(mark.read_text("utf-8", "replace"))
            return mark, _with_derived({version} if version else set())
    return file, set()


def columns(file: Path) -> set[str]:
    """Return AVA-Kinetics or Countix if the file has their columns, and no version otherwise."""
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        cells = [cell.strip().lower() for cell in next(csv.reader([lines.readline()]), [])]
    if {"repetition_start", "repetition_end"} <= set(cells):
        return {"countix"}
    if "timestamp" in cells:
        return {"ava-kinetics"}
    looks_like_a_key_frame = (
        len(cells) in (2, _AVA_CELLS)
        and YOUTUBE_ID.fullmatch(cells[0])
        and all(not cell or cell.replace(".", "", 1).isdecimal() for cell in cells[1:])
    )
    return {"ava-kinetics"} if looks_like_a_key_frame else set()


def _named(file: Path) -> set[str]:
    return _with_derived(versions_named(file.stem))


def _with_derived(versions: set[str]) -> set[str]:
    return versions | set(DERIVED) if versions & {"700", "700-2020"} else versions


def _titles(versions: Iterable[str]) -> str:
    named = set(versions)
    return " or ".join(title_of(version) for version in sorted(named & CLASSES.keys() or named))
