"""Matches rows that name a moment of a video to files that show this moment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kinetics_fast.datasets.annotations.rows import Annotations
from kinetics_fast.datasets.files.listing import Files
from kinetics_fast.datasets.matching.choice import Chooser
from kinetics_fast.datasets.matching.file_names import parse_names, rows_of_ids
from kinetics_fast.datasets.matching.matches import Matches
from kinetics_fast.datasets.matching.places import FolderFacts
from kinetics_fast.datasets.matching.reasons import Reason


def match_moments(
    rows: Annotations, times: NDArray[np.float64], files: Files, split: str
) -> tuple[Matches, NDArray[np.float64]]:
    """Match every row to a file that shows second ``times[row]`` of the original video, by its name.

    Of several clips, the clip whose middle is nearest to the moment is taken. Of several files of one clip,
    the file that `match_clips` would take is taken.

    Returns
    -------
    Matches
        The outcome of every row and file.
    ndarray of float64, shape (rows,)
        When the file of each row begins, in seconds of the original video; NaN for rows without a file.
    """
    places = FolderFacts(files, (), split)
    names = parse_names(files.names)
    named = np.zeros(len(files), np.bool_)
    chooser = Chooser(rows, files, places, named)
    order, first, last = rows_of_ids(rows.ids, names.ids)
    showing: dict[int, list[int]] = {}
    for file in np.flatnonzero(last > first).tolist():
        for row in order[first[file] : last[file]].tolist():
            if names.starts[file] <= times[row] <= names.ends[file]:
                showing.setdefault(row, []).append(file)
                named[file] = True
            elif row not in showing:
                is_bare = np.isnan(names.starts[file])
                chooser.note(row, Reason.UNKNOWN_START if is_bare else Reason.OTHER_TIMES, file)
    middles = (names.starts + names.ends) / 2
    for row, candidates in showing.items():
        distances = np.abs(middles[candidates] - times[row])
        nearest = [file for file, far in zip(candidates, distances, strict=True) if far == distances.min()]
        chooser.choose(row, nearest, Reason.MOMENT)
    matches = chooser.finish()
    starts = np.append(names.starts, np.nan)[matches.file_of]
    return matches, starts
