"""Chooses the file of each row among its candidates, and records the reason."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kinetics_fast.datasets.annotations.rows import Annotations
from kinetics_fast.datasets.files.listing import Files
from kinetics_fast.datasets.files.names import Kind, without_partial_suffix
from kinetics_fast.datasets.kinetics_names import clip_name
from kinetics_fast.datasets.matching.matches import Matches, Use
from kinetics_fast.datasets.matching.places import FolderFacts
from kinetics_fast.datasets.matching.reasons import Reason

_WHY_UNUSABLE = {
    Kind.PARTIAL: Reason.UNFINISHED,
    Kind.BROKEN_LINK: Reason.BROKEN_LINK,
    Kind.SPECIAL: Reason.SPECIAL_FILE,
}


class Chooser:
    """Collects choices, and returns the outcome of each row and the use of each file.

    Parameters
    ----------
    named : bool (files,)
        Whether a row names the file. The array may change until `finish` is called.
    """

    def __init__(
        self, rows: Annotations, files: Files, places: FolderFacts, named: NDArray[np.bool_]
    ) -> None:
        self._rows = rows
        self._files = files
        self._places = places
        self._named = named
        self._file_of = np.full(len(rows), -1, np.int32)
        self._reasons = np.full(len(rows), Reason.NO_FILE, np.uint8)
        self._details: dict[int, tuple[str, ...]] = {}

    def take_all(self, file_of: NDArray[np.int32], reason: Reason) -> None:
        """Assign the files of `file_of` that are not -1 to rows without a file."""
        chosen = (self._file_of < 0) & (file_of >= 0)
        self._file_of[chosen] = file_of[chosen]
        self._reasons[chosen] = reason

    def choose(self, row: int, candidates: Sequence[int], reason: Reason) -> None:
        """Assign the best of several files to a row, or none if several are equally good."""
        label = int(self._rows.labels[row])
        ranks = [self._places.rank(file, label) for file in candidates]
        best = [file for file, rank in zip(candidates, ranks, strict=True) if rank == min(ranks)]
        if all(self._is_same(best[0], other) for other in best[1:]):
            self._file_of[row] = best[0]
            self._reasons[row] = reason
        else:
            self._file_of[row] = -1
            self.note(row, Reason.SEVERAL_FILES, *best)

    def note(self, row: int, reason: Reason, *files: int) -> None:
        """Record why a row has no file. Does nothing if it has one."""
        if self._file_of[row] < 0:
            self._reasons[row] = reason
            self._details[row] = tuple(map(self._files.relative_path, files))

    def finish(self) -> Matches:
        """Return the outcome of each row and the use of each file."""
        self._note_unusable()
        matched = np.flatnonzero(self._file_of >= 0)
        files = self._file_of[matched]
        self._reasons[matched[self._places.disagree(files, self._rows.labels[matched])]] = (
            Reason.OTHER_CLASS_FOLDER
        )
        self._reasons[matched[self._places.replacement[self._files.folder_of[files]]]] = Reason.REPLACED
        uses = np.where(self._named, Use.SPARE, Use.UNNAMED).astype(np.uint8)
        uses[files] = Use.USED
        other_split = self._places.other_split[self._files.folder_of]
        return Matches(self._files, self._reasons, self._file_of, uses, other_split, self._details)

    def _is_same(self, file: int, other: int) -> bool:
        """Return whether two paths lead to the same file."""
        paths = self._files[file], self._files[other]
        try:
            return all(isinstance(path, str) for path in paths) and Path(paths[0]).samefile(paths[1])
        except OSError:  # one of them has been removed
            return False

    def _note_unusable(self) -> None:
        """Record the unfinished download, broken link or special file of rows that have no other file."""
        unusable = {
            without_partial_suffix(path.rpartition("/")[2]): (path, kind)
            for path, kind in self._files.unusable
        }
        missing = (Reason.NO_FILE, Reason.OTHER_TIMES, Reason.OTHER_CLASS)
        for row in np.flatnonzero(np.isin(self._reasons, missing)).tolist() if unusable else ():
            youtube_id = self._rows.ids[row].decode()
            start, end = self._rows.starts[row], self._rows.ends[row]
            name = "" if np.isnan(start + end) else clip_name(youtube_id, start, end)
            path, kind = unusable.get(name) or unusable.get(youtube_id) or ("", None)
            if kind is not None:
                self._reasons[row] = _WHY_UNUSABLE[kind]
                self._details[row] = (path,)
