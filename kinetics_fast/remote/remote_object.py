"""A remote video as one call sees it: its identity, and the bytes of it that were fetched."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

from kinetics_fast import _core
from kinetics_fast.errors import OpenError, StaleIndexError
from kinetics_fast.remote.fetcher import Fetcher, fetcher
from kinetics_fast.remote.stores import Answer, StoreError

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from kinetics_fast.remote.source import Remote

Range = tuple[int, int]  # offset and size in bytes

WHOLE_BYTES = 8 << 20  # an object up to this size is fetched whole where its index is not known
MOST_RANGES = 32  # requests that one round of fetching may make for an object


class RemoteObject:
    """A remote video, the size and ETag that its store told, and pieces of it. It can be pickled without the pieces.

    Parameters
    ----------
    remote : Remote
        The video.
    size : int, optional
        Size of the video in bytes, if it is known.
    etag : str, optional
        ETag of the object, if it is known.

    Attributes
    ----------
    name : str
        The name in messages.
    """

    def __init__(self, remote: Remote, size: int | None = None, etag: str | None = None) -> None:
        self.remote = remote
        self.name = remote.name
        self.size = remote.size if size is None else size
        self.etag = etag
        self._pieces: list[tuple[int, Buffer]] = []

    def __reduce__(self) -> tuple[Any, ...]:
        return RemoteObject, (self.remote, self.size, self.etag)

    def copy(self) -> RemoteObject:
        """Return an object of its own that shares what was fetched by now."""
        copied = RemoteObject(self.remote, self.size, self.etag)
        copied._pieces = list(self._pieces)
        return copied

    def without_bytes(self) -> RemoteObject:
        """Return an object that knows the identity alone."""
        return RemoteObject(self.remote, self.size, self.etag)

    def source(self) -> _core.Source:
        """Return what the core reads: the pieces that were fetched by now."""
        return _core.Source.from_pieces(self.name.encode("utf-8", "replace"), self.size or 0, self._pieces)

    async def fetch_beginning(self, size: int) -> None:
        """Fetch the first bytes; afterwards the size is known."""
        begin = self.remote.offset
        try:
            await self._fetch(0, size)
        except OpenError:
            # A range of an empty object is refused.
            if await self._look() != begin:
                raise
            self.size = 0

    async def fetch(self, ranges: list[Range]) -> None:
        """Fetch what is missing of some ranges, all at once.

        Raises
        ------
        OpenError
            The store did not give the bytes.
        StaleIndexError
            The object is not the one that was read before.
        """
        missing = self._missing(ranges)
        await asyncio.gather(*(self._fetch(offset, size) for offset, size in missing))

    def held(self) -> int:
        """Return the number of bytes that were fetched."""
        return sum(memoryview(data).nbytes for _, data in self._pieces)

    def _missing(self, ranges: list[Range]) -> list[Range]:
        """Return the parts of the ranges that no piece holds, in as few ranges as is sensible."""
        wanted = _joined([(offset, offset + size) for offset, size in ranges], 0)
        held = _joined([(offset, offset + memoryview(data).nbytes) for offset, data in self._pieces], 0)
        missing = []
        for begin, end in wanted:
            for held_begin, held_end in held:
                if held_end <= begin or held_begin >= end:
                    continue
                if held_begin > begin:
                    missing.append((begin, held_begin))
                begin = held_end
            if begin < end:
                missing.append((begin, end))
        gap = 0
        while len(missing) > MOST_RANGES:
            gap = max(2 * gap, 1 << 16)
            missing = _joined(missing, gap)
        return [(begin, end - begin) for begin, end in missing]

    async def _fetch(self, offset: int, size: int) -> None:
        begin = self.remote.offset + offset
        end = begin + (size if self.size is None else min(size, self.size - offset))
        loop_of: Fetcher = fetcher()
        try:
            answer = await loop_of.read(self.remote.open_store(), self.remote.path, begin, end, self.etag)
        except StoreError as error:
            failure = error
        else:
            self._take(answer, offset, end - begin)
            return
        changed = failure.changed or await self._has_changed()
        if changed:
            raise self._changed(str(failure))
        raise self._failed(failure)

    def _take(self, answer: Answer, offset: int, wanted: int) -> None:
        got = memoryview(answer.data).nbytes
        if answer.etag is not None and self.etag is not None and answer.etag != self.etag:
            raise self._changed(f"its ETag is {answer.etag} and was {self.etag}")
        self.etag = self.etag or answer.etag
        if self.remote.size is None and answer.size is not None:
            size = answer.size - self.remote.offset
            if size < 0:
                raise OpenError("the range begins outside the object", self.name)
            if self.size is not None and size != self.size:
                raise self._changed(f"it has {size} bytes and had {self.size}")
            self.size = size
        if got < wanted and self.size is not None and offset + got < self.size:
            if self.remote.size is not None and answer.size is not None:
                raise OpenError("the range ends outside the object", self.name)
            raise OpenError(f"the store answered with {got} bytes instead of {wanted}", self.name, stage="read")
        if self.size is None:  # the store does not tell sizes, and the object ended early
            self.size = offset + got if got < wanted else None
        self._pieces.append((offset, answer.data))

    async def _look(self) -> int | None:
        try:
            size, etag = await fetcher().look(self.remote.open_store(), self.remote.path)
        except StoreError:
            return None
        self.etag = self.etag or etag
        return size

    async def learn_identity(self) -> None:
        """Ask for the size and the ETag, of a store that does not tell them with the bytes."""
        try:
            size, etag = await fetcher().look(self.remote.open_store(), self.remote.path)
        except StoreError as error:
            failure = error
        else:
            self.etag = self.etag or etag
            if self.remote.size is None:
                self.size = max(0, size - self.remote.offset)
            return
        raise self._failed(failure)

    async def _has_changed(self) -> bool:
        """Return whether the object is not the one that was read before, as far as its store says."""
        if self.etag is None and (self.size is None or self.remote.size is not None):
            return False
        try:
            size, etag = await fetcher().look(self.remote.open_store(), self.remote.path)
        except StoreError:
            return False
        other_etag = self.etag is not None and etag is not None and etag != self.etag
        other_size = self.remote.size is None and self.size is not None and size != self.remote.offset + self.size
        return other_etag or other_size

    def _changed(self, how: str) -> StaleIndexError:
        what = f"the object has changed since it was indexed: {how}; index it anew"
        return StaleIndexError(what, self.name)

    def _failed(self, failure: StoreError) -> OpenError:
        if failure.errno is not None:
            what = f"the object cannot be read: {failure}"
            return OpenError(what, self.name, detail=os.strerror(failure.errno))
        return OpenError("the object cannot be read", self.name, stage="read", detail=str(failure))


def _joined(ranges: list[Range], gap: int) -> list[Range]:
    """Return the (begin, end) ranges in their order, those joined that lie at most `gap` bytes apart."""
    joined: list[Range] = []
    for begin, end in sorted(ranges):
        if joined and begin <= joined[-1][1] + gap:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((begin, end))
    return joined
