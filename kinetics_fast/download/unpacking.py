"""Unpacks an archive into a staging folder, and moves its files to their final names once it is verified.

The staging folder is `FOLDER/.ARCHIVE.unpacking`, on the same disk. Names of files in it end with `.part`.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from kinetics_fast._files import atomic_write, publish, sync_folder
from kinetics_fast.datasets.kinetics_names import ID_LENGTH
from kinetics_fast.download.names import class_key

PIECE = 1 << 20


@dataclass(frozen=True)
class Placement:
    """Which files of an archive to unpack, and where to.

    Attributes
    ----------
    clips : frozenset of str or None
        Names of the wanted files, without extension, or their YouTube ids; None for all files.
    own_folder : str
        A folder for all files, such as the class of an archive with a single class.
    """

    clips: frozenset[str] | None = None
    own_folder: str = ""

    def wants(self, path: PurePosixPath) -> bool:
        """Return whether to unpack a file."""
        return self.clips is None or not self.clips.isdisjoint((path.stem, path.stem[:ID_LENGTH]))

    def place(self, path: PurePosixPath) -> PurePosixPath:
        """Return the path to unpack a file to. `own_folder` is not added if the archive already has it."""
        parts = path.parts
        if self.own_folder and class_key(parts[0]) == class_key(self.own_folder):
            parts = parts[1:]
        return PurePosixPath(self.own_folder, *parts)


class Unpacking:
    """The wanted files of one archive."""

    def __init__(self, folder: Path, archive_name: str, placement: Placement) -> None:
        self._folder = folder
        self._staging = folder / f".{archive_name}.unpacking"
        self._placement = placement
        self._members: dict[str, int] = {}
        self._staged: dict[Path, Path] = {}

    def take(self, path: PurePosixPath, size: int, data: IO[bytes]) -> None:
        """Add a file of the archive. It is written to the staging folder if it is wanted and not present."""
        place = self._placement.place(path)
        self._members[str(place)] = size
        if not self._placement.wants(place):
            return
        final, staged = self._folder / place, self._staging / f"{place}.part"
        if _write_unless_same(data, size, final, staged):
            self._staged[staged] = final
        else:
            self._staged.pop(staged, None)  # of two members with the same name, the last one counts

    def publish(self) -> None:
        """Move the files to their final names. The archive must be verified."""
        for staged, final in self._staged.items():
            final.parent.mkdir(parents=True, exist_ok=True)
            publish(staged, final)
        for folder in {final.parent for final in self._staged.values()}:
            sync_folder(folder)

    def write_receipt(self, path: Path) -> None:
        """Write the list of files in the archive, so that a later run knows them without the archive."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path, ".part") as receipt:
            receipt.write(json.dumps({"files": self._members}, indent=0).encode())

    def clean(self) -> None:
        """Remove the staging folder."""
        if self._staging.exists():
            shutil.rmtree(self._staging)


def is_unpacked(receipt: Path, folder: Path, placement: Placement) -> bool:
    """Return whether an archive was unpacked and every wanted file is present with its full size."""
    try:
        members = json.loads(receipt.read_bytes())["files"]
        places = {place: size for place, size in members.items() if placement.wants(PurePosixPath(place))}
        return all((folder / place).stat().st_size == size for place, size in places.items())
    except (OSError, ValueError, KeyError):
        return False


def _write_unless_same(data: IO[bytes], size: int, final: Path, staged: Path) -> bool:
    """Write `data` to `staged` unless `final` has the same bytes. Return whether it was written."""
    same = 0
    if final.is_file() and final.stat().st_size == size:
        with final.open("rb") as known:
            while piece := data.read(PIECE):
                if known.read(len(piece)) != piece:
                    break
                same += len(piece)
            else:
                return False
            known.seek(0)
            head = known.read(same)
    else:
        piece, head = data.read(PIECE), b""
    staged.parent.mkdir(parents=True, exist_ok=True)
    with staged.open("wb") as file:
        file.write(head)
        while piece:
            file.write(piece)
            piece = data.read(PIECE)
    return True
