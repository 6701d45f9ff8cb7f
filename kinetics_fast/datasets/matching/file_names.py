"""Parses names of video files: the YouTube id, and the span of the original video."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinetics_fast.datasets.kinetics_names import CLIP_NAME, ID_LENGTH


def stem(name: str) -> str:
    """Return a file's name without its extension."""
    return name[: name.rindex(".")]


@dataclass(frozen=True, eq=False)
class ParsedNames:
    """The id in each name (empty if there is none) and its times (NaN if there are none)."""

    ids: NDArray[np.bytes_]
    starts: NDArray[np.float64]
    ends: NDArray[np.float64]


def parse_names(names: Iterable[str]) -> ParsedNames:
    """Parse names of video files."""
    ids: list[bytes] = []
    times: list[tuple[float, float]] = []
    for name in names:
        match = CLIP_NAME.fullmatch(stem(name))
        youtube_id, start, end = match.groups() if match else ("", None, None)
        ids.append(youtube_id.encode())
        times.append((float(start), float(end)) if start and end else (np.nan, np.nan))
    columns = np.array(times, np.float64).reshape(-1, 2)
    return ParsedNames(np.array(ids, f"S{ID_LENGTH}"), columns[:, 0].copy(), columns[:, 1].copy())


def rows_of_ids(
    row_ids: NDArray[np.bytes_], wanted: NDArray[np.bytes_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return rows sorted by id, and for each wanted id where its rows begin and end in this order."""
    order = np.argsort(row_ids, kind="stable")
    in_order = row_ids[order]
    first = np.searchsorted(in_order, wanted, "left")
    last = np.searchsorted(in_order, wanted, "right")
    return order, first, np.where(wanted == b"", first, last)
