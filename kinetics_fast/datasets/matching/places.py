"""What the folders say of the files in them: class, split, whether they lie over others."""

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


class Places:
    """The folders of `files`, as the rows of `classes` see them.

    Class folders are spelled as the label is, with '_' for spaces, or without quotes and brackets as well:
    letters and digits alone count.
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
        """int64: the class whose folder it is, or is in; -1 for none."""
        splits = [
            _first(lambda part: -1 if label_of(part) >= 0 else _split_number(part), names) for names in parts
        ]
        self.other_split = np.array([number not in (-1, SPLITS.index(split)) for number in splits], np.bool_)
        """bool: whether it is named for another split."""
        self.own_split = np.array([number == SPLITS.index(split) for number in splits], np.bool_)
        """bool: whether it is named for this split."""
        self.replacement = np.array(
            [any("replacement" in part.lower() for part in names) for names in parts], np.bool_
        )
        """bool: whether its files take the place of others."""

    def of(self, file: int) -> int:
        """Return the number of a file's folder."""
        return int(self._files.folder_of[file])

    def rank(self, file: int, label: int) -> Rank:
        """Return how good a file is for a row of `label`: the least is best."""
        place = self.of(file)
        folder_label = int(self.labels[place])
        agrees = 1 if folder_label < 0 or label < 0 else 0 if folder_label == label else 2
        split = 0 if self.own_split[place] else 2 if self.other_split[place] else 1
        is_member = self._files.folders[place].archive is not None
        return int(not self.replacement[place]), agrees, split, int(is_member)

    def disagree(self, files: NDArray[np.int32], labels: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell for each file whether it lies in the folder of another class than the label says."""
        folder_labels = self.labels[self._files.folder_of[files]]
        disagree: NDArray[np.bool_] = (folder_labels >= 0) & (labels >= 0) & (folder_labels != labels)
        return disagree


def _parts(folder: Folder) -> Iterator[str]:
    """Yield the names on the way from a file up to the root; an archive counts as a folder."""
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
    """Return the classes by folded name; none that two share, and not the empty one."""
    folded: dict[str, int] = {"": -1}
    for number, name in enumerate(classes):
        folded[_fold(name)] = -1 if _fold(name) in folded else number
    return folded
