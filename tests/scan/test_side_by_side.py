"""Calls on several threads give every result, whatever happens to the threads."""

from __future__ import annotations

import _thread
import threading
import time
from typing import TYPE_CHECKING

import pytest

from kinetics_fast.scan import side_by_side
from kinetics_fast.scan.side_by_side import results_of

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("count", [0, 1, 3, 100])
def test_results_have_the_order_of_the_items(count: int) -> None:
    assert results_of(str, range(count), threads=4) == [str(item) for item in range(count)]


def test_the_calls_overlap() -> None:
    together = threading.Barrier(4, timeout=30)
    assert results_of(lambda _: together.wait() >= 0, range(4), threads=4) == [True] * 4


def test_the_error_of_a_call_is_raised() -> None:
    def call(item: int) -> int:
        time.sleep(0.001)
        if item == 7:
            raise OSError("the seventh")
        return item

    with pytest.raises(OSError, match="the seventh"):
        results_of(call, range(20), threads=4)


@pytest.mark.parametrize("error", [RuntimeError("can't start new thread"), MemoryError()])
def test_the_calling_thread_does_without_the_others(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise error

    monkeypatch.setattr(_thread, "start_new_thread", refuse)
    assert results_of(str, range(5), threads=4) == list("01234")


def test_what_a_dead_thread_left_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first call on another thread never ends, as that of a thread that died in the middle."""
    monkeypatch.setattr(side_by_side, "SECONDS_OF_SILENCE", 0.05)
    calling = threading.get_ident()
    begun = threading.Event()
    over = threading.Event()

    def call(item: int) -> int:
        if threading.get_ident() != calling:
            begun.set()
            over.wait()
        elif item < 9:
            begun.wait()
        return item

    assert results_of(call, range(10), threads=2) == list(range(10))
    over.set()


def test_threads_that_never_run_are_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Callable[[], None]] = []
    monkeypatch.setattr(_thread, "start_new_thread", lambda work, _: started.append(work))
    assert results_of(str, range(5), threads=4) == list("01234")
    assert len(started) == 3
