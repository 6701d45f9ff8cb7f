r"""One batch on its way: index its videos, sample them, decode, and again for videos that are replaced.

Nothing here runs by itself. The engine's threads work on the current job, and `BatchJob.advance` collects its
results and submits the next one:

    Indexing --(all videos sampled)--> Decoding --> Done
       ^  |   \--> Fetching --------------^ |
       +--+----(a video is replaced, or its saved index is stale)

A batch that is not to be decoded yet may fetch the bytes of its remote videos.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from kinetics_fast import _core
from kinetics_fast._decode.index_request import FailedSource, IndexedSource, IndexJob, IndexRequest
from kinetics_fast._decode.pixels import Pixels
from kinetics_fast._decode.request import DecodeJob, DecodeRequest, Output, check_row, total_stats
from kinetics_fast._decode.video import MAX_PIXELS, Video, decodable, video_of
from kinetics_fast.errors import Error, ResourceError, StaleIndexError, UnsupportedError
from kinetics_fast.loader.batch import ClipBatch, assemble
from kinetics_fast.loader.buffers import OutputBuffers
from kinetics_fast.loader.failures import ATTEMPTS, Failure
from kinetics_fast.loader.options import Options
from kinetics_fast.loader.plan import Places
from kinetics_fast.loader.records import as_record
from kinetics_fast.loader.rng import EpochDraws
from kinetics_fast.loader.sample import WantedRow, sample
from kinetics_fast.loader.slot import Attempt, Slot
from kinetics_fast.loader.stats import LoaderStats


@dataclass(frozen=True)
class EpochContext:
    """What all batches of an epoch have in common."""

    options: Options
    draws: EpochDraws
    pixels: Pixels
    buffers: OutputBuffers
    threads: _core.ThreadLimit
    stats: LoaderStats = field(default_factory=LoaderStats)


@dataclass(frozen=True, slots=True)
class Indexing:
    """The videos of `slots` are being indexed; those of `sampled` have their rows in `request` already."""

    job: IndexJob
    slots: Sequence[Slot]
    sampled: list[Slot]
    request: DecodeRequest


@dataclass(frozen=True, slots=True)
class Fetching:
    """The bytes that the rows of `slots` need are being fetched; they are not decoded before `advance`."""

    slots: list[Slot]
    request: DecodeRequest


@dataclass(frozen=True, slots=True)
class Decoding:
    """The rows of `slots` are being decoded."""

    job: DecodeJob
    slots: Sequence[Slot]


@dataclass(frozen=True, slots=True)
class Done:
    """The batch can be handed out; `decoded` is the job that was waited for last, if it decoded."""

    decoded: DecodeJob | None


class BatchJob:
    """A batch from the moment its records are known to the moment it is handed out.

    Attributes
    ----------
    is_remote : bool
        Whether a video is in a store.
    bytes_ahead : int
        Number of bytes that `fetch_ahead` fetches.
    """

    is_remote = False
    bytes_ahead = 0

    def __init__(self, context: EpochContext, places: Places, turn: int) -> None:
        options = context.options
        self._context = context
        self._turn = turn
        self._hurried = False
        self._output: Output | None = None
        self._rows = len(places.records) * options.views
        self._indices = np.full((self._rows, options.sampler.frames), -1, np.int64)
        columns = places.positions.tolist(), places.records.tolist(), places.padding.tolist()
        self._slots = [
            Slot(
                rows=range(number * options.views, (number + 1) * options.views),
                epoch_position=position,
                padding=padding,
                attempt=Attempt(
                    number=0,
                    record_index=record_index,
                    record=as_record(options.dataset[record_index]),
                    rng=context.draws.generator(position, 0),
                ),
            )
            for number, (position, record_index, padding) in enumerate(zip(*columns, strict=True))
        ]
        self._state: Indexing | Fetching | Decoding | Done = self._index(self._slots, [], DecodeRequest())

    @property
    def failures(self) -> list[Failure]:
        """The failures of all videos but padding."""
        return [failure for slot in self._slots if not slot.padding for failure in slot.failures]

    @property
    def is_indexing(self) -> bool:
        """Whether the batch waits for indices."""
        return isinstance(self._state, Indexing)

    def advance(self, seconds: float) -> bool:
        """Go on, waiting at most `seconds` for each job; return whether the batch is done."""
        while not isinstance(self._state, Done):
            if isinstance(self._state, Fetching):
                self._state = self._decode(self._state.slots, self._state.request)
                continue
            if not self._state.job.wait(seconds):
                return False
            if isinstance(self._state, Indexing):
                self._state = self._sample(self._state)
            else:
                self._state = self._collect(self._state)
        return True

    def fetch_ahead(self) -> None:
        """Let the bytes of remote videos be fetched once the videos are indexed. The batch is not decoded."""
        if isinstance(self._state, Indexing) and self._state.job.wait(0):
            self._state = self._sample(self._state, ahead=True)

    def hurry(self) -> None:
        """Start the time limit of the decoding: the caller waits for this batch now."""
        timeout = self._context.options.timeout
        if timeout is not None and not self._hurried and isinstance(self._state, Decoding):
            self._state.job.set_timeout(timeout)
        self._hurried = True

    def seconds_ready(self) -> float:
        """Return how long ago the decoding ended; 0 if it has not."""
        state = self._state
        job = state.job if isinstance(state, Decoding) else state.decoded if isinstance(state, Done) else None
        return 0.0 if job is None else job.seconds_since_done()

    def cancel(self) -> None:
        """Stop the work of the engine's threads for this batch."""
        if isinstance(self._state, Fetching):
            self._state.request.cancel()
        elif not isinstance(self._state, Done):
            self._state.job.cancel()

    def hand_out(self) -> ClipBatch:
        """Return the batch, once it is done; raise if the policy on errors says so."""
        buffers = self._context.buffers
        if self._output is None and buffers.size is not None:
            self._output = buffers.take(self._turn, self._rows, buffers.size)
        return assemble(self._context.options, self._slots, self._output, self._indices)

    def _index(self, slots: Sequence[Slot], sampled: list[Slot], request: DecodeRequest) -> Indexing:
        records = [slot.attempt.record for slot in slots]
        sources = IndexRequest(
            [decodable(record.source) for record in records],
            lambda item: f"the source of record {slots[item].attempt.record_index} of the data set",
            [record.frame_index for record in records],
            self._context.options.block_cache,
        )
        self.is_remote = sources.is_remote
        job = sources.submit(self._context.options.timeout, MAX_PIXELS)
        return Indexing(job, slots, sampled, request)

    def _sample(self, state: Indexing, *, ahead: bool = False) -> Indexing | Fetching | Decoding | Done:
        for slot, found in zip(state.slots, state.job.collect(), strict=True):
            slot.path = found.source.name
            if isinstance(found, FailedSource):
                slot.fail(found.error)
            else:
                self._sample_slot(slot, found, state.request)
            if slot.failed is None:
                state.sampled.append(slot)
        replaced = self._replace(state.slots)
        if replaced:
            return self._index(replaced, state.sampled, state.request)
        if ahead:
            self.bytes_ahead = state.request.fetch_ahead()
            return Fetching(state.sampled, state.request)
        return self._decode(state.sampled, state.request)

    def _sample_slot(self, slot: Slot, found: IndexedSource, request: DecodeRequest) -> None:
        """Draw the clips of a video and add its rows to the request."""
        options, record = self._context.options, slot.attempt.record
        video = record.source if isinstance(record.source, Video) else video_of(*found)
        try:
            indices, rows = sample(options, record, video, slot.attempt.rng)
            self._check(found, rows)
        except ResourceError:  # while the sampler read frames
            raise
        except Error as error:
            error.path = error.path or slot.path
            slot.fail(error.with_traceback(None))  # a traceback would keep the batch alive
        except ValueError as error:  # the video is too small, or the record's bounds make no sense
            slot.fail(UnsupportedError(str(error), slot.path, None, "plan"))
        else:
            self._indices[slot.row_slice] = np.repeat(indices, options.crop_views, axis=0)
            for row, wanted in zip(slot.rows, rows, strict=True):
                request.add(found, row, *wanted)

    def _check(self, found: IndexedSource, rows: Sequence[WantedRow]) -> None:
        try:
            for frames, box, _ in rows:
                check_row(found, frames, box)
        except ValueError as error:
            raise ValueError(f"{self._context.options.crop!r}: {error}") from None

    def _decode(self, sampled: list[Slot], request: DecodeRequest) -> Decoding | Done:
        context = self._context
        options, buffers = context.options, context.buffers
        raises = options.on_error == "raise" and any(slot.failed is not None for slot in self._slots)
        if raises or not sampled:
            return Done(None)
        indices = [video.frame_index for video in request]
        size = buffers.common_size([(index.height, index.width) for index in indices])
        if self._output is None:
            self._output = buffers.take(self._turn, self._rows, size)
        timeout = options.timeout if self._hurried else None
        return Decoding(request.submit(self._output, context.threads, timeout), sampled)

    def _collect(self, state: Decoding) -> Indexing | Done:
        context, options = self._context, self._context.options
        errors = state.job.collect(accept_damaged=options.accept_damaged)
        context.stats.add_work(total_stats(state.job.results))
        stale = []
        for slot in state.slots:
            row_errors = {row: errors[row] for row in slot.rows if row in errors}
            if not row_errors:
                continue
            has_saved_index = slot.attempt.record.frame_index is not None
            if has_saved_index and isinstance(next(iter(row_errors.values())), StaleIndexError):
                slot.forget_saved_index(options, context.draws)
                stale.append(slot)
            else:
                slot.fail_rows(row_errors)
        again = stale + self._replace(state.slots)
        return self._index(again, [], DecodeRequest()) if again else Done(state.job)

    def _replace(self, slots: Sequence[Slot]) -> list[Slot]:
        """Try other videos in the failed slots, if the policy says so, and return these slots."""
        options = self._context.options
        if options.on_error != "replace":
            return []
        failed = [slot for slot in slots if slot.failed is not None and slot.attempt.number + 1 < ATTEMPTS]
        for slot in failed:
            slot.replace_video(options, self._context.draws)
        return failed
