"""Lists the clips to scan, as a table with one row per clip; labels and splits come from folder names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from kinetics_fast.dataset_index.schema import CLIP_FIELDS
from kinetics_fast.datasets.files.listing import list_files
from kinetics_fast.datasets.files.names import join
from kinetics_fast.datasets.kinetics_names import CLIP_NAME, split_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kinetics_fast.datasets.files.listing import Files

# `length` is the size of a member of a tar archive, null for other files. `why_missing` explains a null path.
TARGETS = pa.schema([*CLIP_FIELDS, pa.field("length", pa.int64()), pa.field("why_missing", pa.string())])


@dataclass(frozen=True)
class FilePlaces:
    """Where each file lies, as columns of the index."""

    paths: list[str]
    members: list[str | None]
    offsets: list[int | None]
    lengths: list[int | None]

    @classmethod
    def of(cls, files: Files) -> FilePlaces:
        """Return the places of all files of a listing."""
        places = cls([], [], [], [])
        for number, name, offset, length in zip(
            files.folder_of.tolist(), files.names, files.offsets.tolist(), files.sizes.tolist(), strict=True
        ):
            folder = files.folders[number]
            inside = _spelled(join(folder.path, name))
            is_member = folder.archive is not None
            places.paths.append(_spelled(folder.archive) if folder.archive is not None else inside)
            places.members.append(inside if is_member else None)
            places.offsets.append(offset if is_member else None)
            places.lengths.append(length if is_member else None)
        return places

    def columns(self, chosen: Sequence[int | None]) -> dict[str, list[Any]]:
        """Return these columns of `TARGETS` for the files with some numbers; nulls for None."""
        named: dict[str, Sequence[Any]] = {
            "path": self.paths,
            "member": self.members,
            "offset": self.offsets,
            "length": self.lengths,
        }
        return {
            name: [None if number is None else column[number] for number in chosen]
            for name, column in named.items()
        }


def _spelled(name: str) -> str:
    """Escape bytes that are not UTF-8 by backslashes. The index names such a file, but cannot open it."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def targets_of_folder(root: Path) -> pa.Table:
    """List the videos below `root`, including members of uncompressed tar archives.

    The label is the innermost folder, unless its name is a split. The split is any folder whose name is a
    split. File names in the form of Kinetics give the id and the span of the original video.

    Parameters
    ----------
    root : Path
        The folder, which is searched recursively.

    Returns
    -------
    Table
        One row per video, of schema `TARGETS`, in the order of names.
    """
    files = list_files(root, archives=True)
    of_folder = [_of_folder(folder.path) for folder in files.folders]
    folders = [of_folder[number] for number in files.folder_of.tolist()]
    spans = [_of_name(_spelled(name)) for name in files.names]
    columns: dict[str, Any] = FilePlaces.of(files).columns(range(len(files)))
    columns["label"] = [label for label, _ in folders]
    columns["split"] = [split for _, split in folders]
    columns["id"] = [name for name, _, _ in spans]
    columns["time_start"] = [start for _, start, _ in spans]
    columns["time_end"] = [end for _, _, end in spans]
    return table_of(columns, len(files))


def table_of(columns: dict[str, Any], rows: int) -> pa.Table:
    """Return a table of schema `TARGETS`. Columns that are not given are null."""
    arrays = [
        pa.array(columns[field.name]).cast(field.type)
        if field.name in columns
        else pa.nulls(rows, field.type)
        for field in TARGETS
    ]
    return pa.Table.from_arrays(arrays, schema=TARGETS)


def _of_folder(path: str) -> tuple[str | None, str | None]:
    """Return the label and the split of the files in a folder."""
    folders = path.split("/") if path else []
    split = next((split for folder in folders if (split := split_of(folder))), None)
    label = folders[-1] if folders and split_of(folders[-1]) is None else None
    return label, split


def _of_name(name: str) -> tuple[str, float | None, float | None]:
    stem = name.rpartition(".")[0]
    clip = CLIP_NAME.fullmatch(stem)
    if not clip or clip["start"] is None:
        return stem, None, None
    return clip["id"], float(clip["start"]), float(clip["end"])
