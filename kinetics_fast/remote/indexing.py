"""Builds the index of a remote video: fetches its beginning, and then what the indexer says is missing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from kinetics_fast import _core
from kinetics_fast.errors import DecodeTimeout, Error, ResourceError
from kinetics_fast.remote.fetcher import fetcher
from kinetics_fast.remote.ranges import Range
from kinetics_fast.remote.remote_object import WHOLE_BYTES, RemoteObject

if TYPE_CHECKING:
    from concurrent.futures import Future

FIRST_BYTES: Final = 1 << 20  # of a larger object; hold the header of most files
MORE_BYTES: Final = 512 << 10  # of what is missing next; twice as many in each round
MOST_ROUNDS: Final = 24  # of reading what is missing, before the object is fetched whole
_POLL: Final = 0.0005, 0.02  # seconds between two looks at the engine's ticket: at first, and at most


class RemoteIndexing:
    """An index that is being built. The result of `build_index`, bounded by a time limit."""

    def __init__(
        self, remote: RemoteObject, timeout: float | None, max_pixels: int, stream: int, *, read_packets: bool
    ) -> None:
        self._remote = remote
        self._deadline = None if timeout is None else time.monotonic() + timeout
        self._late = False
        work = build_index(remote, max_pixels, stream, read_packets=read_packets)
        self._future: Future[_core.FrameIndex | Exception] = fetcher().begin(work)

    def wait(self, seconds: float | None) -> bool:
        """Wait at most `seconds`; return whether the result is known."""
        from concurrent.futures import wait

        if self._late or self._future.done():
            return True
        left = None if self._deadline is None else max(0.0, self._deadline - time.monotonic())
        limit = left if seconds is None else seconds if left is None else min(seconds, left)
        if wait([self._future], limit).done:
            return True
        if self._deadline is not None and time.monotonic() >= self._deadline:
            self._late = True
            self._future.cancel()
        return self._late

    def cancel(self) -> None:
        """Stop the work."""
        self._future.cancel()

    def result(self) -> _core.FrameIndex | Exception:
        """Return the index, or why there is none. Raises a ResourceError."""
        if self._late:
            what = "the time limit ran out while the object was fetched and indexed"
            return DecodeTimeout(what, self._remote.name, stage="index")
        if self._future.cancelled():
            return Error("reading the object was cancelled", self._remote.name, stage="index")
        return self._future.result()


async def build_index(
    remote: RemoteObject, max_pixels: int, stream: int, *, read_packets: bool
) -> _core.FrameIndex | Exception:
    """Fetch what the indexer needs and return the index, or the error that a file on disk would have."""
    try:
        await remote.fetch_beginning(FIRST_BYTES)
        assert remote.size is not None
        if remote.size <= WHOLE_BYTES or read_packets:
            await remote.fetch([(0, remote.size)])
        for round_ in range(MOST_ROUNDS + 1):
            source = remote.source()
            ticket = _core.submit_index([source], max_pixels, None, read_packets, stream)
            await _over(ticket)
            missing = source.missing()
            if not missing:
                return ticket.result()[0]
            await remote.fetch(_enlarged(missing, round_, remote))
    except ResourceError:
        raise
    except Error as error:
        return error.with_traceback(None)
    raise AssertionError("the whole object was fetched in the last round")


def _enlarged(missing: list[Range], round_: int, remote: RemoteObject) -> list[Range]:
    """Return what to fetch: a lone read is followed by others, and in the end everything is read."""
    size = remote.size or 0
    if round_ + 1 >= MOST_ROUNDS or 2 * remote.held() > size:
        return [(0, size)]
    if len(missing) == 1:
        offset, wanted = missing[0]
        missing = [(offset, max(wanted, MORE_BYTES << round_))]
    return [(offset, min(wanted, size - offset)) for offset, wanted in missing]


async def _over(ticket: _core.IndexTicket) -> None:
    """Wait for a ticket of the engine, whose threads call nothing in Python."""
    import asyncio  # which takes a tenth of the time of importing the package

    pause, longest = _POLL
    try:
        while not ticket.wait(0):
            await asyncio.sleep(pause)
            pause = min(1.5 * pause, longest)
    except asyncio.CancelledError:
        ticket.cancel()
        raise
