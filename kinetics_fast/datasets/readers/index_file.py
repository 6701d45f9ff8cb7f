"""Reads a data set from the index of a scan. The columns stay mapped and are not loaded."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kinetics_fast.datasets.table import Table
from kinetics_fast.errors import CorruptError

if TYPE_CHECKING:
    from kinetics_fast.dataset_index.reader import IndexFile

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


def read_index(
    file: str | os.PathLike[str],
    root: str | os.PathLike[str] | None,
    split: str | None,
    status: str | Iterable[str] | None,
) -> tuple[Table, NDArray[np.bool_]]:
    """Read what `Dataset.from_index` describes: a table of all rows, and which rows are wanted."""
    try:
        from kinetics_fast.dataset_index import schema
        from kinetics_fast.dataset_index.reader import IndexFile
    except ModuleNotFoundError as missing:
        if missing.name != "pyarrow":
            raise
        what = "reading an index needs pyarrow: pip install 'kinetics-fast[scan]'"
        raise ModuleNotFoundError(what, name="pyarrow") from None

    path = Path(file)
    if path.is_dir():
        of_split = path / schema.default_name(split)
        path = of_split if split is not None and of_split.exists() else path / schema.DEFAULT_NAME
    index = IndexFile(path, root)
    wanted = [name for name in schema.STATUSES if name != schema.MISSING] if status is None else status
    wanted = [wanted] if isinstance(wanted, str) else list(wanted)
    if unknown := sorted(set(wanted) - set(schema.STATUSES)):
        raise ValueError(f"status must be one of {', '.join(schema.STATUSES)}, got {unknown[0]!r}")
    if schema.MISSING in wanted:
        raise ValueError("missing clips have no file to read; their rows are in IndexFile")
    chosen = index.places_of("status", wanted)
    if split is not None:
        chosen &= index.places_of("split", [split])
    table = Table(
        IndexSources(index),
        index.labels(),
        ids=IndexColumn(index, "id"),
        frame_indices=FrameIndices(index),
        classes=index.classes,
        extra={
            "row": np.arange(len(index)),
            **{name: IndexColumn(index, name) for name in (*NUMBERS, *WORDS)},
        },
    )
    return table, chosen
