"""Lists the clips to scan, as a table with one row per clip; labels and splits come from folder names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from kinetics_fast.dataset_index.schema import ANNOTATION, CLIP_FIELDS
from kinetics_fast.datasets.files.listing import list_files
from kinetics_fast.datasets.files.names import Kind, join, kind_of
from kinetics_fast.datasets.files.remote_listing import list_remote_files
from kinetics_fast.datasets.kinetics_names import CLIP_NAME, split_of
from kinetics_fast.remote.folder import RemoteFolder
from kinetics_fast.scan.verdict import reason_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kinetics_fast.datasets.files.listing import Files

# `length` is the size of a member of a tar archive, null for other files. `problem` says why there is nothing
# to read: a row of annotations has no file, or what lies at the path cannot be read. It is null for a file.
TARGETS = pa.schema(
    [*CLIP_FIELDS, ANNOTATION, pa.field("length", pa.int64()), pa.field("problem", pa.string())]
)
NOT_UTF8 = "the path is not UTF-8, so that the index cannot store it; rename the file or folder"


@dataclass(frozen=True)
class FilePlaces:
    """Where each file lies, as columns of the index."""

    paths: list[str]
    members: list[str | None]
    offsets: list[int | None]
    lengths: list[int | None]
    problems: list[str | None]

    @classmethod
    def of(cls, files: Files) -> FilePlaces:
        """Return the places of all files of a listing."""
        places = cls([], [], [], [], [])
        for number, name, offset, length in zip(
            files.folder_of.tolist(), files.names, files.offsets.tolist(), files.sizes.tolist(), strict=True
        ):
            folder = files.folders[number]
            inside = join(folder.path, name)
            is_member = folder.archive is not None
            path = inside if folder.archive is None else folder.archive
            places.paths.append(_spelled(path))
            places.members.append(inside if is_member else None)
            places.offsets.append(offset if is_member else None)
            places.lengths.append(length if is_member else None)
            places.problems.append(None if places.paths[-1] == path else NOT_UTF8)
        return places

    def columns(self, chosen: Sequence[int | None]) -> dict[str, list[Any]]:
        """Return these columns of `TARGETS` for the files with some numbers; nulls for None."""
        named: dict[str, Sequence[Any]] = {
            "path": self.paths,
            "member": self.members,
            "offset": self.offsets,
            "length": self.lengths,
            "problem": self.problems,
        }
        return {
            name: [None if number is None else column[number] for number in chosen]
            for name, column in named.items()
        }


def _spelled(text: str) -> str:
    """Escape what is not UTF-8 by backslashes. The index names such a file, but cannot open it."""
    if text.isascii():
        return text
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # a surrogate that does not stand for a byte of a file name
        return text.encode("utf-8", "backslashreplace").decode()


def targets_of_folder(root: Path | RemoteFolder) -> pa.Table:
    """List the videos below `root`, including members of uncompressed tar archives.

    The label is the innermost folder, unless its name is a split. The split is any folder whose name is a
    split. File names in the form of Kinetics give the id and the span of the original video.

    Parameters
    ----------
    root : Path or RemoteFolder
        The folder, on this machine or in a store, which is searched recursively.

    Returns
    -------
    Table
        One row per video, of schema `TARGETS`, in the order of names. Then one row for each folder, archive,
        broken link and special file that cannot be read, with the reason as `problem`.
    """
    files = list_remote_files(root) if isinstance(root, RemoteFolder) else list_files(root, archives=True)
    of_folder = [_of_folder(folder.path) for folder in files.folders]
    folders = [of_folder[number] for number in files.folder_of.tolist()]
    spans = [_of_name(name) for name in files.names]
    columns: dict[str, Any] = FilePlaces.of(files).columns(range(len(files)))
    columns["label"] = [label for label, _ in folders]
    columns["split"] = [split for _, split in folders]
    columns["id"] = [name for name, _, _ in spans]
    columns["time_start"] = [start for _, start, _ in spans]
    columns["time_end"] = [end for _, _, end in spans]
    return pa.concat_tables([table_of(columns, len(files)), _unreadable(files)])


def _unreadable(files: Files) -> pa.Table:
    problems = {path: reason_of(error) for path, error in (*files.unread.items(), *files.archives.items())}
    for path, kind in files.unusable:
        is_named_like_one = kind_of(path.rpartition("/")[2]) in (Kind.VIDEO, Kind.ARCHIVE)
        if is_named_like_one and kind in (Kind.BROKEN_LINK, Kind.SPECIAL):
            problems[path] = f"this is a {kind.value}"
    folders = [path if path in files.unread else path.rpartition("/")[0] for path in problems]
    names = [path.rpartition("/")[2] for path in problems]
    columns = {
        "path": [_spelled(path) for path in problems],
        "id": [
            name if path in files.unread else name.rpartition(".")[0]
            for path, name in zip(problems, names, strict=True)
        ],
        "label": [_of_folder(folder)[0] for folder in folders],
        "split": [_of_folder(folder)[1] for folder in folders],
        "problem": list(problems.values()),
    }
    return table_of(columns, len(problems))


def table_of(columns: dict[str, Any], rows: int) -> pa.Table:
    """Return a table of schema `TARGETS`. Columns that are not given are null."""
    arrays = [
        _array(columns[field.name]).cast(field.type) if field.name in columns else pa.nulls(rows, field.type)
        for field in TARGETS
    ]
    return pa.Table.from_arrays(arrays, schema=TARGETS)


def _array(values: Any) -> pa.Array:
    try:
        return pa.array(values)
    except UnicodeEncodeError:  # names of files that are not UTF-8
        return pa.array([None if value is None else _spelled(value) for value in values])


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
