"""Writes prepared files into plain tar archives, named as WebDataset expects.

1. A sample is three members with one key: `KEY.mp4`, `KEY.cls` (the number of the class, if there is one) and
   `KEY.json` (what the index knows of the clip). A key has no dot, since WebDataset cuts names at the first.
2. A shard grows in the state folder. After every sample its bytes are on the disk before the journal says so;
   after a kill, the shard is cut to the end of the last sample that the journal has.
3. A shard that has its size gets the end mark of an archive and its final name.
"""

from __future__ import annotations

import io
import json
import os
import re
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from kinetics_fast._files import publish, sync_folder
from kinetics_fast.preparation.source_clip import SourcePlace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kinetics_fast.preparation.journal import Entry
    from kinetics_fast.preparation.workspace import Workspace

END_MARK: Final = bytes(2 * tarfile.BLOCKSIZE)


class ShardWriter:
    """Appends samples to the shards of one part. Used by one thread.

    Parameters
    ----------
    workspace : Workspace
        The state folder.
    size : int
        Bytes after which a shard is complete.
    before : iterable of Entry
        The entries of earlier runs of this part.
    """

    def __init__(self, workspace: Workspace, size: int, before: Iterable[Entry]) -> None:
        self._workspace = workspace
        self._size = size
        part = workspace.part
        self._prefix = "clips-" if part.of == 1 else f"clips-{part.number:05d}-"
        ends: dict[str, int] = {}
        for entry in before:
            if entry.shard is not None and self._is_own(entry.shard):
                ends[entry.shard] = max(entry.end, ends.get(entry.shard, 0))
        last = max(ends, default=None)
        self._number = 0 if last is None else self._number_of(last)
        self._end = 0 if last is None else ends[last]
        self._file: BinaryIO | None = None
        if last is not None and (workspace.target / last).exists():
            self._number, self._end = self._number + 1, 0

    def append(self, entry: Entry, file: Path, facts: Mapping[str, Any], label: int | None) -> Entry:
        """Write one sample and return its entry, with the place of the video.

        Raises
        ------
        OSError
            The target cannot be written.
        """
        shard = self._opened()
        key = key_of(entry.name)
        with file.open("rb") as video:
            offset = self._add(shard, key + ".mp4", video, entry.size)
        if label is not None:
            self._add_bytes(shard, key + ".cls", str(label).encode())
        self._add_bytes(shard, key + ".json", json.dumps(facts, sort_keys=True).encode())
        shard.flush()
        os.fsync(shard.fileno())
        file.unlink()
        return replace(entry, shard=self._name(), offset=offset, end=self._end)

    def finish_if_full(self) -> None:
        """Complete the shard if it has its size. Call it once the journal has the sample."""
        if self._end >= self._size:
            self.finish()

    def finish(self) -> None:
        """Complete the shard and give it its name."""
        if self._end == 0:
            return
        shard = self._opened()
        shard.write(END_MARK)
        self.close()
        publish(self._unfinished(), self._workspace.target / self._name())
        sync_folder(self._workspace.target)
        self._number, self._end = self._number + 1, 0

    def close(self) -> None:
        """Close the file. The shard goes on in the next run."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _opened(self) -> BinaryIO:
        if self._file is None:
            path = self._unfinished()
            self._file = path.open("r+b" if path.exists() else "w+b")
            self._file.truncate(self._end)
            self._file.seek(self._end)
        return self._file

    def _add_bytes(self, shard: BinaryIO, name: str, data: bytes) -> None:
        self._add(shard, name, io.BytesIO(data), len(data))

    def _add(self, shard: BinaryIO, name: str, content: BinaryIO, size: int) -> int:
        """Append a member and return where its content begins."""
        header = tarfile.TarInfo(name)
        header.size = size
        shard.write(header.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape"))
        offset = shard.tell()
        tarfile.copyfileobj(content, shard, size)  # type: ignore[attr-defined]  # raises if the file is shorter
        shard.write(bytes(-size % tarfile.BLOCKSIZE))
        self._end = shard.tell()
        return offset

    def _name(self) -> str:
        return f"{self._prefix}{self._number:06d}.tar"

    def _unfinished(self) -> Path:
        return self._workspace.folder / (self._name() + ".unfinished")

    def _is_own(self, name: str) -> bool:
        return bool(re.fullmatch(re.escape(self._prefix) + r"\d{6}\.tar", name))

    def _number_of(self, name: str) -> int:
        return int(name.removeprefix(self._prefix).removesuffix(".tar"))


def key_of(name: str) -> str:
    """Return the key of a sample: the path of the file without its extension, dots replaced."""
    folder, _, file = name.rpartition("/")
    key = file.removesuffix(".mp4").replace(".", "_")
    return f"{folder}/{key}" if folder else key


def place_of(entry: Entry, workspace: Workspace) -> SourcePlace:
    """Return where a prepared file is."""
    if entry.shard is None:
        return SourcePlace(str(workspace.target / entry.name))
    return SourcePlace(str(workspace.target / entry.shard), entry.offset, entry.size)


def entries_on_disk(workspace: Workspace, entries: Iterable[Entry]) -> dict[str, Entry]:
    """Return the latest entry of each name whose file is on the disk with its size, and failures.

    Samples of a shard that is not complete count for the part that writes the shard.
    """
    sizes: dict[str, int] = {}

    def size_of(path: Path) -> int:
        name = str(path)
        if name not in sizes:
            sizes[name] = path.stat().st_size if path.exists() else -1
        return sizes[name]

    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.error is None:
            if entry.shard is None:
                is_there = size_of(workspace.target / entry.name) == entry.size
            else:
                places = (workspace.target / entry.shard, workspace.folder / f"{entry.shard}.unfinished")
                is_there = max(map(size_of, places)) >= entry.end
            if not is_there:
                continue
        elif entry.name in found and found[entry.name].error is None:
            continue
        found[entry.name] = entry
    return found
