"""Kinetics and data sets derived from it: the published annotations, matched to the files on disk."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinetics_fast.datasets.annotations import (
    Annotations,
    find_annotations,
    read_annotations,
    read_ava,
    recognised_version,
)
from kinetics_fast.datasets.dataset import Dataset
from kinetics_fast.datasets.files.listing import Chosen, Files, list_files
from kinetics_fast.datasets.kinetics_names import checked_split, checked_version, clip_name, title_of
from kinetics_fast.datasets.matching import Matches, Outcome, match_clips, match_moments
from kinetics_fast.datasets.published import published_counts
from kinetics_fast.datasets.summary import Summary, summarize

_Read = tuple[Annotations, Matches, dict[str, Any]]


class Kinetics(Dataset):
    """The clips of one split of Kinetics that are on disk, in the order of the annotations.

    The annotations define the clips. The file of each clip is searched for below `root` by YouTube id and
    times: in flat folders, class folders, as ``{id}.mp4``, in the folder of the replacement archive, and in
    uncompressed tar archives, whose members are read in place. Only tar headers are opened. Nothing is
    renamed or moved. A row whose clip is missing or ambiguous makes no record; `matches` and `report` count
    it.

    Columns: ``row`` (of the annotations), ``time_start`` and ``time_end`` (seconds of the original video) and
    ``duration``. With ``version="countix"``, start and end of a record are the span of the repetitions in its
    clip, and there is a column ``count``. With ``version="ava-kinetics"``, a record is a key frame, and its
    label is a `KeyFrame`: boxes and actions at one moment of the clip.

    Parameters
    ----------
    root : path
        The folder of the videos of one or all splits, in any of these layouts.
    version : {"400", "600", "700", "700-2020", "ava-kinetics", "countix"}, optional
        The version of the data set; ``k400`` and ``kinetics400`` mean the same as ``400``. By default the
        annotations tell their version: by the mark that ``kinetics-fast download`` leaves, their columns,
        their number of classes, and the names of their file and of the data set's folder.
    split : {"train", "val", "test"}
        The split; ``validate`` means the same as ``val``.
    annotations : path, optional
        The file of the annotations, CSV or JSON, or its folder. By default they are searched for in `root`,
        in its folder ``annotations``, and in the folder ``annotations`` beside `root`.

    Attributes
    ----------
    rows : Annotations
        All rows of the annotations, with or without a file.
    matches : Matches
        The outcome of each row and the use of each file.
    annotations : Path
        The file of the annotations.

    Raises
    ------
    OSError
        A folder or the annotations cannot be read, or do not exist.
    ValueError
        There is no such version or split, the annotations contradict the version or do not tell it, or they
        do not have the form of annotations.

    Examples
    --------
    >>> train = kf.Kinetics("k400", split="train")
    >>> train.version
    '400'
    >>> train[0].source, train.classes[train[0].label]
    ('k400/train/-3B32lodo2M_000059_000069.mp4', 'abseiling')
    >>> train.report()["missing"]
    1
    """

    def __init__(
        self,
        root: str | os.PathLike[str],
        version: str | None = None,
        split: str = "train",
        annotations: str | os.PathLike[str] | None = None,
    ) -> None:
        self.root = os.fspath(root)
        self.split = checked_split(split)
        self.version = (
            recognised_version(root, self.split, annotations) if version is None else checked_version(version)
        )
        self.annotations = _annotations_file(root, annotations, self.version, self.split)
        files = list_files(root, archives=True).require_all_folders()
        read = _read_key_frames if self.version == "ava-kinetics" else _read_clips
        self.rows, self.matches, columns = read(self.annotations, self.version, self.split, files)
        super().__init__(**columns)

    def report(self) -> Summary:
        """Return counts of rows by outcome and reason, files by use, and clips per class.

        Returns
        -------
        Summary
            A dict that prints as text.
        """
        counts = self.matches.counts()
        summary = Summary({"data set": f"{title_of(self.version)} {self.split}", "root": self.root})
        summary["annotations"] = str(self.annotations)
        summary |= counts
        if (lines := self.rows.extra.get("lines")) is not None:
            of_outcome = {outcome.name.lower(): self.matches.rows(outcome) for outcome in Outcome}
            summary["lines of the annotations"] = {
                name: int(lines[rows].sum()) for name, rows in of_outcome.items()
            }
        summary["per cent retained"] = round(100 * counts["matched"] / counts["rows"], 2)
        if published := published_counts(self.version, self.split):
            summary["published"] = published
        return Summary({**summary, **summarize(self)})


class _ClipNames(Sequence[str]):
    """Ids of records, made on access: the name of the clip, or the YouTube id of a row without times."""

    def __init__(self, rows: Annotations, chosen: NDArray[np.int64]) -> None:
        self._ids = rows.ids[chosen]
        self._starts = rows.starts[chosen]
        self._ends = rows.ends[chosen]

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, row: Any) -> Any:
        if isinstance(row, slice):
            return [self[i] for i in range(*row.indices(len(self)))]
        youtube_id, start, end = self._ids[row].decode(), self._starts[row], self._ends[row]
        return youtube_id if np.isnan(start + end) else clip_name(youtube_id, start, end)


def _annotations_file(
    root: str | os.PathLike[str], annotations: str | os.PathLike[str] | None, version: str, split: str
) -> Path:
    if annotations is None:
        return find_annotations(root, version, split)
    path = Path(annotations)
    return find_annotations(path, version, split) if path.is_dir() else path


def _read_clips(file: Path, version: str, split: str, files: Files) -> _Read:
    rows = read_annotations(file, version, split)
    matches = match_clips(rows, files, split)
    chosen = matches.rows(Outcome.MATCHED)
    starts, ends = rows.starts[chosen], rows.ends[chosen]
    columns: dict[str, Any] = {
        "sources": Chosen(files, matches.file_of[chosen]),
        "labels": rows.labels[chosen],
        "ids": _ClipNames(rows, chosen),
        "classes": rows.classes,
        "columns": {"row": chosen, "time_start": starts, "time_end": ends, "duration": ends - starts},
    }
    if version == "countix":
        columns["starts"] = np.maximum(rows.extra["repetition_start"][chosen] - starts, 0)
        columns["ends"] = rows.extra["repetition_end"][chosen] - starts
        columns["columns"]["count"] = rows.extra["count"][chosen].astype(np.int64)
    return rows, matches, columns


def _read_key_frames(file: Path, _version: str, split: str, files: Files) -> _Read:
    rows, key_frames = read_ava(file)
    matches, clip_starts = match_moments(rows, key_frames.times, files, split)
    chosen = matches.rows(Outcome.MATCHED)
    return (
        rows,
        matches,
        {
            "sources": Chosen(files, matches.file_of[chosen]),
            "labels": key_frames.take(chosen, clip_starts[chosen]),
            "ids": _ClipNames(rows, chosen),
            "columns": {"row": chosen, "time_start": clip_starts[chosen]},
        },
    )
