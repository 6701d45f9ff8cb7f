"""Finds the annotations of a split under the names that publishers and copies give them."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from kinetics_fast.datasets.files.entries import is_folder
from kinetics_fast.datasets.kinetics_names import SPLITS, split_of, title_of

_NUMBERS = {
    "400": {"400", "k400", "kinetics400"},
    "600": {"600", "k600", "kinetics600"},
    "700": {"700", "k700", "kinetics700", "2019"},
    "700-2020": {"700", "k700", "kinetics700", "2020"},
}
_WORDS = {version: numbers | {"kinetics", "annotations"} for version, numbers in _NUMBERS.items()}
_WORDS["countix"] = {"countix", "annotations"}
_WORDS["ava-kinetics"] = {"ava", "kinetics", "annotations", "v1", "0"}
# CVDF's CSV files of Kinetics-600 lack rows; its text files are complete.
_ENDINGS = {"600": (".txt", ".csv", ".json")}
_COMMON_ENDINGS = (".csv", ".json", ".txt")


def find_annotations(root: str | os.PathLike[str], version: str, split: str) -> Path:
    """Return the annotations of a split, in `root`, in folders of annotations below it, or beside it.

    The names of the file and of its folders decide; the file is not opened.

    Raises
    ------
    FileNotFoundError
        No file matches.
    ValueError
        Several files match equally well.
    """
    folders = list(dict.fromkeys(_folders(Path(root), version)))
    for folder in folders:
        if found := annotations_in(folder, version, split):
            return found
    looked_in = ", ".join(map(str, folders)) or f"{os.fspath(root)}, which is not a folder"
    what = f"no annotations of {title_of(version)} {split}, such as {split}.csv"
    raise FileNotFoundError(f"{what}, in {looked_in}; pass annotations=FILE (--annotations)")


def annotations_in(folder: Path, version: str, split: str) -> Path | None:
    """Return the annotations of a split in a folder; None if there are none."""
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries if entry.name.lower().endswith(_COMMON_ENDINGS)]
    for ending in _ENDINGS.get(version, _COMMON_ENDINGS):
        found = [name for name in names if name.lower().endswith(ending)]
        found = [name for name in found if _is_named_for(name[: -len(ending)], version, split)]
        most = max((len(_words(name)) for name in found), default=0)  # prefer kinetics700_2020 to kinetics700
        found = [name for name in found if len(_words(name)) == most]
        if len(found) > 1:
            several = " and ".join(sorted(found))
            raise ValueError(
                f"{folder}: {several} may both be the annotations; pass annotations=FILE (--annotations)"
            )
        if found:
            return folder / found[0]
    return None


def sibling_annotations(file: Path, version: str) -> list[Path]:
    """Return the annotations of other splits in the folder of `file`."""
    found = (annotations_in(file.parent, version, split) for split in SPLITS)
    return [path for path in found if path is not None and path != file]


def _folders(root: Path, version: str) -> Iterator[Path]:
    for base in (root / "annotations", root, root.parent / "annotations"):
        if base.is_dir():
            yield from _with_folders_named_for(base, version, depth=2)


def _with_folders_named_for(base: Path, version: str, depth: int) -> Iterator[Path]:
    with os.scandir(base) as entries:
        names = [entry.name for entry in entries if depth and is_folder(entry)]
    yield base
    for name in sorted(names, key=lambda name: (-len(_words(name)), name)):
        if _words(name) and _may_name(_words(name), version):
            # A folder that cannot be listed may be one of videos, which the listing of the videos reports.
            with contextlib.suppress(PermissionError):
                yield from _with_folders_named_for(base / name, version, depth - 1)


def _is_named_for(stem: str, version: str, split: str) -> bool:
    words = _words(stem)
    splits = {word for word in words if split_of(word)}
    return {split_of(word) for word in splits} == {split} and _may_name(words - splits, version)


def _may_name(words: set[str], version: str) -> bool:
    is_first_700 = bool(words & _NUMBERS["700"]) and "2020" not in words
    return words <= _WORDS[version] and not (version == "700-2020" and is_first_700)


def _words(name: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", name.lower()))
