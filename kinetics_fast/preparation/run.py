"""Prepares the clips of one part: hands them to workers, writes the journal, and stops cleanly."""

from __future__ import annotations

import errno
import os
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any

from kinetics_fast.errors import ResourceError
from kinetics_fast.preparation.encoder import Encoder
from kinetics_fast.preparation.result import PrepareProgress
from kinetics_fast.preparation.shards import ShardWriter, entries_on_disk
from kinetics_fast.preparation.worker import Outcome, Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kinetics_fast.preparation.clips import ClipJob, ClipList
    from kinetics_fast.preparation.journal import Journal
    from kinetics_fast.preparation.recipe import Recipe
    from kinetics_fast.preparation.workspace import Workspace

AHEAD = 4  # clips per worker that are handed out, or wait for their turn in a shard


def run(
    clips: ClipList,
    workspace: Workspace,
    recipe: Recipe,
    program: str,
    workers: int,
    shard_size: int | None,
    progress: Callable[[PrepareProgress], None] | None,
) -> PrepareProgress:
    """Prepare the clips of a part. The caller holds the lock of the workspace.

    Parameters
    ----------
    clips : ClipList
        All clips of the data set.
    workspace : Workspace
        The state folder, which knows the part.
    recipe : Recipe
        How to encode.
    program : str
        The ffmpeg program.
    workers : int
        Number of ffmpeg processes at once.
    shard_size : int or None
        Bytes per tar shard; None for one file per clip.
    progress : callable or None
        Called after every clip.

    Returns
    -------
    PrepareProgress
        The counts at the end.

    Raises
    ------
    OSError
        The target cannot be written; errno is ENOSPC if the disk is full. What is complete stays.
    ResourceError
        The machine has no memory, file descriptors or threads left.
    """
    part = workspace.part
    jobs = clips.jobs[part.number - 1 :: part.of]
    entries = workspace.entries()
    encoder = Encoder(program)
    counts = PrepareProgress(len(jobs))
    begin = time.monotonic()
    with workspace.scratch() as scratch, workspace.journal() as journal:
        known = entries_on_disk(workspace, entries)
        worker = Worker(workspace.target, scratch, recipe, encoder, known, shard_size is not None)
        shards = None if shard_size is None else ShardWriter(workspace, shard_size, known.values())
        try:
            for outcome in _outcomes(worker, jobs, workers, encoder, in_order=shards is not None):
                _record(outcome, clips, journal, shards)
                _count(outcome, counts)
                counts.seconds = time.monotonic() - begin
                if progress is not None:
                    progress(counts)
            if shards is not None:
                shards.finish()
        finally:
            if shards is not None:
                shards.close()
    return counts


def _outcomes(
    worker: Worker, jobs: Sequence[ClipJob], workers: int, encoder: Encoder, *, in_order: bool
) -> Iterator[Outcome]:
    """Yield the outcome of every job. However the caller ends, no ffmpeg is left running."""
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
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                outcome = future.result()
                finished[outcome.job.number] = outcome
            ready = _ready(order[yielded:submitted], finished) if in_order else list(finished)
            for number in ready:
                yielded += 1
                yield finished.pop(number)
    finally:
        encoder.stop()
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


def _record(outcome: Outcome, clips: ClipList, journal: Journal, shards: ShardWriter | None) -> None:
    if not outcome.is_new:
        return
    if shards is None or outcome.file is None:
        journal.append(outcome.entry)
        return
    facts = _facts_of_row(clips, outcome.job.row)
    classes = clips.classes
    label = None if facts["label"] is None else classes.index(facts["label"])
    journal.append(shards.append(outcome.entry, outcome.file, facts, label))
    shards.finish_if_full()


def _facts_of_row(clips: ClipList, row: int) -> dict[str, Any]:
    names = ("id", "label", "split", "time_start", "time_end")
    return {name: clips.rows.column(name)[row].as_py() for name in names}


def _count(outcome: Outcome, counts: PrepareProgress) -> None:
    counts.done += 1
    if outcome.entry.error is not None:
        counts.failed += 1
        return
    counts.prepared += outcome.is_new
    counts.bytes_in += outcome.entry.source_size
    counts.bytes_out += outcome.entry.size
