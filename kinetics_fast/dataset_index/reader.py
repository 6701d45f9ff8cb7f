"""Reads an index file. The file is mapped, so that opening a large one takes neither time nor memory."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kinetics_fast import _core
from kinetics_fast._decode.source import FileRange, open_source
from kinetics_fast._decode.video import Video, video_of
from kinetics_fast.dataset_index import saved_frame_index, schema
from kinetics_fast.dataset_index.arrow_file import map_table
from kinetics_fast.remote.folder import RemoteFolder, allowed_folder, remote_folder
from kinetics_fast.remote.source import Remote
from kinetics_fast.remote.urls import is_url


class IndexFile:
    """An index of a data set, one row per clip. The file is mapped; only what is accessed is loaded.

    Parameters
    ----------
    path : str or os.PathLike
        The index file.
    root : str, os.PathLike, Remote or store, optional
        The folder that the paths in the index are relative to, on this machine or in a store. By default the
        scanned folder: looked up relative to the index first, so that a data set can be moved together with
        its index.
    allow_remote : bool or iterable of str
        Whether a store that the index names may be opened, or prefixes of the URLs that may be. Otherwise,
        only its videos cannot be read.

    Attributes
    ----------
    path : Path
        The file. A pickle contains the name of the file, which is mapped again when it is loaded.
    table : pyarrow.Table
        The rows, with the columns of `schema.SCHEMA`, or of `schema.ANNOTATED_SCHEMA`.
    root : Path or RemoteFolder
        The folder that the paths are relative to.
    facts : dict
        Facts of the scan about the data set as a whole.

    Raises
    ------
    OSError
        The file cannot be opened.
    ValueError
        The file is not an index, or has the format of another version. Scan again.

    Examples
    --------
    >>> index = IndexFile("k400/kinetics-fast.arrow")
    >>> index.status_counts()
    {'ok': 3, 'missing': 2}
    >>> index.video(0)[0:128:8].shape
    (16, 256, 454, 3)
    """

    def __init__(
        self, path: str | os.PathLike[str], root: Any = None, *, allow_remote: bool | Iterable[str] = False
    ) -> None:
        self.path = path = Path(path)
        try:
            self.table = map_table(path)
        except FileNotFoundError:
            what = "there is no index of a data set here; make one by kinetics-fast scan"
            raise FileNotFoundError(errno.ENOENT, what, str(path)) from None
        except (pa.ArrowException, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise ValueError(
                f"{path}: not an index of a data set ({error}); make one by kinetics-fast scan"
            ) from None
        forms = (schema.SCHEMA, schema.ANNOTATED_SCHEMA)
        if not schema.is_current(self.table) or not any(map(self.table.schema.equals, forms)):
            raise ValueError(f"{path}: not an index of this version; make one by kinetics-fast scan")
        metadata = self.table.schema.metadata
        self.root = _given_root(root) if root is not None else _root(path, metadata, allow_remote)
        self.facts: dict[str, Any] = json.loads(metadata[schema.FACTS_KEY])
        self._labels: npt.NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.table)

    def __reduce__(self) -> tuple[Any, ...]:
        return IndexFile, (self.path, self.root)

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the labels in alphabetical order, from the annotations or the folders."""
        return tuple(self.facts["classes"])

    def source(self, row: int) -> str | FileRange | Remote:
        """Return the source of a row's video.

        Parameters
        ----------
        row : int
            The number of the row.

        Raises
        ------
        ValueError
            The row has no file; its status is ``missing``.
        """
        path = self.table.column("path")[row].as_py()
        if path is None:
            raise ValueError(f"row {row} of the index has no file: its status is {schema.MISSING!r}")
        offset = self.table.column("offset")[row].as_py()
        if isinstance(self.root, RemoteFolder):
            size = None if offset is None else self.table.column("size")[row].as_py()
            return self.root.source(path, offset or 0, size)
        path = os.path.join(self.root, path)  # noqa: PTH118
        if offset is None:
            return path
        return FileRange(path, offset, self.table.column("size")[row].as_py())

    def labels(self) -> npt.NDArray[np.int64]:
        """Return the label number of each row, an index into `classes`; -1 for no label."""
        if self._labels is None:
            self._labels = self._codes("label")
        return self._labels

    def places_of(self, name: str, words: Iterable[str]) -> npt.NDArray[np.bool_]:
        """Return for each row whether its value in a column of words is one of `words`."""
        chunks = self.table.column(name).chunks
        known = chunks[0].dictionary.to_pylist() if chunks else []
        return np.isin(self._codes(name), [known.index(word) for word in words if word in known])

    def _codes(self, name: str) -> npt.NDArray[np.int64]:
        """Return the numbers of a column's words, -1 for null. Numbers mean the same in every chunk."""
        numbers = [chunk.indices.fill_null(-1) for chunk in self.table.column(name).chunks]
        arrays = [np.asarray(each.to_numpy(zero_copy_only=False), np.int64) for each in numbers]
        return np.concatenate([np.empty(0, np.int64), *arrays])

    def frame_index(self, row: int) -> bytes | None:
        """Return the packed frame index of a row; None if its file could not be indexed.

        Raises
        ------
        CorruptError
            The saved index is damaged.
        """
        saved: bytes | None = self.table.column("frame_index")[row].as_py()
        return None if saved is None else saved_frame_index.decompress(saved)

    def video(self, row: int) -> Video:
        """Return the video of a row with its saved frame index. No file is opened.

        Parameters
        ----------
        row : int
            The number of the row.

        Raises
        ------
        ValueError
            The row has no file, or the file could not be indexed. The status of the row says why.
        CorruptError
            The saved index is damaged.
        """
        packed = self.frame_index(row)
        if packed is None:
            status, reason = (self.table.column(name)[row].as_py() for name in ("status", "reason"))
            raise ValueError(f"row {row} of the index has no frames: {status}, {reason}")
        return video_of(open_source(self.source(row)), _core.FrameIndex.unpack(packed))

    def status_counts(self) -> dict[str, int]:
        """Return the number of rows of each status that occurs, in the order of `schema.STATUSES`."""
        counted = pc.value_counts(self.table.column("status").cast(pa.string())).to_pylist()
        counts = {each["values"]: each["counts"] for each in counted}
        return {status: counts[status] for status in schema.STATUSES if status in counts}


def _given_root(root: Any) -> Path | RemoteFolder:
    return remote_folder(root) or Path(root)


def _root(
    path: Path, metadata: dict[bytes, bytes], allow_remote: bool | Iterable[str]
) -> Path | RemoteFolder:
    scanned = os.fsdecode(metadata[schema.ROOT_KEY])
    if is_url(scanned):
        return allowed_folder(scanned, allow_remote, str(path))
    beside = path.resolve().parent / os.fsdecode(metadata[schema.RELATIVE_ROOT_KEY])
    return beside if beside.is_dir() else Path(scanned)
