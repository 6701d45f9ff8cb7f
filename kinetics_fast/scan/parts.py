"""The folder of parts beside an index, which stores what a scan has read so far.

A part appears only when it is complete. A scan can be killed at any moment; the next scan continues there.
"""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import pyarrow as pa

from kinetics_fast._files import atomic_write, locked
from kinetics_fast.dataset_index.arrow_file import map_table
from kinetics_fast.dataset_index.schema import FORMAT, FORMAT_KEY, PARTS
from kinetics_fast.scan.errors import ScanError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kinetics_fast.scan.examine import Row


class Parts:
    """The parts of one index.

    Parameters
    ----------
    index : Path
        The index file. The folder has its name with ``.parts`` added.
    """

    def __init__(self, index: Path) -> None:
        self.folder = index.with_name(index.name + ".parts")
        self._next = 0

    def locked(self) -> AbstractContextManager[None]:
        """Make the folder and keep other scans from writing to it. A killed scan releases the lock."""
        self.folder.mkdir(parents=True, exist_ok=True)
        busy = ScanError(f"another scan is writing to {self.folder}; wait for it or stop it")
        return locked(self.folder / "lock", busy)

    def read(self) -> list[pa.Table]:
        """Map all parts, the earliest first, and remove unfinished ones."""
        for unfinished in self.folder.glob("*.unfinished"):
            unfinished.unlink()
        paths = sorted(self.folder.glob("part-*.arrow"))
        self._next = 1 + max((int(path.stem.removeprefix("part-")) for path in paths), default=-1)
        return [map_table(path) for path in paths]

    def write(self, rows: Sequence[Row]) -> pa.Table:
        """Write a part with these rows and map it."""
        path = self.folder / f"part-{self._next:06d}.arrow"
        self._next += 1
        described = PARTS.with_metadata({FORMAT_KEY: FORMAT})
        table = pa.Table.from_pylist(list(rows), schema=described)
        with atomic_write(path) as file, pa.ipc.new_file(file, described) as writer:
            writer.write_table(table)
        return map_table(path)

    def remove(self) -> None:
        """Remove the folder. Mapped parts stay readable."""
        shutil.rmtree(self.folder)
