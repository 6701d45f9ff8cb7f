"""A file that is being transferred: its first bytes in `NAME.part`, and their origin in `NAME.part.json`.

The origin is written before the first byte, and the part is emptied before the origin changes. The part
therefore never mixes the bytes of two versions of a file, at whatever moment a run is killed.
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
    """The identity of a file on the server: its entity tag, its date, its length in bytes."""

    etag: str | None = None
    last_modified: str | None = None
    length: int | None = None

    @classmethod
    def of(cls, headers: Mapping[str, str], length: int | None) -> Identity:
        """Return the identity in the headers of a response. `length` is the length of the whole file."""
        return cls(headers.get("etag"), headers.get("last-modified"), length)

    def may_be(self, other: Identity) -> bool:
        """Return whether both can be the same file: no fact that both know differs."""
        pairs = zip(asdict(self).values(), asdict(other).values(), strict=True)
        return all(mine == theirs for mine, theirs in pairs if None not in (mine, theirs))

    @property
    def condition(self) -> str | None:
        """The value for `If-Range`: a strong entity tag or a date; None if there is neither."""
        weak = self.etag is None or self.etag.startswith("W/")
        return self.last_modified if weak else self.etag


class PartFile:
    """The bytes of `final` that have arrived, on the disk. Only one object may use the file at a time.

    Attributes
    ----------
    final : Path
        The name of the file after `commit`.
    size : int
        Number of bytes that have arrived.
    identity : Identity
        The file on the server that the bytes belong to.
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
        """Remove all bytes, and begin the transfer of the file with this identity."""
        os.ftruncate(self._descriptor, 0)
        os.fsync(self._descriptor)
        self.size = 0
        self.identify(identity)

    def identify(self, identity: Identity) -> None:
        """Store a more complete identity of the same file, such as its length."""
        with atomic_write(self._note, ".part") as note:
            note.write(json.dumps(asdict(identity)).encode())
        self.identity = identity

    @property
    def is_whole(self) -> bool:
        """Whether all bytes have arrived."""
        return self.size == self.identity.length

    def append(self, data: bytes) -> None:
        """Append bytes. After an error, `size` says how many of them were kept."""
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
        """Write all bytes to the disk and give the file its final name."""
        self.close()
        publish(self._path, self.final)
        self._note.unlink(missing_ok=True)
        sync_folder(self.final.parent)

    def discard(self) -> None:
        """Close and remove the file."""
        self.close()
        remove_part(self.final)

    def close(self) -> None:
        """Close the file and keep its bytes."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def remove_part(final: Path) -> None:
    """Remove the files of an unfinished transfer of `final`: the bytes first, then their origin."""
    final.with_name(f"{final.name}.part").unlink(missing_ok=True)
    final.with_name(f"{final.name}.part.json").unlink(missing_ok=True)
