"""What has been done, one line per clip, on disk before anything relies on it.

A run appends to its own file and reads the files of all parts. A line that was cut off by a kill is dropped.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from kinetics_fast.scan.header_hash import Fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Entry:
    """The outcome of one clip.

    Attributes
    ----------
    name : str
        The name of the prepared file, as in `ClipJob`.
    source : str
        The path of the source in its folder.
    source_size, source_hash : int, str
        What identifies the content of the source; -1 and "" if it could not be read.
    size : int
        Bytes of the prepared file; 0 if the clip failed.
    error : str or None
        Why the clip failed.
    shard : str or None
        The tar archive that has the file; None for a file of its own.
    offset, end : int
        Where the file begins in its archive, and where the next member begins.
    """

    name: str
    source: str
    source_size: int
    source_hash: str
    size: int = 0
    error: str | None = None
    shard: str | None = None
    offset: int = 0
    end: int = 0

    def is_of(self, source: Fingerprint) -> bool:
        """Return whether the clip was prepared from this content."""
        return (self.source_size, self.source_hash) == (source.size, source.header_hash.hex())


def entry_for(entries: Mapping[str, Entry], name: str, source: str) -> Entry | None:
    """Return the entry of a clip; None if no run has prepared it.

    If the file of this name was prepared from another source, the entry is a failure: overwriting the file
    would spoil the index of an earlier run that had other clips.
    """
    entry = entries.get(name)
    if entry is None or entry.source == source:
        return entry
    if entry.error is not None:
        return None
    taken = f"{name} was prepared from {entry.source}; rename one of the two sources"
    return Entry(name, source, -1, "", error=taken)


class Journal:
    """The journal that one run appends to. Use it as a context manager.

    Parameters
    ----------
    path : Path
        The file. An incomplete last line is removed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None

    def __enter__(self) -> Journal:
        is_new = not self._path.exists()
        self._file = self._path.open("ab")
        whole = 0 if is_new else _whole_bytes(self._path)
        self._file.truncate(whole)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._file is not None
        self._file.close()

    def append(self, entry: Entry, *, sync: bool = True) -> None:
        """Write a line.

        Parameters
        ----------
        entry : Entry
            The outcome of a clip.
        sync : bool, optional
            Wait until the line is on the disk. Without it, a kill of the process loses nothing, but a power
            cut can lose lines, whose clips the next run prepares again.
        """
        assert self._file is not None
        line = json.dumps({name: value for name, value in asdict(entry).items() if value is not None})
        self._file.write(line.encode() + b"\n")
        self._file.flush()
        if sync:
            os.fsync(self._file.fileno())


def read_entries(paths: list[Path]) -> list[Entry]:
    """Return the entries of some journals, in their order. Lines that are cut off or damaged are dropped."""
    entries = []
    for path in paths:
        with path.open("rb") as file:
            entries += [entry for line in file if (entry := _entry(line)) is not None]
    return entries


def _entry(line: bytes) -> Entry | None:
    if not line.endswith(b"\n"):
        return None
    try:
        fields: dict[str, Any] = json.loads(line)
        return Entry(**fields)
    except (ValueError, TypeError):
        return None


def _whole_bytes(path: Path) -> int:
    data = path.read_bytes()
    return data.rfind(b"\n") + 1
