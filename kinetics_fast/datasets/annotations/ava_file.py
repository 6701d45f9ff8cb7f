"""Reads annotations of AVA-Kinetics: boxes and actions of people at one moment of each clip."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinetics_fast.datasets.annotations.evidence import checked_file
from kinetics_fast.datasets.annotations.rows import Annotations
from kinetics_fast.datasets.csv_errors import csv_errors

_CELLS = 7  # youtube_id, timestamp, x1, y1, x2, y2, action_id


@dataclass(frozen=True, slots=True, eq=False)
class KeyFrame:
    """The boxes and actions of people at one moment of a clip.

    Attributes
    ----------
    time : float
        Seconds from the clip's beginning.
    boxes : float32 (N, 4)
        x1, y1, x2, y2 as shares of width and height, from the top left. One box per row of the annotations:
        the box of a person with two actions occurs twice.
    actions : int64 (N,)
        Action numbers of AVA, from 1.
    """

    time: float
    boxes: NDArray[np.float32]
    actions: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class KeyFrames(Sequence[KeyFrame]):
    """Key frames as columns. Row i has the boxes from ``ends[i - 1]`` to ``ends[i]``."""

    times: NDArray[np.float64]
    boxes: NDArray[np.float32]
    actions: NDArray[np.int64]
    ends: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.times)

    def __getitem__(self, row: Any) -> Any:
        if isinstance(row, slice):
            return [self[i] for i in range(*row.indices(len(self)))]
        start = int(self.ends[row - 1]) if row else 0
        end = int(self.ends[row])
        return KeyFrame(float(self.times[row]), self.boxes[start:end], self.actions[start:end])

    def take(self, rows: NDArray[np.int64], clip_starts: NDArray[np.float64]) -> KeyFrames:
        """Return the key frames of `rows`, with times relative to the beginning of their clips."""
        starts = np.concatenate([np.zeros(1, np.int64), self.ends])[rows]
        counts = self.ends[rows] - starts
        ends = np.cumsum(counts)
        boxes = np.repeat(starts - ends + counts, counts) + np.arange(counts.sum())
        return KeyFrames(self.times[rows] - clip_starts, self.boxes[boxes], self.actions[boxes], ends)


def read_ava(file: Path) -> tuple[Annotations, KeyFrames]:
    """Read key frames in the order of their first rows. A row without a box makes a key frame without boxes.

    The annotations have no starts and ends, since a row names a moment of the original video. Their column
    ``lines`` counts the lines of the file that belong to each key frame.

    Raises
    ------
    OSError
        The file cannot be read.
    ValueError
        A row is not an id and a timestamp, with or without a box and an action. The message names the line.
        Or the annotations are of another version.
    """
    checked_file(file, "ava-kinetics")
    number_of: dict[tuple[str, float], int] = {}
    lines_of: list[int] = []
    frames: list[int] = []
    numbers: list[float] = []
    with file.open(encoding="utf-8-sig", newline="") as lines, csv_errors(file):
        rows = csv.reader(lines)
        for row in rows:
            if not row or (rows.line_num == 1 and "id" in row[0] and "timestamp" in row):
                continue
            try:
                frame = number_of.setdefault((row[0].strip(), float(row[1])), len(number_of))
                lines_of.append(frame)
                if len(row) >= _CELLS and any(row[2:_CELLS]):
                    numbers.extend(map(float, row[2:_CELLS]))
                    frames.append(frame)
            except (ValueError, IndexError):
                what = "youtube_id,timestamp[,x1,y1,x2,y2,action_id]"
                raise ValueError(f"{file}, line {rows.line_num}: {','.join(row)!r} is not {what}") from None
    if not number_of:
        raise ValueError(f"{file}: no rows")
    counts = np.bincount(np.array(lines_of))
    return _in_columns(number_of, counts, np.array(frames, np.int64), np.array(numbers).reshape(-1, 5))


def _in_columns(
    number_of: dict[tuple[str, float], int],
    lines: NDArray[np.int64],
    frame_of: NDArray[np.int64],
    numbers: NDArray[np.float64],
) -> tuple[Annotations, KeyFrames]:
    count = len(number_of)
    order = np.argsort(frame_of, kind="stable")
    key_frames = KeyFrames(
        np.array([time for _, time in number_of]),
        numbers[order, :4].astype(np.float32),
        numbers[order, 4].astype(np.int64),
        np.cumsum(np.bincount(frame_of, minlength=count)),
    )
    unknown = np.full(count, np.nan)
    ids = np.array([youtube_id for youtube_id, _ in number_of], np.bytes_)
    labels = np.full(count, -1, np.int64)
    return Annotations(ids, unknown, unknown, labels, (), {"lines": lines}), key_frames
