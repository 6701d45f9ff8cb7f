"""The first half of a request: from sources to frame indices, for `decode_clips`, `Video` and the loader.

An `IndexRequest` opens equal sources once. Its `IndexJob` builds the indices that are missing on the engine's
threads; a caller may wait for the job at once, or collect it later.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import repeat
from typing import Any, NamedTuple

from kinetics_fast import _core
from kinetics_fast._decode.source import OpenedSource, VideoSource, open_source, source_identity
from kinetics_fast.errors import CorruptError, Error
from kinetics_fast.remote.cache import BlockCache
from kinetics_fast.remote.indexing import RemoteIndexing
from kinetics_fast.remote.remote_object import RemoteObject


class IndexedSource(NamedTuple):
    """A source and its frame index: all that the core needs to decode from it."""

    source: OpenedSource
    frame_index: _core.FrameIndex


class FailedSource(NamedTuple):
    """A source that could not be indexed, and the reason."""

    source: OpenedSource
    error: Exception


class IndexRequest:
    """Sources to be indexed. Equal sources are opened once and indexed once.

    Parameters
    ----------
    sources : iterable of VideoSource or IndexedSource
        What is read.
    name_of : callable
        The name that errors give to the source at a position.
    saved_indices : iterable of bytes or None, optional
        The saved frame index of each source.
    cache : BlockCache, optional
        Where blocks of remote sources are kept.
    """

    def __init__(
        self,
        sources: Iterable[VideoSource | IndexedSource],
        name_of: Callable[[int], str],
        saved_indices: Iterable[bytes | None] = repeat(None),
        cache: BlockCache | None = None,
    ) -> None:
        opened: list[IndexedSource | FailedSource | OpenedSource] = []
        items: list[int] = []  # for each source that was given, its number in `opened`
        number_of: dict[Hashable, int] = {}
        last, last_saved = object(), None
        for source, saved in zip(sources, saved_indices, strict=False):
            if source is not last or saved is not last_saved:  # most rows read what the row before reads
                last, last_saved = source, saved
                key = source if isinstance(source, IndexedSource) else (source_identity(source), saved)
                number = number_of.setdefault(key, len(opened))
                if number == len(opened):
                    opened.append(_open(source, saved, name_of, len(items), cache))
            items.append(number)
        self._opened = opened
        self._items = items

    @property
    def is_remote(self) -> bool:
        """Whether a source is in a store."""
        return any(isinstance(getattr(opened, "source", opened), RemoteObject) for opened in self._opened)

    def __len__(self) -> int:
        """Return the number of different sources."""
        return len(self._opened)

    def submit(
        self, timeout: float | None, max_pixels: int, stream: int = _core.FIRST_VIDEO_STREAM
    ) -> IndexJob:
        """Let the engine build the indices that are missing, in at most `timeout` seconds."""
        missing = [opened for opened in self._opened if isinstance(opened, _core.Source)]
        ticket = _core.submit_index(missing, max_pixels, timeout, stream=stream) if missing else None
        remote = {
            number: RemoteIndexing(opened, timeout, max_pixels, stream, read_packets=False)
            for number, opened in enumerate(self._opened)
            if isinstance(opened, RemoteObject)
        }
        return IndexJob(ticket, remote, self._opened, self._items)


@dataclass(slots=True, eq=False)
class IndexJob:
    """Indices that are being built; without a ticket and remote videos all of them are known already."""

    _ticket: _core.IndexTicket | None
    _remote: dict[int, RemoteIndexing]
    _opened: list[IndexedSource | FailedSource | OpenedSource]
    _items: list[int]

    def wait(self, seconds: float | None = None) -> bool:
        """Wait at most `seconds`; return whether the job is done."""
        end = math.inf if seconds is None else time.monotonic() + seconds
        try:
            if self._ticket is not None and not self._ticket.wait(seconds):
                return False
            for remote in self._remote.values():
                if not remote.wait(None if end == math.inf else max(0.0, end - time.monotonic())):
                    return False
        except BaseException:
            self.cancel()
            raise
        return True

    def cancel(self) -> None:
        """Stop the work that has not begun."""
        if self._ticket is not None:
            self._ticket.cancel()
        for remote in self._remote.values():
            remote.cancel()

    def collect(self) -> list[IndexedSource | FailedSource]:
        """Return the result of each source in the order in which the sources were added."""
        results = iter(() if self._ticket is None else self._ticket.result())
        found: list[Any] = []
        for number, opened in enumerate(self._opened):
            if isinstance(opened, _core.Source):
                found.append(_with_result(opened, next(results)))
            elif isinstance(opened, RemoteObject):
                found.append(_with_result(opened, self._remote[number].result()))
            else:
                found.append(opened)
        return [found[number] for number in self._items]


def _open(
    source: VideoSource | IndexedSource,
    saved_index: bytes | None,
    name_of: Callable[[int], str],
    item: int,
    cache: BlockCache | None,
) -> IndexedSource | FailedSource | OpenedSource:
    if isinstance(source, IndexedSource):
        return source
    try:
        opened = open_source(source, name_of(item))
    except Error as error:  # a file object that cannot be read
        if error.__cause__ is not None:
            error.__cause__.with_traceback(None)  # it would keep what called this alive
        return FailedSource(_core.Source(os.fsencode(error.path or "")), error.with_traceback(None))
    if isinstance(opened, RemoteObject):
        opened.cache = cache
    if saved_index is not None:
        with suppress(CorruptError):  # a damaged saved index is built anew
            return IndexedSource(opened, _core.FrameIndex.unpack(saved_index))
    return opened


def _with_result(source: OpenedSource, result: _core.FrameIndex | Exception) -> IndexedSource | FailedSource:
    return FailedSource(source, result) if isinstance(result, Exception) else IndexedSource(source, result)
