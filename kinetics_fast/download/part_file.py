"""A file that is being transferred: its first bytes in `NAME.part`, and beside it which file they are of.

The note, `NAME.part.json`, is written before the first byte and never without the part being emptied first,
so that bytes of two versions of a file never meet, wherever a run is killed.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kinetics_fast._files import atomic_write, publish, sync_folder

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Identity:
    """What the server says a file is: its entity tag, its date, its length in bytes."""

    etag: str | None = None
    last_modified: str | None = None
    length: int | None = None

    @classmethod
    def of(cls, headers: Mapping[str, str], length: int | None) -> Identity:
        """Read a response's headers; `length` is the whole file's."""
        return cls(headers.get("etag"), headers.get("last-modified"), length)

    def may_be(self, other: Identity) -> bool:
        """Tell whether both can be the same file: nothing that both know differs."""
        pairs = zip(asdict(self).values(), asdict(other).values(), strict=True)
        return all(mine == theirs for mine, theirs in pairs if None not in (mine, theirs))

    @property
    def condition(self) -> str | None:
        """What `If-Range` may hold: a strong tag or a date."""
        weak = self.etag is None or self.etag.startswith("W/")
        return self.last_modified if weak else self.etag


class PartFile:
    """The bytes of `final` that have arrived, on disk; one owner at a time.

    Attributes
    ----------
    final : Path
        The name that the file gets by `commit`.
    size : int
        Bytes that are there.
    identity : Identity
        Which file they are of.
    """

    def __init__(self, final: Path) -> None:
        self.final = final
        self._path = final.with_name(f"{final.name}.part")
        self._note = final.with_name(f"{final.name}.part.json")
        final.parent.mkdir(parents=True, exist_ok=True)
        self.identity = self._read_note()
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        if not self._note.exists():
            os.ftruncate(self._descriptor, 0)
        self.size = os.fstat(self._descriptor).st_size

    def _read_note(self) -> Identity:
        try:
            return Identity(**json.loads(self._note.read_bytes()))
        except FileNotFoundError:
            return Identity()
        except (ValueError, TypeError):
            self._note.unlink()
            return Identity()

    def begin(self, identity: Identity) -> None:
        """Drop the bytes that are there, and expect those of the file that `identity` names."""
        os.ftruncate(self._descriptor, 0)
        os.fsync(self._descriptor)
        self.size = 0
        self.end_at(identity)

    def end_at(self, identity: Identity) -> None:
        """Note what has become known of the file, such as its length."""
        with atomic_write(self._note, ".part") as note:
            note.write(json.dumps(asdict(identity)).encode())
        self.identity = identity

    @property
    def is_whole(self) -> bool:
        """Whether all bytes are there."""
        return self.size == self.identity.length

    def append(self, data: bytes) -> None:
        """Add what has arrived; after an error `size` says how much of it was kept."""
        rest = memoryview(data)
        os.lseek(self._descriptor, self.size, os.SEEK_SET)
        while rest:
            written = os.write(self._descriptor, rest)
            self.size += written
            rest = rest[written:]

    def read(self, count: int, position: int) -> bytes:
        """Return up to `count` bytes from `position`."""
        os.lseek(self._descriptor, position, os.SEEK_SET)
        return os.read(self._descriptor, count)

    def commit(self) -> None:
        """Sync the file and give it its final name."""
        self.close()
        publish(self._path, self.final)
        self._note.unlink(missing_ok=True)
        sync_folder(self.final.parent)

    def discard(self) -> None:
        """Remove what is there."""
        self.close()
        remove_part(self.final)

    def close(self) -> None:
        """Close the file; what is there stays."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def remove_part(final: Path) -> None:
    """Remove what an earlier run left of the transfer of `final`: the bytes first, then what they were of."""
    final.with_name(f"{final.name}.part").unlink(missing_ok=True)
    final.with_name(f"{final.name}.part.json").unlink(missing_ok=True)
