"""Files that are complete or absent, even after a crash or a power cut, locks, and regular files only."""

from __future__ import annotations

import errno
import io
import os
import stat
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def atomic_write(path: Path, suffix: str = ".unfinished") -> Iterator[IO[bytes]]:
    """Open a file for writing that appears as `path` only when all its bytes are on the disk.

    Parameters
    ----------
    path : Path
        The file. The new content replaces an existing file in one step.
    suffix : str, optional
        What the name of the file ends with while it is written.

    Yields
    ------
    binary file
        Where to write the content. After an exception the file is removed and `path` is unchanged.
    """
    unfinished = path.with_name(path.name + suffix)
    try:
        with unfinished.open("wb") as file:
            yield file
        publish(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def publish(unfinished: Path, final: Path) -> None:
    """Rename a complete file once its bytes are on the disk. Call `sync_folder` to make the name last."""
    descriptor = os.open(unfinished, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    unfinished.replace(final)


def sync_folder(folder: Path) -> None:
    """Write the names in a folder to the disk. Does nothing where the system cannot open a folder."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_regular(path: str | os.PathLike[str]) -> io.FileIO:
    """Open a regular file for reading, without a buffer.

    Opening a pipe would wait for a writer, and reading a device may never end.

    Raises
    ------
    OSError
        The file cannot be opened, or is not a regular file.
    """
    file = io.FileIO(os.fspath(path), opener=_open_at_once)
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "this is not a regular file", os.fspath(path))
    return file


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))


@contextmanager
def locked(path: Path, busy: Exception) -> Iterator[None]:
    """Hold a lock file. The system releases the lock when the process ends, however it ends.

    Parameters
    ----------
    path : Path
        The lock file, in a folder that exists.
    busy : Exception
        What to raise if another process holds the lock.
    """
    import filelock  # optional: comes with the extras `scan` and `download`

    lock = filelock.FileLock(path, timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise busy from None
    try:
        yield
    finally:
        lock.release()
