"""AVA-Kinetics: people's boxes and actions at one moment of each clip."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinetics_fast.datasets.annotations.rows import Annotations
from kinetics_fast.datasets.readers.csv_errors import csv_errors

_CELLS = 7  # youtube_id, timestamp, x1, y1, x2, y2, action_id


@dataclass(frozen=True, slots=True, eq=False)
class KeyFrame:
    """What people do at one moment of a clip.

    Attributes
    ----------
    time : float
        Seconds from the clip's beginning.
    boxes : float32 (N, 4)
        x1, y1, x2, y2 as shares of width and height, from the top left. A box a row of the annotations: that
        of somebody who does two things comes twice.
    actions : int64 (N,)
        AVA's action numbers, from 1.
    """

    time: float
    boxes: NDArray[np.float32]
    actions: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class KeyFrames(Sequence[KeyFrame]):
    """Key frames as columns: row i has the boxes from ``ends[i - 1]`` to ``ends[i]``."""

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
        """Return the key frames of `rows` with their times from the beginning of their clips."""
        starts = np.concatenate([np.zeros(1, np.int64), self.ends])[rows]
        counts = self.ends[rows] - starts
        ends = np.cumsum(counts)
        boxes = np.repeat(starts - ends + counts, counts) + np.arange(counts.sum())
        return KeyFrames(self.times[rows] - clip_starts, self.boxes[boxes], self.actions[boxes], ends)


def read_ava(file: Path) -> tuple[Annotations, KeyFrames]:
    """Read key frames, in the order in which they first come; a row without a box is a key frame with none.

    The annotations have no starts and ends: their rows say what moment of the original video is meant. Their
    ``lines`` are how many of the file's each is made of.

    Raises
    ------
    OSError
        The file cannot be read.
    ValueError
        A row is neither an id and a timestamp nor these with a box and an action; says which line.
    """
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
