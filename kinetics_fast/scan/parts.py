"""The folder of parts beside an index: what a scan has read so far, synced piece by piece.

A part appears by rename when it is complete: a scan may be killed at any moment and goes on where it was.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa

from kinetics_fast.cli.exit_codes import CommandError
from kinetics_fast.dataset_index.schema import FORMAT, FORMAT_KEY, PARTS
from kinetics_fast.scan.synced import UNFINISHED, synced_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kinetics_fast.scan.examine import Row

try:
    import fcntl
except ModuleNotFoundError:  # not on Windows: two scans at once are then not noticed
    fcntl = None  # type: ignore[assignment]


class Parts:
    """Parts of one index, and the right to write them.

    Parameters
    ----------
    index : Path
        The index file; the folder's name is its name with ``.parts`` added.
    """

    def __init__(self, index: Path) -> None:
        self.folder = index.with_name(index.name + ".parts")
        self._next = 0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Make the folder and keep other scans out of it. A killed scan lets go by itself."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            if fcntl is not None:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise CommandError(
                        f"another scan is writing {self.folder}; wait for it or stop it"
                    ) from None
            yield

    def read(self) -> list[pa.Table]:
        """Map the parts there are, the earliest first."""
        for left in self.folder.glob(f"*{UNFINISHED}"):
            left.unlink()
        paths = sorted(self.folder.glob("part-*.arrow"))
        self._next = 1 + max((int(path.stem.removeprefix("part-")) for path in paths), default=-1)
        return [map_table(path) for path in paths]

    def write(self, rows: Sequence[Row]) -> pa.Table:
        """Add a part with these rows and map it."""
        path = self.folder / f"part-{self._next:06d}.arrow"
        self._next += 1
        described = PARTS.with_metadata({FORMAT_KEY: FORMAT})
        table = pa.Table.from_pylist(list(rows), schema=described)
        with synced_file(path) as file, pa.ipc.new_file(file, described) as writer:
            writer.write_table(table)
        return map_table(path)

    def remove(self) -> None:
        """Remove the folder; what was mapped stays readable."""
        shutil.rmtree(self.folder)


def map_table(path: Path) -> pa.Table:
    """Map an Arrow IPC file. Of its values only where each begins is read: pyarrow believes that blindly.

    Raises
    ------
    OSError
        It cannot be opened.
    ArrowInvalid
        It is no Arrow file, or damaged.
    """
    with pa.memory_map(str(path)) as mapped:
        table = pa.ipc.open_file(mapped).read_all()
    table.validate()
    for column in table.columns:
        for chunk in column.chunks:
            places = chunk.view(pa.binary()) if pa.types.is_string(chunk.type) else chunk
            places.validate(full=True)
    return table
