"""Calls a function for many items on several threads, and ends even where no memory is left for a thread."""

from __future__ import annotations

import _thread
from collections import deque
from contextlib import suppress
from threading import Semaphore
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")

SECONDS_OF_SILENCE = 1.0


def results_of(function: Callable[[Item], Result], items: Sequence[Item], threads: int) -> list[Result]:
    """Call a function for each item. The calling thread takes part.

    `threading.Thread.start`, and with it every executor, waits for ever if the new thread dies of a
    MemoryError before the thread has said that it began. Here no thread says that, and the calling thread
    makes the calls that a dead thread has left behind.

    Parameters
    ----------
    function : callable
        Called for an item a second time where the first call takes long.
    items : sequence
        The items.
    threads : int
        The number of threads at most, with the calling one.

    Returns
    -------
    list
        The results, in the order of `items`. The error of the first call that failed is raised instead.
    """
    answers: list[tuple[Result] | BaseException | None] = [None] * len(items)
    numbers = iter(range(len(items)))
    ended = Semaphore(0)

    def call(number: int) -> None:
        try:
            answers[number] = (function(items[number]),)
        except BaseException as error:  # raised on the calling thread
            answers[number] = error

    def work() -> None:
        for number in numbers:
            call(number)
        ended.release()

    with suppress(RuntimeError, MemoryError):  # where the system starts no more threads
        for _ in range(min(threads, len(items)) - 1):
            _thread.start_new_thread(work, ())
    try:
        for number in numbers:
            answers[number] = (function(items[number]),)
        while None in answers:
            if not ended.acquire(timeout=SECONDS_OF_SILENCE):
                call(answers.index(None))
    finally:
        deque(numbers, maxlen=0)  # after an error, the other threads find nothing to do
    results = []
    for answer in answers:
        if not isinstance(answer, tuple):
            assert answer is not None
            raise answer
        results.append(answer[0])
    return results
