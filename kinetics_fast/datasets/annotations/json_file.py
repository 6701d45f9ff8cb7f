"""Reads annotations in DeepMind's JSON: an object of YouTube ids, each with label, segment and subset."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice, starmap
from pathlib import Path
from typing import Any, TextIO

from kinetics_fast.datasets.annotations.rows import Annotations, RowCollector

_PIECE = 1 << 20  # characters per read; parsing the whole text at once would take many times its size
_CHUNK = 16_384
Row = tuple[str, "str | None", Any, Any, str]
_BETWEEN = re.compile(r"[\s,:]*")


def read_json(file: Path, split: str | None) -> Annotations:
    """Read the rows of `split`, or all rows if it is None. An id that occurs twice makes two rows.

    Raises
    ------
    OSError
        The file cannot be read.
    ValueError
        The file is not JSON, or does not have this form.
    """
    collector = RowCollector(str(file), split)
    first = 1
    with file.open(encoding="utf-8-sig") as text:
        rows = starmap(_row, _entries(text))
        try:
            while chunk := list(islice(rows, _CHUNK)):
                ids, labels, starts, ends, splits = zip(*chunk, strict=True)
                cells = {"id": ids, "label": labels, "start": starts, "end": ends, "split": splits}
                collector.add(cells, first)
                first += len(chunk)
        except json.JSONDecodeError as error:
            raise ValueError(
                f"{file} is not JSON, or is cut short, after {first:,} entries: {error.msg}"
            ) from None
        except (TypeError, KeyError, AttributeError) as error:
            what = "an object of YouTube ids with 'annotations' and 'subset'"
            raise ValueError(f"{file} is not {what}: {error!r}") from None
    return collector.build()


def _entries(text: TextIO) -> Iterator[tuple[str, Any]]:
    """Yield the pairs of the outermost object."""
    decode = json.JSONDecoder().raw_decode
    buffer = text.read(_PIECE)
    place = _after_separators(buffer, 0)
    if not buffer.startswith("{", place):
        raise KeyError("{")
    place += 1
    while not buffer.startswith("}", place := _after_separators(buffer, place)):
        try:
            key, end = decode(buffer, place)
            value, end = decode(buffer, _after_separators(buffer, end))
        except json.JSONDecodeError:  # noqa: PERF203 - a piece has thousands of entries
            piece = text.read(_PIECE)
            if not piece:
                raise
            buffer, place = buffer[place:] + piece, 0
        else:
            yield key, value
            place = end


def _after_separators(buffer: str, place: int) -> int:
    match = _BETWEEN.match(buffer, place)
    return place if match is None else match.end()


def _row(youtube_id: str, entry: dict[str, Any]) -> Row:
    annotation = entry["annotations"]
    start, end = annotation.get("segment") or (None, None)
    return youtube_id, annotation.get("label"), start, end, entry.get("subset") or ""
