"""Matches rows that name a clip by (id, start, end) to files."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kinetics_fast.datasets.annotations.rows import Annotations
from kinetics_fast.datasets.files.listing import Files
from kinetics_fast.datasets.kinetics_names import clip_name
from kinetics_fast.datasets.matching.candidates import Candidates
from kinetics_fast.datasets.matching.choice import Chooser
from kinetics_fast.datasets.matching.file_names import parse_names, rows_of_ids, stem
from kinetics_fast.datasets.matching.matches import Matches
from kinetics_fast.datasets.matching.places import FolderFacts
from kinetics_fast.datasets.matching.reasons import Reason

_CHUNK = 65_536


def match_clips(rows: Annotations, files: Files, split: str) -> Matches:
    """Match every row to a file.

    File names decide: first ``{id}_{start:06d}_{end:06d}``, then ``{id}`` alone if the rows have only one
    clip of this id (or only one of the class in whose folder the file lies). Of several files, those of the
    replacement archive come first, then those in the folder of the row's class, then those in the folder of
    its split, then those outside of archives. Links to the same file count once.
    """
    places = FolderFacts(files, rows.classes, split)
    named = np.zeros(len(files), np.bool_)
    first_rows, by_key = _rows_by_key(rows)
    exact = Candidates(len(rows))
    for number, name in enumerate(files.names):
        row = by_key.get(stem(name))
        if row is not None:
            exact.add(row, number)
            named[number] = True
    del by_key  # it takes most of the memory
    by_id = _IdMatcher(rows, files, places, first_rows, exact.first()[first_rows] >= 0, named)
    by_id.run()
    chooser = Chooser(rows, files, places, named)
    timeless = np.isnan(rows.starts + rows.ends)
    chooser.take_all(exact.first()[first_rows], Reason.EXACT)
    chooser.take_all(np.where(timeless, by_id.candidates.first(), -1), Reason.NO_TIMES)
    chooser.take_all(by_id.candidates.first(), Reason.BARE_ID)
    for row in _rows_with_several(first_rows, exact, by_id.candidates):
        of_name = list(exact.of(int(first_rows[row])))
        reason = Reason.EXACT if of_name else Reason.NO_TIMES if timeless[row] else Reason.BARE_ID
        chooser.choose(row, [*of_name, *by_id.candidates.of(row)], reason)
    for row, (reason, file) in by_id.notes.items():
        chooser.note(row, reason, file)
    return chooser.finish()


def _rows_by_key(rows: Annotations) -> tuple[NDArray[np.int32], dict[str, int]]:
    """Return for each row the first row of the same clip, and these first rows by the name of the clip."""
    first_rows = np.arange(len(rows), dtype=np.int32)
    by_key: dict[str, int] = {}
    timed = ~np.isnan(rows.starts + rows.ends)
    for begin in range(0, len(rows), _CHUNK):
        numbers = begin + np.flatnonzero(timed[begin : begin + _CHUNK])
        ids = rows.ids[numbers].astype(np.str_).tolist()
        times = (rows.starts[numbers].tolist(), rows.ends[numbers].tolist())
        first_rows[numbers] = [
            by_key.setdefault(clip_name(*key), row)
            for row, *key in zip(numbers.tolist(), ids, *times, strict=True)
        ]
    return first_rows, by_key


def _rows_with_several(first_rows: NDArray[np.int32], exact: Candidates, by_id: Candidates) -> list[int]:
    several = np.isin(first_rows, list(exact.several))
    several[list(by_id.several)] = True
    several |= (exact.first()[first_rows] >= 0) & (by_id.first() >= 0)
    return list(np.flatnonzero(several).tolist())


@dataclass
class _IdMatcher:
    """Finds candidates by YouTube id, for files whose id and times together match no row."""

    rows: Annotations
    files: Files
    places: FolderFacts
    first_rows: NDArray[np.int32]
    has_exact: NDArray[np.bool_]
    named: NDArray[np.bool_]
    notes: dict[int, tuple[Reason, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.candidates = Candidates(len(self.rows))
        self._timeless = np.isnan(self.rows.starts + self.rows.ends)

    def run(self) -> None:
        """Examine every file that may belong to a row."""
        wanted = np.flatnonzero(~self.named) if not self._timeless.any() else np.arange(len(self.files))
        names = parse_names(self.files.names) if len(wanted) == len(self.files) else None
        if names is None:
            names = parse_names(map(self.files.names.__getitem__, wanted.tolist()))
        order, first, last = rows_of_ids(self.rows.ids, names.ids)
        is_bare = np.isnan(names.starts)
        for place in np.flatnonzero(last > first).tolist():
            rows = order[first[place] : last[place]].tolist()
            if is_bare[place]:
                self._bare(int(wanted[place]), rows)
            else:
                self._timed(int(wanted[place]), rows)

    def _timed(self, file: int, rows: list[int]) -> None:
        was_named = self.named[file]
        label = int(self.places.labels[self.places.of(file)])
        for row in rows:
            if self._timeless[row] and (label < 0 or int(self.rows.labels[row]) in (label, -1)):
                self.candidates.add(row, file)
                self.named[file] = True
            elif self._timeless[row]:
                self._note(row, Reason.OTHER_CLASS, file)
            elif not was_named:
                self._note(row, Reason.OTHER_TIMES, file)

    def _bare(self, file: int, rows: list[int]) -> None:
        place = self.places.of(file)
        label = int(self.places.labels[place])
        of_class = [row for row in rows if label < 0 or int(self.rows.labels[row]) in (label, -1)]
        for row in () if of_class else rows:
            self._note(row, Reason.OTHER_CLASS, file)
        clips = {-1 if self._timeless[row] else int(self.first_rows[row]) for row in of_class}
        self.named[file] = bool(of_class)
        for row in of_class:
            if self.has_exact[row] and not self.places.replacement[place]:
                continue
            if len(clips) == 1:
                self.candidates.add(row, file)
            else:
                self._note(row, Reason.SEVERAL_ROWS, file)

    def _note(self, row: int, reason: Reason, file: int) -> None:
        """Record why a row may have no file. Of several reasons, the largest number is the most specific."""
        if row not in self.notes or self.notes[row][0] < reason:
            self.notes[row] = (reason, file)
