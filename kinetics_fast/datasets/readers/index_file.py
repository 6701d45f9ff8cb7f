"""Reads a data set from the index of a scan. The columns stay mapped and are not loaded."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kinetics_fast.datasets.annotations.ava_file import KeyFrame
from kinetics_fast.datasets.kinetics_names import checked_split
from kinetics_fast.datasets.table import Table
from kinetics_fast.errors import CorruptError
from kinetics_fast.remote.folder import RemoteFolder

if TYPE_CHECKING:
    from kinetics_fast.dataset_index.reader import IndexFile
    from kinetics_fast.datasets.columns import Column

_CLIP = ("time_start", "time_end")
NUMBERS = (
    *_CLIP,
    "duration",
    "frames",
    "fps",
    "width",
    "height",
    "size",
    "keyframe_spacing",
    "droppable_share",
)
WORDS = ("status", "reason", "split", "codec")


class IndexSources(Sequence[Any]):
    """The source of each row."""

    def __init__(self, index: IndexFile) -> None:
        self._index = index

    def __len__(self) -> int:
        return len(self._index)

    def __getitem__(self, row: Any) -> Any:
        return self._index.source(row)


class IndexColumn(Sequence[Any]):
    """A column of the index. Single values are read on access; NumPy can convert the whole column."""

    def __init__(self, index: IndexFile, name: str) -> None:
        self._index = index
        self._name = name

    def __len__(self) -> int:
        return len(self._index)

    def __getitem__(self, row: Any) -> Any:
        return self._index.table.column(self._name)[row].as_py()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        column = self._index.table.column(self._name)
        values: NDArray[Any] = (
            column.to_numpy(zero_copy_only=False).astype(np.float64)
            if self._name in NUMBERS
            else np.array(column.to_pylist(), object)
        )
        return values if dtype is None else values.astype(dtype, copy=False)


class FrameIndices(IndexColumn):
    """The packed frame index of each row, read on access; None if damaged, so that it is built anew."""

    def __init__(self, index: IndexFile) -> None:
        super().__init__(index, "frame_index")

    def __getitem__(self, row: Any) -> Any:
        try:
            return self._index.frame_index(row)
        except CorruptError:
            return None


class KeyFrameColumn(IndexColumn):
    """The key frame of each row of an index of AVA-Kinetics, made on access; None if the row has no file."""

    def __init__(self, index: IndexFile) -> None:
        super().__init__(index, "annotation")

    def __getitem__(self, row: Any) -> Any:
        note = super().__getitem__(row)
        if note is None:
            return None
        read = json.loads(note)
        boxes = np.array(read["boxes"], np.float32).reshape(-1, 4)
        return KeyFrame(read["time"], boxes, np.array(read["actions"], np.int64))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        values = np.empty(len(self), object)
        values[:] = [self[row] for row in range(len(self))]
        return values


def read_index(
    file: str | os.PathLike[str],
    root: Any,
    split: str | None,
    status: str | Iterable[str] | None,
    allow_remote: bool | Iterable[str],
) -> tuple[Table, NDArray[np.bool_]]:
    """Read what `Dataset.from_index` describes: a table of all rows, and which rows are wanted."""
    split = None if split is None else checked_split(split)
    try:
        from kinetics_fast.dataset_index import schema
        from kinetics_fast.dataset_index.find import find_index
        from kinetics_fast.dataset_index.reader import IndexFile
    except ModuleNotFoundError as missing:
        if missing.name != "pyarrow":
            raise
        what = "reading an index needs pyarrow: pip install 'kinetics-fast[scan]'"
        raise ModuleNotFoundError(what, name="pyarrow") from None

    index = IndexFile(find_index(file, split), root, allow_remote=allow_remote)
    if isinstance(index.root, RemoteFolder):
        index.root.check()
    wanted = [name for name in schema.STATUSES if name != schema.MISSING] if status is None else status
    wanted = [wanted] if isinstance(wanted, str) else list(wanted)
    if unknown := sorted(set(wanted) - set(schema.STATUSES)):
        raise ValueError(f"status must be one of {', '.join(schema.STATUSES)}, got {unknown[0]!r}")
    if schema.MISSING in wanted:
        raise ValueError("missing clips have no file to read; their rows are in IndexFile")
    chosen = index.places_of("status", wanted)
    if split is not None:
        chosen &= _of_split(index, split)
    labels, starts, ends, more = _annotated(index)
    table = Table(
        IndexSources(index),
        index.labels() if labels is None else labels,
        starts,
        ends,
        ids=IndexColumn(index, "id"),
        frame_indices=FrameIndices(index),
        classes=index.classes,
        extra={
            "row": np.arange(len(index)),
            **{name: IndexColumn(index, name) for name in (*NUMBERS, *WORDS)},
            **more,
        },
    )
    return table, chosen


def _of_split(index: IndexFile, split: str) -> NDArray[np.bool_]:
    rows = index.places_of("split", [split])
    if not rows.any():
        present = sorted({word for word in index.table.column("split").unique().to_pylist() if word})
        splits = f"has the splits {', '.join(present)}" if present else "has no splits"
        raise ValueError(f"{index.path} {splits}, got split={split!r}")
    return rows


def _annotated(index: IndexFile) -> tuple[Column | None, Any, Any, dict[str, Column]]:
    """Return labels, starts, ends and further columns of an index of AVA-Kinetics or Countix."""
    version = index.facts.get("version")
    if version == "ava-kinetics":
        return KeyFrameColumn(index), None, None, {}
    if version != "countix":
        return None, None, None, {}
    notes = [json.loads(note or "{}") for note in index.table.column("annotation").to_pylist()]
    starts, ends = (np.array([note.get(name, np.nan) for note in notes]) for name in ("start", "end"))
    return None, starts, ends, {"count": np.array([note.get("count", -1) for note in notes], np.int64)}
