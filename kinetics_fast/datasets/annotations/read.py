"""Reads one file of annotations in any form, with the classes of the whole data set."""

from __future__ import annotations

from pathlib import Path

from kinetics_fast.datasets.annotations.find import CLASSES, sibling_annotations
from kinetics_fast.datasets.annotations.json_file import read_json
from kinetics_fast.datasets.annotations.rows import Annotations
from kinetics_fast.datasets.annotations.table_file import read_table

_COUNTIX = ("repetition_start", "repetition_end", "count")


def read_annotations(file: Path, version: str, split: str) -> Annotations:
    """Read the rows of a split of Kinetics or Countix.

    If the file has fewer classes than the version, the classes of all files in its folder are used, so that a
    label has the same number in every split.

    Raises
    ------
    OSError
        The file cannot be read.
    ValueError
        The file does not have the form of annotations, or has no rows of this split.
    """
    rows = _read(file, version, split)
    if len(rows.classes) == CLASSES.get(version):
        return rows
    classes = set(rows.classes)
    for sibling in sibling_annotations(file, version):
        classes.update(_read(sibling, version, None).classes)
    return rows.with_classes(sorted(classes))


def _read(file: Path, version: str, split: str | None) -> Annotations:
    if version == "countix":
        return read_table(file, split, _COUNTIX)
    with file.open("rb") as start:
        is_json = start.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    return read_json(file, split) if is_json else read_table(file, split)
