"""Reads annotations in tables of text: CSV files of DeepMind, CVDF, the crawler and Countix."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TextIO

from kinetics_fast.datasets.annotations.rows import Annotations, RowCollector
from kinetics_fast.datasets.csv_errors import csv_errors
from kinetics_fast.datasets.kinetics_names import YOUTUBE_ID, split_of

_FIELDS = {
    "label": "label",
    "class": "label",
    "class_label": "label",
    "label_name": "label",
    "youtube_id": "id",
    "youtube_identifier": "id",
    "video_id": "id",
    "time_start": "start",
    "start_time": "start",
    "kinetics_start": "start",
    "time_end": "end",
    "end_time": "end",
    "kinetics_end": "end",
    "split": "split",
    "subset": "split",
    "repetition_start": "repetition_start",
    "repetition_end": "repetition_end",
    "count": "count",
}
_CHUNK = 16_384


def read_table(file: Path, split: str | None, extra: Sequence[str] = ()) -> Annotations:
    """Read the rows of `split`, or all if it is None, from a CSV or TSV file with or without a header.

    Raises
    ------
    OSError
        The file cannot be read.
    ValueError
        A column is missing, or a row does not match the header. The message names the line.
    """
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        return read_lines(lines, str(file), split, extra)


def read_lines(lines: TextIO, file: str, split: str | None, extra: Sequence[str] = ()) -> Annotations:
    """Read a table as `read_table` does, from an open text. Errors name it `file`."""
    with csv_errors(file):
        return _collected(lines, file, split, extra)


def _collected(lines: TextIO, file: str, split: str | None, extra: Sequence[str]) -> Annotations:
    first = lines.readline()
    delimiter = "\t" if "\t" in first else ","
    rows = csv.reader(chain([first], lines), delimiter=delimiter)
    sample = [row for row in islice(rows, 100) if row]
    fields = _header_fields(sample[0]) if sample else []
    line = 2
    if "id" not in fields:
        fields, line = _fields_of_contents(file, sample), 1
    elif missing := [name for name in extra if name not in fields]:
        raise ValueError(f"{file}: no column {missing[0]!r}; its header is {', '.join(sample[0])}")
    collector = RowCollector(file, split, extra)
    for chunk in _chunks(chain(sample[line - 1 :], filter(None, rows))):
        _check_widths(chunk, len(fields), file, line)
        columns = dict(zip(fields, zip(*chunk, strict=False), strict=False))
        collector.add({name: cells for name, cells in columns.items() if name}, line)
        line += len(chunk)
    return collector.build()


def _chunks(rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk


def _check_widths(chunk: list[list[str]], width: int, file: str, first_line: int) -> None:
    if all(map(width.__eq__, map(len, chunk))):
        return
    for line, row in enumerate(chunk, first_line):
        if len(row) < width:
            raise ValueError(f"{file}, line {line}: {len(row)} cells, but the header has {width}")
        if any(row[width:]):
            raise ValueError(
                f"{file}, line {line}: {len(row)} cells, but the header has {width}; quote labels with commas"
            )


def _header_fields(header: Sequence[str]) -> list[str]:
    """Return the field of each column, "" for a column that is not read."""
    words = [re.sub(r"[\s-]+", "_", cell.strip().lower()) for cell in header]
    fields = [_FIELDS.get(word, "") for word in words]
    return [field if field not in fields[:place] else "" for place, field in enumerate(fields)]


def _fields_of_contents(file: str, sample: Sequence[Sequence[str]]) -> list[str]:
    """Return the field of each column of a table without a header, judged by the first rows."""
    fields: list[str] = []
    for cells in zip(*sample, strict=False):
        if all(split_of(cell) for cell in cells):
            field = "split"
        elif all(_is_number(cell) for cell in cells):
            field = "start" if "start" not in fields else "end"
        else:
            field = "id" if "id" not in fields and all(map(YOUTUBE_ID.fullmatch, cells)) else "label"
        fields.append(field if field not in fields else "")
    if "id" not in fields:
        raise ValueError(
            f"{file}: no column of YouTube ids; add a header such as label,youtube_id,time_start,time_end"
        )
    return fields


def _is_number(cell: str) -> bool:
    return not cell.strip() or cell.strip().replace(".", "", 1).isdecimal()
