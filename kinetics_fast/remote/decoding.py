"""Decodes frames of one remote video: fetches what the plan names, and what the decoder misses after that."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from kinetics_fast import _core
from kinetics_fast.errors import DecodeTimeout, Error, ResourceError
from kinetics_fast.remote.fetcher import fetcher
from kinetics_fast.remote.ranges import Range
from kinetics_fast.remote.remote_object import RemoteObject

if TYPE_CHECKING:
    from concurrent.futures import Future

MOST_ROUNDS: Final = 4  # of fetching what decoding missed, before the object is fetched whole

Submit = Callable[[_core.Source, "float | None"], _core.DecodeTicket]


def planned_ranges(remote: RemoteObject, index: _core.FrameIndex, frames: Iterable[int]) -> list[Range]:
    """Return the ranges that some frames need. The video is believed to have the size of its index."""
    if remote.size is None:
        remote.size = index.source_size
    return _core.ranges_to_fetch(index, list(dict.fromkeys(frames)))


class RemoteDecoding:
    """Rows of one remote video that are being fetched, then decoded.

    The fetcher's thread submits the decoding as soon as the bytes have arrived, whatever the caller does.
    Damage is searched for in more packets than those that are wanted, so that decoding may miss bytes. The
    caller finds that when it waits, and everything is decoded again with those bytes: the result is then that
    of a file on disk.

    Parameters
    ----------
    remote : RemoteObject
        The video.
    index : FrameIndex
        Its index.
    frames : iterable of int
        All frames that are wanted.
    submit : callable
        ``submit(source, timeout)`` lets the engine decode the rows.
    timeout : float, optional
        Seconds that fetching and decoding may take.
    """

    def __init__(
        self,
        remote: RemoteObject,
        index: _core.FrameIndex,
        frames: Iterable[int],
        submit: Submit,
        timeout: float | None,
    ) -> None:
        self._remote = remote
        self._index = index
        self._submit = submit
        self._deadline = math.inf
        self._lock = threading.Lock()
        self._cancelled = False
        self._rounds = 0
        self._source: _core.Source | None = None
        self._ticket: _core.DecodeTicket | None = None
        self._error: Exception | None = None
        if timeout is not None:
            self.set_timeout(timeout)
        self._future = self._begin(planned_ranges(remote, index, frames))

    def set_timeout(self, seconds: float) -> None:
        """Let fetching and decoding end in so many seconds from now."""
        with self._lock:
            self._deadline = time.monotonic() + seconds
            if self._ticket is not None:
                self._ticket.set_timeout(seconds)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait at most `seconds`; return whether the rows are decoded, have failed or are late."""
        end = math.inf if seconds is None else time.monotonic() + seconds
        while self._error is None:
            if not self._is_fetched(end):
                return False
            if self._ticket is None:
                continue
            left = end - time.monotonic()
            if not self._ticket.wait(None if left == math.inf else max(0.0, left)):
                return False
            if not self._fetch_what_was_missed():
                return True
        return True

    def cancel(self) -> None:
        """Stop the work; afterwards nothing writes to the output."""
        with self._lock:
            self._cancelled = True
            self._future.cancel()
            if self._ticket is not None:
                self._ticket.cancel()

    def seconds_since_done(self) -> float:
        """Return how long ago the decoding ended; 0 if it has not."""
        return 0.0 if self._ticket is None or self._error is not None else self._ticket.seconds_since_done()

    @property
    def ticket(self) -> _core.DecodeTicket | None:
        """The decoding that is over; None if there was none, see `error`."""
        return self._ticket if self._error is None else None

    @property
    def error(self) -> Exception:
        """Why nothing was decoded."""
        assert self._error is not None
        return self._error

    def _begin(self, ranges: list[Range]) -> Future[None]:
        return fetcher().begin(self._fetch_and_submit(ranges))

    async def _fetch_and_submit(self, ranges: list[Range]) -> None:
        self._remote = await self._remote.arrived()
        await self._remote.fetch(ranges)
        source = self._remote.source()
        with self._lock:
            if self._cancelled:
                return
            left = None if self._deadline == math.inf else max(0.0, self._deadline - time.monotonic())
            self._source, self._ticket = source, self._submit(source, left)

    def _is_fetched(self, end: float) -> bool:
        """Return whether fetching is over, successful or not, before `end` or the time limit."""
        if not self._future.done():
            from concurrent.futures import wait

            until = min(end, self._deadline)
            wait([self._future], None if until == math.inf else max(0.0, until - time.monotonic()))
        if self._future.done():
            self._note_failure()
            return True
        if time.monotonic() < self._deadline:
            return False
        self._give_up()
        return True

    def _give_up(self) -> None:
        was_cancelled = self._cancelled
        self.cancel()
        if was_cancelled:
            self._error = Error("decoding was cancelled", self._remote.name, stage="read")
        else:
            what = "the time limit ran out while the bytes were fetched"
            self._error = DecodeTimeout(what, self._remote.name, stage="read")

    def _note_failure(self) -> None:
        if self._future.cancelled():
            self._error = Error("decoding was cancelled", self._remote.name, stage="read")
            return
        error = self._future.exception()
        if error is None:
            return
        if isinstance(error, ResourceError) or not isinstance(error, Error):
            raise error
        self._error = error.with_traceback(None)

    def _fetch_what_was_missed(self) -> bool:
        """Begin another round if the decoding missed bytes; return whether it did."""
        assert self._source is not None
        missing = self._source.missing()
        if not missing:
            return False
        if self._cancelled or time.monotonic() >= self._deadline:  # what was decoded may be wrong
            self._give_up()
            return False
        self._rounds += 1
        whole = [(0, self._remote.size or 0)]
        with self._lock:
            self._ticket = None
        self._future = self._begin(missing if self._rounds < MOST_ROUNDS else whole)
        return True
