"""Reads one file of annotations in any form, with the classes of the whole data set."""

from __future__ import annotations

from pathlib import Path

from kinetics_fast.datasets.annotations.evidence import check_classes, checked_file
from kinetics_fast.datasets.annotations.find import sibling_annotations
from kinetics_fast.datasets.annotations.json_file import read_json
from kinetics_fast.datasets.annotations.rows import Annotations
from kinetics_fast.datasets.annotations.table_file import read_table
from kinetics_fast.datasets.kinetics_names import CLASSES

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
        The file does not have the form of annotations, has no rows of this split, or is of another version.
    """
    rows = read_rows(checked_file(file, version), version, split)
    if len(rows.classes) == CLASSES.get(version):
        return rows
    classes = set(rows.classes)
    for sibling in sibling_annotations(file, version):
        classes.update(read_rows(sibling, version, None).classes)
    check_classes(file, version, len(classes))
    return rows.with_classes(sorted(classes))


def read_rows(file: Path, version: str, split: str | None) -> Annotations:
    """Read the rows of a split, or of all splits if it is None, with the classes that the file names.

    Raises
    ------
    OSError, ValueError
        As for `read_annotations`.
    """
    if version == "countix":
        return read_table(file, split, _COUNTIX)
    with file.open("rb") as start:
        is_json = start.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    return read_json(file, split) if is_json else read_table(file, split)
