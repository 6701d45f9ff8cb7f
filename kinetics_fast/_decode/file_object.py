"""Binary file objects as sources: a real file is opened again by its path, and any other is read whole."""

from __future__ import annotations

import io
import os
import stat
from contextlib import suppress
from typing import Any, Protocol

from kinetics_fast.errors import OpenError, UnsupportedError

MAX_BYTES = 1 << 30  # most bytes that are read into memory
_PIECE = 1 << 22  # bytes that are read at once


class BinaryFile(Protocol):
    """A file object that is open for reading in binary mode."""

    def read(self, size: int, /) -> bytes: ...


def path_or_bytes(file: Any, name: str) -> str | bytes:
    """Return the path of a real file, or the bytes of any other file object; errors call it `name`.

    The position of the file object stays as it is if the object can seek.
    """
    if getattr(file, "closed", False):
        raise ValueError(f"{name} must be an open file, got a closed one")
    if isinstance(file, io.TextIOBase):
        raise TypeError(f"{name} must be a file that is open in binary mode, such as 'rb', got a text file")
    if isinstance(file, io.BytesIO):
        return file.getvalue()  # shared until somebody writes; getbuffer() would forbid to write and to close
    return _path(file) or _content(file, name)


def _path(file: Any) -> str | None:
    """Return the path under which the same file can be opened again; None if there is none."""
    raw, path = getattr(file, "raw", file), getattr(file, "name", None)
    # Others have a file descriptor and a name too: those of GzipFile belong to the compressed file.
    if not isinstance(raw, io.FileIO) or not isinstance(path, (str, bytes, os.PathLike)):
        return None
    try:
        named = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    if not stat.S_ISREG(named.st_mode) or not os.path.samestat(named, os.fstat(raw.fileno())):
        return None
    if raw.writable():
        file.flush()
    return os.path.abspath(os.fsdecode(path))  # noqa: PTH100


def _content(file: Any, name: str) -> bytes:
    """Read a file object from its beginning, or from where it is if it cannot seek."""
    content = io.BytesIO()
    position = _rewind(file)
    try:
        while piece := _piece(file, name):
            content.write(piece)
            if content.tell() > MAX_BYTES:
                what = f"the file object has more than {MAX_BYTES} bytes, the most that is read; pass a path"
                raise UnsupportedError(what, _text(file))
    finally:
        if position is not None:
            with suppress(Exception):
                file.seek(position)
    return content.getvalue()


def _rewind(file: Any) -> int | None:
    """Go to the beginning and return where the file object was; None if it cannot seek."""
    try:
        position: int = file.tell()
        file.seek(0)
    except Exception:  # each kind of file object has its own error
        return None
    return position


def _piece(file: Any, name: str) -> bytes:
    try:
        piece: object = file.read(_PIECE)
    except MemoryError:  # not the file's fault
        raise
    except Exception as error:  # each kind of file object has its own errors
        detail = f"{type(error).__name__}: {error}"
        raise OpenError("the file object cannot be read", _text(file), None, "open", detail) from error
    if not isinstance(piece, bytes):
        kind = type(piece).__name__
        raise TypeError(f"{name} must be a file that is open in binary mode, but its read() returns {kind}")
    return piece


def _text(file: object) -> str:
    return str(getattr(file, "name", None) or repr(file))
