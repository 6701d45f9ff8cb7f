"""Fetches ranges of objects, many at once, on one thread of its own.

The thread runs an event loop. It holds the GIL only between requests: the bytes travel in the store's
library. Every request has a time limit and is tried again with growing pauses where that may help. The
requests and the bytes in flight are bounded for each store, so that a store that does not answer holds up no
other store.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Coroutine, Hashable
from typing import TYPE_CHECKING, Any, TypeVar

from kinetics_fast.remote.stores import Answer, Store, StoreError

if TYPE_CHECKING:
    from concurrent.futures import Future

# asyncio takes a tenth of the time of importing the package, so that functions import it.
Result = TypeVar("Result")

ATTEMPTS = 5
SECONDS_PER_ATTEMPT, SLOWEST = (
    20.0,
    1 << 20,
)  # an attempt may take so long, plus its bytes at so many a second
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0  # seconds; each pause is twice the one before
REQUESTS_IN_FLIGHT = 256  # per store
BYTES_IN_FLIGHT = 512 << 20  # per store


class Lane:
    """What is in flight to one store. Requests wait in the order of their coming. For the loop's thread."""

    def __init__(self) -> None:
        import asyncio

        self._requests = 0
        self._bytes = 0
        self._changed = asyncio.Condition()

    async def enter(self, size: int) -> None:
        """Wait until a request of this size may be sent. One that is too large for the bound goes alone."""
        async with self._changed:
            await self._changed.wait_for(
                lambda: (
                    self._requests < REQUESTS_IN_FLIGHT
                    and (not self._bytes or self._bytes + size <= BYTES_IN_FLIGHT)
                )
            )
            self._requests += 1
            self._bytes += size

    async def leave(self, size: int) -> None:
        """Note that a request is over."""
        async with self._changed:
            self._requests -= 1
            self._bytes -= size
            self._changed.notify_all()


class Fetcher:
    """The event loop of this process, and what is in flight to each store."""

    def __init__(self) -> None:
        import asyncio

        self.process = os.getpid()
        self._loop = asyncio.new_event_loop()
        self._lanes: dict[Hashable, Lane] = {}
        threading.Thread(target=self._loop.run_forever, name="kinetics_fast fetching", daemon=True).start()

    def begin(self, work: Coroutine[Any, Any, Result]) -> Future[Result]:
        """Let the loop do some work; the future can be waited for and cancelled by any thread."""
        import asyncio

        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def read(self, store: Store, path: str, begin: int, end: int, etag: str | None) -> Answer:
        """Read a range of an object, in several attempts where necessary. In the loop.

        The answer has fewer bytes only where its `size` says that the object ends there.

        Raises
        ------
        StoreError
            No attempt succeeded.
        """
        import asyncio

        lane = self._lanes.setdefault(store.key, Lane())
        pause = FIRST_PAUSE
        for left in reversed(range(ATTEMPTS)):
            try:
                return await self._attempt(lane, store, path, begin, end, etag)
            except StoreError as error:
                if not (error.again and left):
                    raise
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        raise AssertionError("the last attempt returns or raises")

    async def _attempt(
        self, lane: Lane, store: Store, path: str, begin: int, end: int, etag: str | None
    ) -> Answer:
        await lane.enter(end - begin)
        try:
            answer = await _limited(store.read(path, begin, end, etag), end - begin)
        finally:
            await lane.leave(end - begin)
        got = memoryview(answer.data).nbytes
        wanted = (end if answer.size is None else min(end, answer.size)) - begin
        if got != wanted:
            raise StoreError(f"the store answered with {got} bytes instead of {wanted}", again=True)
        return answer

    async def look(self, store: Store, path: str) -> tuple[int, str | None]:
        """Return the size and the ETag of an object, in one attempt."""
        return await _limited(store.look(path), 0)


async def _limited(work: Coroutine[Any, Any, Result], size: int) -> Result:
    """Wait for an attempt, as long as an answer of this size may take."""
    import asyncio

    limit = SECONDS_PER_ATTEMPT + size / SLOWEST
    try:
        return await asyncio.wait_for(work, limit)
    except (asyncio.TimeoutError, TimeoutError):
        raise StoreError(f"no complete answer within {limit:.0f} s", again=True) from None


_current: Fetcher | None = None
_lock = threading.Lock()


def fetcher() -> Fetcher:
    """Return the fetcher of this process. A forked child begins its own."""
    global _current
    with _lock:
        if _current is None or _current.process != os.getpid():
            _current = Fetcher()
        return _current


def _unlock() -> None:
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unlock)
