"""Prepares clips on the CPUs of this machine: one thread and one ffmpeg process per worker."""

from __future__ import annotations

import errno
import os
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Final

from kinetics_fast.errors import ResourceError
from kinetics_fast.preparation.worker import Outcome, Worker

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from kinetics_fast.preparation.clips import ClipJob

AHEAD: Final = 4  # clips per worker that are handed out, or wait for their turn in a shard
SECONDS: Final = (
    0.5  # until the waiting thread runs again: Ray interrupts a task between two instructions only
)


def outcomes_here(
    worker: Worker, jobs: Sequence[ClipJob], workers: int, *, in_order: bool
) -> Generator[Outcome, None, None]:
    """Yield the outcome of every job. However the caller ends, no ffmpeg is left running.

    Parameters
    ----------
    worker : Worker
        Prepares the clips.
    jobs : sequence of ClipJob
        The clips.
    workers : int
        Number of ffmpeg processes at once.
    in_order : bool
        Yield the outcomes in the order of the clips, not as they are ready.

    Yields
    ------
    Outcome
    """
    waiting: set[Future[Outcome]] = set()
    finished: dict[int, Outcome] = {}
    order = [job.number for job in jobs]
    submitted = yielded = 0
    pool = ThreadPoolExecutor(workers)
    try:
        while yielded < len(jobs):
            while submitted < len(jobs) and submitted - yielded < AHEAD * workers:
                waiting.add(_submit(pool, worker, jobs[submitted]))
                submitted += 1
            done, waiting = wait(waiting, timeout=SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                outcome = future.result()
                finished[outcome.job.number] = outcome
            ready = _ready(order[yielded:submitted], finished) if in_order else list(finished)
            for number in ready:
                yielded += 1
                yield finished.pop(number)
    finally:
        worker.encoder.stop()
        pool.shutdown(wait=True, cancel_futures=True)


def _submit(pool: ThreadPoolExecutor, worker: Worker, job: ClipJob) -> Future[Outcome]:
    try:
        return pool.submit(worker.prepare, job)
    except RuntimeError as error:
        what, why = "the system starts no more threads", os.strerror(errno.EAGAIN)
        raise ResourceError(what, str(worker.target), detail=why) from error


def _ready(order: Sequence[int], finished: dict[int, Outcome]) -> list[int]:
    """Return the numbers at the beginning of the order that are finished."""
    ready = []
    for number in order:
        if number not in finished:
            break
        ready.append(number)
    return ready
