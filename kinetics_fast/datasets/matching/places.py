"""The facts that folder names tell about files: class, split, and whether they replace other files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from kinetics_fast.datasets.files.listing import Files, Folder
from kinetics_fast.datasets.files.names import archive_stem
from kinetics_fast.datasets.kinetics_names import SPLITS, split_of

Rank = tuple[int, int, int, int]


class FolderFacts:
    """The class and split of each folder of `files`.

    A folder belongs to a class if letters and digits of both names agree. Publishers write folders as the
    label, with '_' for spaces, or without quotes and brackets.
    """

    def __init__(self, files: Files, classes: Sequence[str], split: str) -> None:
        self._files = files
        number_of = {name: number for number, name in enumerate(classes)}
        folded = _folded_labels(classes)

        @cache
        def label_of(part: str) -> int:
            return number_of.get(part, folded.get(_fold(part), -1))

        parts = [tuple(_parts(folder)) for folder in files.folders]
        self.labels = np.array([_first(label_of, names) for names in parts], np.int64)
        """int64: the class whose folder it is, or lies in; -1 for none."""
        splits = [
            _first(lambda part: -1 if label_of(part) >= 0 else _split_number(part), names) for names in parts
        ]
        self.other_split = np.array([number not in (-1, SPLITS.index(split)) for number in splits], np.bool_)
        """bool: whether it is the folder of another split."""
        self.own_split = np.array([number == SPLITS.index(split) for number in splits], np.bool_)
        """bool: whether it is the folder of this split."""
        self.replacement = np.array(
            [any("replacement" in part.lower() for part in names) for names in parts], np.bool_
        )
        """bool: whether its files replace other files."""

    def of(self, file: int) -> int:
        """Return the number of the folder of a file."""
        return int(self._files.folder_of[file])

    def rank(self, file: int, label: int) -> Rank:
        """Return how well a file suits a row of `label`; the smallest rank is best."""
        place = self.of(file)
        folder_label = int(self.labels[place])
        agrees = 1 if folder_label < 0 or label < 0 else 0 if folder_label == label else 2
        split = 0 if self.own_split[place] else 2 if self.other_split[place] else 1
        is_member = self._files.folders[place].archive is not None
        return int(not self.replacement[place]), agrees, split, int(is_member)

    def disagree(self, files: NDArray[np.int32], labels: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return for each file whether it lies in the folder of another class than that of its label."""
        folder_labels = self.labels[self._files.folder_of[files]]
        disagree: NDArray[np.bool_] = (folder_labels >= 0) & (labels >= 0) & (folder_labels != labels)
        return disagree


def _parts(folder: Folder) -> Iterator[str]:
    """Yield the folder names from a file up to the root. An archive counts as a folder."""
    yield from reversed(folder.path.split("/"))
    if folder.archive is not None:
        parts = folder.archive.split("/")
        yield archive_stem(parts.pop())
        yield from reversed(parts)


def _first(find: Callable[[str], int], names: Sequence[str]) -> int:
    return next((found for found in map(find, names) if found >= 0), -1)


def _split_number(part: str) -> int:
    words = re.findall(r"[a-z]+", part.lower())
    splits = {split_of(word) for word in words if word not in ("training", "testing")} - {
        None
    }  # "training dog"
    return SPLITS.index(splits.pop() or "") if len(splits) == 1 else -1


def _fold(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()


def _folded_labels(classes: Sequence[str]) -> dict[str, int]:
    """Return the classes by folded name, -1 for a name that several classes share and for the empty one."""
    folded: dict[str, int] = {"": -1}
    for number, name in enumerate(classes):
        folded[_fold(name)] = -1 if _fold(name) in folded else number
    return folded
