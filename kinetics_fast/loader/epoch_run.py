"""An iterator over batches of an epoch. Several are in flight, and each request for one drives them all."""

from __future__ import annotations

import os
import time
import traceback
from collections import deque

from kinetics_fast import _core
from kinetics_fast._decode.validation import checked_threads
from kinetics_fast.loader.batch import ClipBatch
from kinetics_fast.loader.batch_job import BatchJob, EpochContext
from kinetics_fast.loader.buffers import OutputBuffers
from kinetics_fast.loader.failures import too_many
from kinetics_fast.loader.options import Options
from kinetics_fast.loader.plan import EpochPlan
from kinetics_fast.loader.prefetch import BYTES_AHEAD, Prefetch
from kinetics_fast.loader.rng import EpochDraws
from kinetics_fast.loader.stats import LoaderStats

# Seconds until the batches ahead are advanced again while the caller waits:
_LOOK_SOON = 0.002  # a batch ahead waits for its indices
_LOOK_LATER = 0.2  # all batches ahead are being decoded, but some videos may have to be replaced


class EpochRun:
    """An iterator over some batches of an epoch, in order.

    With a prefetch of P batches, a request for the n-th batch begins to index the (n + 2P)-th, samples and
    submits the (n + P)-th as soon as its indices are known, and hands out the n-th. Of remote videos, the
    bytes of further batches are fetched, so that as many clips are in flight as hide the latency.

    Parameters
    ----------
    options : Options
        The arguments of the loader.
    epoch : int
        Number of the epoch.
    numbers : range
        Numbers of the batches.
    failed : int
        Number of videos of the epoch that failed before.

    Attributes
    ----------
    stats : LoaderStats
        Statistics of the batches that were handed out.
    handed_out : int
        Number of the batches that were handed out.
    failed : int
        Number of videos of the epoch that failed, in batches that were handed out.
    """

    def __init__(self, options: Options, epoch: int, numbers: range, failed: int = 0) -> None:
        pixels = options.pixels.checked()
        draws = EpochDraws(options.seed, epoch)
        threads = _core.ThreadLimit(checked_threads(options.threads))
        buffers = OutputBuffers(options, pixels)
        self._context = EpochContext(options, draws, pixels, buffers, threads)
        self._most_failures = options.most_failures(epoch)
        self._prefetch = Prefetch(options, buffers)
        self._plan = EpochPlan(
            options.epoch_order(epoch),
            batch_size=options.batch_size,
            rank=options.rank,
            world_size=options.world_size,
        )
        self._numbers = numbers
        self._jobs: deque[BatchJob] = deque()  # the next batches, in order
        self._process = os.getpid()
        self._closed = False
        self._left = 0.0
        self.handed_out = 0
        self.failed = failed

    @property
    def stats(self) -> LoaderStats:
        """Statistics of the batches that were handed out."""
        return self._context.stats

    def __iter__(self) -> EpochRun:
        return self

    def __next__(self) -> ClipBatch:
        if self.handed_out == len(self._numbers):
            raise StopIteration
        self._check()
        entered = time.monotonic()
        try:
            self._begin_jobs()
            ready = self._jobs[0].seconds_ready()
            self._wait()
            batch = self._hand_out()
        except BaseException as error:
            self.close()
            if isinstance(error, StopIteration):
                raise _as_an_error(error) from error
            raise
        self._account(batch, entered, ready)
        return batch

    def close(self) -> None:
        """Cancel the batches in flight. A forked child process has none."""
        self._closed = True
        if os.getpid() == self._process:
            for job in self._jobs:
                job.cancel()
        self._jobs.clear()

    def _check(self) -> None:
        if os.getpid() != self._process:
            raise RuntimeError(
                "this loop over a loader belongs to the process that was forked; start a new loop in this "
                "process: for batch in loader"
            )
        if self._closed:
            raise RuntimeError(
                "this loop over a loader has ended: an error was raised, or another loop was started"
            )

    def _begin_jobs(self) -> None:
        ahead = 2 * self._prefetch.depth + 1
        self._begin_until(self.handed_out + ahead)
        if any(job.is_remote for job in self._jobs):
            self._begin_until(self.handed_out + ahead + self._prefetch.fetched)

    def _begin_until(self, last: int) -> None:
        begun = self.handed_out + len(self._jobs)
        for turn in range(begun, min(last, len(self._numbers))):
            self._jobs.append(BatchJob(self._context, self._plan.places(self._numbers[turn]), turn))

    def _wait(self) -> None:
        first = self._jobs[0]
        first.hurry()
        while True:
            soon = self._advance_all()
            if first.advance(_LOOK_SOON if soon else _LOOK_LATER):
                return

    def _advance_all(self) -> bool:
        """Advance the batches up to the prefetch in order, because the engine serves older requests first.

        Return whether one of them still waits for indices.
        """
        soon = False
        left = BYTES_AHEAD
        for ahead, job in enumerate(self._jobs):
            if ahead <= self._prefetch.depth:
                job.advance(0)
                soon |= job.is_indexing
            elif job.is_remote and left > 0:
                job.fetch_ahead()
                left -= job.bytes_ahead
        return soon

    def _hand_out(self) -> ClipBatch:
        job = self._jobs.popleft()
        failures = job.failures
        self.failed += len(failures)
        self.stats.failures += failures
        options = self._context.options
        if self.failed > self._most_failures:
            allowed = f"more than max_failures={options.max_failures} allows"
            raise too_many(self.failed, allowed, self.stats.failures)
        batch = job.hand_out()
        self.handed_out += 1
        return batch

    def _account(self, batch: ClipBatch, entered: float, ready: float) -> None:
        stats, options = self.stats, self._context.options
        now = time.monotonic()
        begin = self._left or entered
        stats.seconds += now - begin
        stats.seconds_waiting += now - entered
        stats.seconds_ready += min(ready, entered - begin)
        rows = int(batch.valid.sum())
        stats.batches += 1
        stats.videos += rows // options.views
        stats.clips += rows // options.crop_views
        self._left = now


def _as_an_error(stop: StopIteration) -> RuntimeError:
    """Return the error for a StopIteration of the caller's code, which would end the epoch in silence."""
    raised = traceback.extract_tb(stop.__traceback__)[-1]
    where = f"{raised.name} ({raised.filename}, line {raised.lineno})"
    return RuntimeError(f"the data set, the sampler or the crop raised StopIteration in {where}")
