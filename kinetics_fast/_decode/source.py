"""Sources: what a video is read from."""

from __future__ import annotations

import operator
import os
import sys
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from kinetics_fast import _core
from kinetics_fast._decode.file_object import BinaryFile, path_or_bytes
from kinetics_fast.remote.remote_object import RemoteObject
from kinetics_fast.remote.source import Remote

if TYPE_CHECKING:
    from typing_extensions import Buffer  # type checkers know it; Python does from 3.12 on


@dataclass(frozen=True)
class FileRange:
    """A video that is a part of a file, such as a member of a tar archive. It is read in place.

    Parameters
    ----------
    path : str or os.PathLike
        The file.
    offset : int
        Position of the video's first byte.
    size : int, optional
        Number of bytes; -1 means up to the end of the file.

    Examples
    --------
    >>> import tarfile
    >>> with tarfile.open("shard.tar") as shard:
    ...     member = shard.getmember("abseiling.mp4")
    >>> len(kf.Video(kf.FileRange("shard.tar", member.offset_data, member.size)))
    250
    """

    path: str | os.PathLike[str]
    offset: int = 0
    size: int = -1


VideoSource: TypeAlias = "str | os.PathLike[str] | Buffer | FileRange | BinaryFile | Remote"
OpenedSource: TypeAlias = "_core.Source | RemoteObject"


def open_source(source: VideoSource, name: str = "source") -> OpenedSource:
    """Describe a source to the core, or a remote one to the fetcher; errors call it `name`.

    No file is opened. A bytes object is shared, other memory is copied once. A file object that is not a
    file on a disk is read here: an OpenError says that it cannot be read, an UnsupportedError that it is too
    large.
    """
    if isinstance(source, Remote):
        return RemoteObject(source)
    if isinstance(source, FileRange):
        return _core.Source(os.fsencode(source.path), *_byte_range(source))
    if isinstance(source, (str, os.PathLike)):
        return _core.Source(os.fsencode(source))
    try:
        view = memoryview(source)  # type: ignore[arg-type]
    except TypeError:
        if callable(getattr(source, "read", None)):
            return open_source(path_or_bytes(source, name))
        kind = type(source).__name__
        what = (
            f"{name} must be a path, bytes, a kf.FileRange, a kf.Remote or a binary file object, got {kind}"
        )
        raise TypeError(what) from None
    return _core.Source.from_memory(source if isinstance(source, bytes) else view)


def local_source(source: VideoSource, name: str = "source") -> _core.Source:
    """Describe a source that is not remote to the core."""
    return as_local(open_source(source, name))


def as_local(source: OpenedSource) -> _core.Source:
    """Return a source that is known not to be remote.

    Raises
    ------
    TypeError
        The source is remote.
    """
    if isinstance(source, RemoteObject):
        raise TypeError(f"this needs a file of this machine, got {source.name!r}")
    return source


def _byte_range(source: FileRange) -> tuple[int, int]:
    try:
        offset, size = operator.index(source.offset), operator.index(source.size)
    except TypeError:
        raise TypeError(f"offset and size must be whole numbers of bytes, got {source}") from None
    if size < -1 or max(offset, 0) + size > sys.maxsize:
        raise ValueError(f"offset and size must be a part of a file (size=-1 reads to its end), got {source}")
    return offset, size


def source_text(source: object) -> str:
    """Return ``repr(source)``, but only the number of bytes if the source is in memory."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return f"<{memoryview(source).nbytes} bytes in memory>"
    return repr(source)


def source_identity(source: object) -> Hashable:
    """Return a key that is equal for two sources if they are the same video."""
    if isinstance(source, Remote):
        return source.key
    if isinstance(source, FileRange):
        return "range", os.fspath(source.path), source.offset, source.size
    if isinstance(source, (str, os.PathLike)):
        return "path", os.fspath(source)
    return "object", id(source)
