"""Maps Arrow IPC files into memory: indices of data sets, and the parts of a scan."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from pathlib import Path


def map_table(path: Path) -> pa.Table:
    """Map an Arrow IPC file.

    pyarrow trusts the offsets of strings in a file without checking them. They are checked here, since a
    damaged file would crash the process otherwise. The strings themselves are not read.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Table

    Raises
    ------
    OSError
        The file cannot be opened.
    ArrowInvalid
        The file is not an Arrow file, or is damaged.
    """
    with pa.memory_map(os.fsencode(path)) as mapped:
        # Arrow reads a buffer on this thread, and a file on threads of its own. Where these find no memory,
        # they end the process, or this thread waits for ever.
        table = pa.ipc.open_file(mapped.read_buffer()).read_all()
    table.validate()
    for column in table.columns:
        for chunk in column.chunks:
            places = chunk.view(pa.binary()) if pa.types.is_string(chunk.type) else chunk
            places.validate(full=True)
    return table
