"""Files that are there whole or not at all, also after the power went."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from kinetics_fast.download.errors import MAKE_ROOM, DiskFullError


def publish(unfinished: Path, final: Path) -> None:
    """Give a file its final name once its bytes are on the disk; the folder is not synced yet."""
    descriptor = os.open(unfinished, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    unfinished.replace(final)


def sync_folders(folders: Iterable[Path]) -> None:
    """Make the names in folders last."""
    if os.name != "posix":
        return  # elsewhere a folder cannot be opened
    for folder in set(folders):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_whole(path: Path, data: bytes) -> None:
    """Write a small file: either the old content is there or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.write_bytes(data)
    publish(unfinished, path)
    sync_folders([path.parent])


def check_room(folder: Path, size: int, what: str) -> None:
    """Raise before the transfer where its bytes will not fit."""
    free = shutil.disk_usage(folder).free
    if size > free:
        room = f"{in_units(size)} more and {in_units(free)} are free on the disk of {folder}"
        raise DiskFullError(f"{what} needs {room}; {MAKE_ROOM}")


def in_units(size: float) -> str:
    """Write a number of bytes for people."""
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
