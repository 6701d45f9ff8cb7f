"""A remote video as one call sees it: its identity, and the bytes of it that were fetched."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from kinetics_fast import _core
from kinetics_fast.errors import OpenError, StaleIndexError, UnsupportedError
from kinetics_fast.remote.cache import BlockCache
from kinetics_fast.remote.cached_blocks import CachedBlocks
from kinetics_fast.remote.fetcher import fetcher
from kinetics_fast.remote.ranges import Range, missing
from kinetics_fast.remote.stores import Answer, StoreError

if TYPE_CHECKING:
    from concurrent.futures import Future

    from typing_extensions import Buffer

    from kinetics_fast.remote.source import Remote

WHOLE_BYTES = 8 << 20  # an object up to this size is fetched whole where its index is not known
MOST_BYTES = 4 << 30  # that are fetched of one video for one call
MOST_RANGES = 32  # requests that one round of fetching may make for an object


class RemoteObject:
    """A remote video, the size and ETag that its store told, and pieces of it. A pickle has no pieces.

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
    cache : BlockCache or None
        Where blocks of the video are kept. A pickle has no cache.
    """

    def __init__(self, remote: Remote, size: int | None = None, etag: str | None = None) -> None:
        self.remote = remote
        self.name = remote.name
        self.size = remote.size if size is None else size
        self.etag = etag
        self.cache: BlockCache | None = None
        self._pieces: list[tuple[int, Buffer]] = []
        self._ahead: Future[None] | None = None
        self._looked = False  # this call has asked for the identity, which the store does not tell

    def __reduce__(self) -> tuple[Any, ...]:
        return RemoteObject, (self.remote, self.size, self.etag)

    def copy(self) -> RemoteObject:
        """Return an object of its own that shares what was fetched by now."""
        copied = RemoteObject(self.remote, self.size, self.etag)
        copied.cache = self.cache
        copied._pieces, copied._looked = list(self._pieces), self._looked
        return copied

    def without_bytes(self) -> RemoteObject:
        """Return an object that knows the identity alone."""
        return RemoteObject(self.remote, self.size, self.etag)

    def source(self) -> _core.Source:
        """Return what the core reads: the pieces that were fetched by now."""
        return _core.Source.from_pieces(self.name.encode("utf-8", "replace"), self.size or 0, self._pieces)

    async def fetch_beginning(self, size: int) -> None:
        """Fetch the first bytes; afterwards the size is known."""
        if not self.remote.open_store().tells_identity:
            await self.learn_identity()
        elif self.size is None:
            try:
                return await self._fetch(0, size)
            except OpenError:
                known = await self._look()
                if known[0] != self.remote.offset:  # a range of an empty object is refused
                    raise
                self._note_identity(*known)
        return await self.fetch([(0, min(size, self.size or 0))])

    def fetch_ahead(self, ranges: list[Range]) -> None:
        """Begin to fetch ranges that a decoding will want."""
        self._ahead = fetcher().begin(self.fetch(ranges))

    def cancel_ahead(self) -> None:
        """Stop what `fetch_ahead` began."""
        if self._ahead is not None:
            self._ahead.cancel()

    async def arrived(self) -> RemoteObject:
        """Wait for what `fetch_ahead` began, and return a copy that has it. Raises what `fetch` raises."""
        import asyncio  # which takes a tenth of the time of importing the package

        if self._ahead is not None:
            await asyncio.wrap_future(self._ahead)
        return self.copy()

    def _cached(self) -> CachedBlocks | None:
        """Return the blocks that the cache keeps of the video; None where its size is not known yet."""
        if self.cache is None or self.size is None:
            return None
        return CachedBlocks(self.cache, f"{self.remote.open_store().place} {self.name}", self.size)

    async def fetch(self, ranges: list[Range]) -> None:
        """Fetch what is missing of some ranges, all at once.

        Raises
        ------
        OpenError
            The store did not give the bytes.
        StaleIndexError
            The object is not the one that was read before.
        """
        import asyncio

        held = ((offset, memoryview(data).nbytes) for offset, data in self._pieces)
        absent = missing(ranges, held, MOST_RANGES)
        total = sum(size for _, size in absent)
        if total > MOST_BYTES:
            what = (
                f"{total} bytes of the object are needed at once, more than the {MOST_BYTES} that are fetched"
            )
            raise UnsupportedError(what, self.name, stage="read")
        cached = self._cached() if absent else None
        if cached is not None:
            pieces, absent = await cached.take(absent)
            self._pieces += pieces
        work = [self._fetch(offset, size) for offset, size in absent]
        if work and not (self._looked or self.etag is None or self.remote.open_store().tells_identity):
            work.append(self._check_identity())
        await asyncio.gather(*work)
        if cached is not None and absent:
            await cached.keep(absent, dict(self._pieces))

    async def read(self, offset: int, size: int) -> bytes:
        """Return some bytes, which are not kept unless they were fetched before."""
        copied = self.copy()
        await copied.fetch([(offset, size)])
        self.etag = copied.etag
        content = bytearray(size)
        for begin, data in copied._pieces:
            first, last = max(begin, offset), min(begin + memoryview(data).nbytes, offset + size)
            if first < last:
                content[first - offset : last - offset] = memoryview(data)[first - begin : last - begin]
        return bytes(content)

    def held(self) -> int:
        """Return the number of bytes that were fetched."""
        return sum(memoryview(data).nbytes for _, data in self._pieces)

    async def _fetch(self, offset: int, size: int) -> None:
        begin = self.remote.offset + offset
        end = begin + (size if self.size is None else min(size, self.size - offset))
        try:
            answer = await fetcher().read(self.remote.open_store(), self.remote.path, begin, end, self.etag)
        except StoreError as error:
            failure = error
        else:
            self._take(answer, offset, end - begin)
            return
        if failure.changed or await self._has_changed():
            raise self._changed(str(failure))
        raise self._failed(failure)

    def _take(self, answer: Answer, offset: int, wanted: int) -> None:
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
        if memoryview(answer.data).nbytes < wanted and self.remote.size is not None:
            raise OpenError("the range ends outside the object", self.name)
        self._pieces.append((offset, answer.data))

    async def _look(self) -> tuple[int, str | None]:
        """Return what the store says now: the size of the whole object and its ETag."""
        try:
            return await fetcher().look(self.remote.open_store(), self.remote.path)
        except StoreError as error:
            failure = error
        raise self._failed(failure)

    async def _check_identity(self) -> None:
        self._looked = True
        if await self._has_changed():
            raise self._changed("its size or its ETag is another one")

    async def learn_identity(self) -> None:
        """Ask the store for the size and the ETag."""
        self._note_identity(*await self._look())

    def _note_identity(self, size: int, etag: str | None) -> None:
        self._looked = True
        self.etag = self.etag or etag
        if self.remote.size is None:
            self.size = max(0, size - self.remote.offset)

    async def _has_changed(self) -> bool:
        """Return whether the object is not the one that was read before, as far as its store says."""
        try:
            size, etag = await self._look()
        except OpenError:
            return False
        other_etag = self.etag is not None and etag is not None and etag != self.etag
        whole = self.remote.size is None and self.size is not None
        return other_etag or (whole and size != self.remote.offset + (self.size or 0))

    def _changed(self, how: str) -> StaleIndexError:
        what = f"the object has changed since it was indexed: {how}; index it anew"
        return StaleIndexError(what, self.name)

    def _failed(self, failure: StoreError) -> OpenError:
        if failure.errno is not None:
            what = f"the object cannot be read: {failure}"
            return OpenError(what, self.name, detail=os.strerror(failure.errno))
        return OpenError("the object cannot be read", self.name, stage="read", detail=str(failure))
