"""Brings a source to this machine, because ffmpeg reads files."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from kinetics_fast.errors import OpenError, StaleIndexError
from kinetics_fast.preparation.errors import ClipError
from kinetics_fast.preparation.source_clip import SourcePlace
from kinetics_fast.remote.fetcher import fetcher
from kinetics_fast.remote.remote_object import RemoteObject
from kinetics_fast.scan.verdict import reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PIECE: Final = 16 << 20  # bytes that are in memory together


@contextmanager
def on_disk(place: SourcePlace, file: Path) -> Iterator[SourcePlace]:
    """Yield a source that is a file. An object of a store is copied to `file`, which is removed at the end.

    Raises
    ------
    ClipError
        The object cannot be read.
    OSError
        The file cannot be written.
    """
    if place.remote is None:
        yield place
        return
    content = RemoteObject(place.remote)
    try:
        try:
            fetcher().begin(content.learn_identity()).result()
            with file.open("wb") as copy:
                for offset in range(0, content.size or 0, PIECE):
                    size = min(PIECE, (content.size or 0) - offset)
                    copy.write(fetcher().begin(content.read(offset, size)).result())
        except (OpenError, StaleIndexError) as error:
            raise ClipError(reason_of(error)) from error
        yield SourcePlace(str(file))
    finally:
        file.unlink(missing_ok=True)
