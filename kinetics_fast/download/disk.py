"""Free space on a disk, and sizes as text."""

from __future__ import annotations

import shutil
from pathlib import Path

from kinetics_fast.download.errors import MAKE_ROOM, DiskFullError


def check_room(folder: Path, size: int, what: str) -> None:
    """Raise a DiskFullError if `size` bytes do not fit on the disk of a folder."""
    free = shutil.disk_usage(folder).free
    if size > free:
        room = f"{in_units(size)} more, but {in_units(free)} are free on the disk of {folder}"
        raise DiskFullError(f"{what} needs {room}; {MAKE_ROOM}")


def in_units(size: float) -> str:
    """Return a number of bytes as text."""
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
