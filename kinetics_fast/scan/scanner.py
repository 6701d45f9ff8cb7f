"""Runs a scan: reads new and changed files in batches, saves parts, and writes the index at the end."""

from __future__ import annotations

import errno
import os
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from kinetics_fast import _core
from kinetics_fast.dataset_index.arrow_file import map_table
from kinetics_fast.dataset_index.schema import is_current
from kinetics_fast.errors import ResourceError, raise_if_scarce
from kinetics_fast.remote.folder import RemoteFolder
from kinetics_fast.scan import remote_files
from kinetics_fast.scan.examine import Examination, FileToRead
from kinetics_fast.scan.header_hash import fingerprint
from kinetics_fast.scan.known import Key, KnownFiles, Place
from kinetics_fast.scan.merge import write_merged
from kinetics_fast.scan.parts import Parts
from kinetics_fast.scan.side_by_side import results_of

if TYPE_CHECKING:
    from pathlib import Path

FILES_PER_BATCH = 256
DECODED_FILES_PER_BATCH = 32  # decoding all frames of a file takes seconds
REMOTE_FILES_PER_BATCH = 32  # which are in memory together
BATCHES_AT_ONCE = 2

Progress = Callable[[int], None]
Batches = Generator[tuple[int, list[dict[str, Any]]], None, None]


class Examine(Protocol):
    """Reads the files of a data set that are new or have changed."""

    def __call__(
        self,
        root: Path | RemoteFolder,
        files: Mapping[Key, int | None],
        places: Mapping[Key, Place],
        *,
        decode: bool,
    ) -> Batches:
        """Yield for each batch how many files are done, and the rows of the files that were read."""


@dataclass(frozen=True)
class ScanResult:
    """How many files the data set has, and how many of them had to be read."""

    files: int
    read: int


def scan(
    root: Path | RemoteFolder,
    targets: pa.Table,
    index: Path,
    *,
    decode: bool = False,
    facts: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    examine: Examine | None = None,
) -> ScanResult:
    """Bring an index up to date. New and changed files are read; the rows of other files are kept.

    Parameters
    ----------
    root : Path or RemoteFolder
        The folder that the paths of `targets` are relative to, on this machine or in a store.
    targets : Table
        One row per clip, of schema `targets.TARGETS`.
    index : Path
        The index file. Rows of the index and of its parts are kept if size and header hash match.
    decode : bool, optional
        Decode every frame of every file for which this was not done before.
    facts : mapping, optional
        Facts about the data set as a whole.
    progress : callable, optional
        Called with the number of files that are done, after each batch.
    examine : callable, optional
        Reads the files; by default on this machine.

    Returns
    -------
    ScanResult

    Raises
    ------
    ScanError
        Another scan is writing this index.
    ResourceError
        The machine has no memory, file descriptors or threads left. What was read before is kept.
    OSError
        The index cannot be written.
    """
    parts = Parts(index)
    examine = examine or examined
    with _scarcity_named(index), parts.locked():
        known = KnownFiles()
        before = [map_table(index)] if index.exists() else []
        for table in filter(is_current, before + parts.read()):
            known.add(table)
        files = _files(targets)
        read = 0
        with closing(examine(root, files, known.places, decode=decode)) as batches:
            for done, rows in batches:
                if rows:
                    known.add(parts.write(rows))
                    read += len(rows)
                if progress is not None:
                    progress(done)
        now = f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC"
        by = _core.build_info()["version"]
        write_merged(index, root, targets, known, {"scanned": now, "by": by, **(facts or {})})
        parts.remove()
    return ScanResult(len(files), read)


@contextmanager
def _scarcity_named(index: Path) -> Iterator[None]:
    """Raise a ResourceError for any error of the system that says that resources are scarce."""
    try:
        yield
    except ResourceError:
        raise
    except OSError as error:
        raise_if_scarce(error)
        raise
    except pa.ArrowException as error:
        why = os.strerror(errno.EAGAIN)
        if why not in str(error):
            raise
        raise ResourceError("the system starts no more threads", os.fspath(index), detail=why) from error


def _files(targets: pa.Table) -> dict[Key, int | None]:
    """Return every file or range to read once, with the length of the range."""
    columns = (targets.column(name).to_pylist() for name in ("path", "offset", "length", "problem"))
    return {
        (path, offset): length
        for path, offset, length, problem in zip(*columns, strict=True)
        if path is not None and problem is None
    }


def examined(
    root: Path | RemoteFolder,
    files: Mapping[Key, int | None],
    places: Mapping[Key, Place],
    *,
    decode: bool,
    batch_files: int | None = None,
    threads: int | None = None,
) -> Batches:
    """Read files on this machine.

    Parameters
    ----------
    root : Path or RemoteFolder
        The folder or prefix that the names of the files are relative to.
    files : mapping
        Every file or range, with the length of the range.
    places : mapping
        What is known of the files.
    decode : bool
        Decode every frame of every file for which this was not done before.
    batch_files : int, optional
        Number of files that are indexed at once.
    threads : int, optional
        Number of threads that decode; the number of CPUs by default.

    Yields
    ------
    (int, list of dict)
        How many files are done, and the rows of the files that were read, after each batch.
    """
    keys = list(files)
    size = batch_files or (DECODED_FILES_PER_BATCH if decode else FILES_PER_BATCH)
    if isinstance(root, RemoteFolder):
        size = REMOTE_FILES_PER_BATCH
    under_way: deque[tuple[int, Examination]] = deque()
    try:
        for first in range(0, len(keys), size):
            batch = keys[first : first + size]
            readers = max(4, threads or _core.cpu_budget())
            changed = _changed(root, batch, files, places, readers, decode=decode)
            under_way.append((first + len(batch), Examination(changed, decode=decode, threads=threads or 0)))
            if len(under_way) == BATCHES_AT_ONCE:
                done, examination = under_way.popleft()
                yield done, examination.rows()
        while under_way:
            done, examination = under_way.popleft()
            yield done, examination.rows()
    finally:
        for _, examination in under_way:
            examination.cancel()


def _changed(
    root: Path | RemoteFolder,
    keys: Sequence[Key],
    lengths: Mapping[Key, int | None],
    places: Mapping[Key, Place],
    readers: int,
    *,
    decode: bool,
) -> list[FileToRead]:
    """Return the files that are new, changed, or not decoded yet although `decode` is wanted."""

    def look(key: Key) -> FileToRead:
        if isinstance(root, RemoteFolder):
            return remote_files.look(root, *key, lengths[key])
        # Creating half a million Path objects would take seconds.
        path = os.path.join(root, key[0])  # noqa: PTH118
        try:
            return FileToRead(*key, path, fingerprint(path, key[1], lengths[key]))
        except OSError as error:
            raise_if_scarce(error)
            return FileToRead(*key, path, error)

    looked = results_of(look, keys, readers)
    changed = [
        file
        for key, file in zip(keys, looked, strict=True)
        if not (key in places and places[key].is_up_to_date(file.fingerprint, decode=decode))
    ]
    return remote_files.fetched(changed) if isinstance(root, RemoteFolder) else changed
