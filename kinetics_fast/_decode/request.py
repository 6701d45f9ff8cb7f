"""The one way from sources to decoded rows, for `decode_clips`, `Video`, the loader and `scan`.

An `IndexRequest` takes sources and opens equal ones once; its `IndexJob` builds the indices that are missing.
A `DecodeRequest` takes rows that `check_row` has accepted; its `DecodeJob` decodes them into an `Output`.
Jobs run on the engine's threads: a caller may wait for a job at once, or collect it later.

The number of a row in the output array names the row everywhere: in requests, results and errors.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import repeat
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from kinetics_fast import _core
from kinetics_fast._decode.pixels import Pixels
from kinetics_fast._decode.source import VideoSource, open_source, source_identity
from kinetics_fast._decode.status import FrameStatus
from kinetics_fast._decode.validation import Box, check_box, check_frames
from kinetics_fast.errors import CorruptError, StaleIndexError

Planes: TypeAlias = "tuple[npt.NDArray[np.uint8] | npt.NDArray[np.uint16], ...]"


class IndexedSource(NamedTuple):
    """A source and its frame index: all that the core needs to decode from it."""

    source: _core.Source
    frame_index: _core.FrameIndex


class FailedSource(NamedTuple):
    """A source that could not be indexed, and the reason."""

    source: _core.Source
    error: Exception


class IndexRequest:
    """Sources to be indexed. Equal sources are opened once and indexed once.

    Parameters
    ----------
    sources : iterable of VideoSource or IndexedSource
        What is read.
    name_of : callable
        The name that errors give to the source at a position.
    saved_indices : iterable of bytes or None, optional
        The saved frame index of each source.
    """

    def __init__(
        self,
        sources: Iterable[VideoSource | IndexedSource],
        name_of: Callable[[int], str],
        saved_indices: Iterable[bytes | None] = repeat(None),
    ) -> None:
        opened: list[IndexedSource | _core.Source] = []
        items: list[int] = []  # for each source that was given, its number in `opened`
        number_of: dict[Hashable, int] = {}
        last, last_saved = object(), None
        for source, saved in zip(sources, saved_indices, strict=False):
            if source is not last or saved is not last_saved:  # most rows read what the row before reads
                last, last_saved = source, saved
                key = source if isinstance(source, IndexedSource) else (source_identity(source), saved)
                number = number_of.setdefault(key, len(opened))
                if number == len(opened):
                    opened.append(_open(source, saved, name_of, len(items)))
            items.append(number)
        self._opened = opened
        self._items = items

    def __len__(self) -> int:
        """Return the number of different sources."""
        return len(self._opened)

    def submit(self, timeout: float | None, max_pixels: int) -> IndexJob:
        """Let the engine build the indices that are missing, in at most `timeout` seconds."""
        missing = [opened for opened in self._opened if isinstance(opened, _core.Source)]
        ticket = _core.submit_index(missing, max_pixels, timeout) if missing else None
        return IndexJob(ticket, self._opened, self._items)


class IndexJob:
    """Indices that are being built; without a ticket all of them are known already."""

    __slots__ = ("_items", "_opened", "_ticket")

    def __init__(
        self,
        ticket: _core.IndexTicket | None,
        opened: list[IndexedSource | _core.Source],
        items: list[int],
    ) -> None:
        self._ticket = ticket
        self._opened = opened
        self._items = items

    def wait(self, seconds: float | None = None) -> bool:
        """Wait at most `seconds`; return whether the job is done."""
        return self._ticket is None or self._ticket.wait(seconds)

    def cancel(self) -> None:
        """Stop the work that has not begun."""
        if self._ticket is not None:
            self._ticket.cancel()

    def collect(self) -> list[IndexedSource | FailedSource]:
        """Return the result of each source in the order in which the sources were added."""
        results = iter(self._ticket.result() if self._ticket is not None else ())
        found = [
            opened if isinstance(opened, IndexedSource) else _with_result(opened, next(results))
            for opened in self._opened
        ]
        return [found[number] for number in self._items]


class DecodeRequest:
    """Rows to be decoded by one job. `check_row` must have accepted each of them."""

    def __init__(self) -> None:
        self._videos: dict[IndexedSource, int] = {}
        self._rows: list[tuple[int, int, Sequence[int], Box | None, bool]] = []

    def add(self, video: IndexedSource, row: int, frames: Sequence[int], box: Box | None, flip: bool) -> None:
        """Add a row of the output: its frame numbers, the part of the frames, and whether it is mirrored."""
        self._rows.append((self._videos.setdefault(video, len(self._videos)), row, frames, box, flip))

    def __iter__(self) -> Iterator[IndexedSource]:
        """Iterate over the videos that the rows are read from, each once."""
        return iter(self._videos)

    def submit(self, output: Output, threads: _core.ThreadLimit, timeout: float | None) -> DecodeJob:
        """Let the engine decode the rows into the output, in at most `timeout` seconds."""
        videos, request = list(self._videos), output.pixels.request
        ticket = _core.submit_decode(
            videos, self._rows, output.frames, output.size, request, threads, timeout
        )
        return DecodeJob(ticket, output, [row[1] for row in self._rows])


def check_row(video: IndexedSource, frames: Sequence[int], box: Box | None) -> None:
    """Check that a video has the frames and that the box lies within them.

    Raises
    ------
    FrameRangeError
        The video has no such frame.
    ValueError
        The box ends outside the frame.
    """
    source, index = video
    if box is not None:
        check_box(box, index.width, index.height)
    check_frames(frames, len(index), source)


class Output:
    """The array that rows are decoded into, with the status and the timestamps of every row.

    Each row is unspecified until a `DecodeJob` decodes it. Rows that no job decodes must be passed to `fail`.
    """

    def __init__(
        self,
        pixels: Pixels,
        rows: int,
        length: int,
        size: tuple[int, int],
        out: npt.NDArray[Any] | None = None,
    ) -> None:
        self.pixels = pixels
        self.size = size
        self.frames = pixels.output(rows, length, size, out)
        self.status = np.empty((rows, length), np.uint8)
        self.timestamps = np.empty((rows, length))

    def fail(self, rows: int | slice) -> None:
        """Write zeros to rows that are not decoded."""
        self.frames[rows] = 0
        self.status[rows] = FrameStatus.FAILED
        self.timestamps[rows] = math.nan


class DecodeJob:
    """Rows that are being decoded into an output."""

    __slots__ = ("_output", "_rows", "_ticket")

    def __init__(self, ticket: _core.DecodeTicket, output: Output, rows: list[int]) -> None:
        self._ticket = ticket
        self._output = output
        self._rows = rows

    def wait(self, seconds: float | None = None) -> bool:
        """Wait at most `seconds`; return whether the job is done."""
        return self._ticket.wait(seconds)

    def cancel(self) -> None:
        """Stop the work."""
        self._ticket.cancel()

    def set_timeout(self, seconds: float) -> None:
        """Let the job take at most `seconds` from now on, whatever its time limit was."""
        self._ticket.set_timeout(seconds)

    def seconds_since_done(self) -> float:
        """Return how long ago the job was done; 0 if it is not, or was stopped."""
        return self._ticket.seconds_since_done()

    def collect(self, *, accept_damaged: bool) -> tuple[dict[int, Exception], dict[str, float]]:
        """Bring the results to the output, and return the error of each row that has one, and the statistics.

        With `accept_damaged`, a row that is only damaged has no error.
        """
        status, errors, stats, _ = self._ticket.result()
        output, rows = self._output, self._rows
        shape = len(rows), output.status.shape[1]
        all_rows = rows == list(range(len(output.frames)))
        where = slice(None) if all_rows else rows  # a slice is faster
        output.status[where] = status.reshape(shape)
        output.timestamps[where] = self._ticket.timestamps().reshape(shape)
        if not errors:
            return {}, stats
        row_errors = {rows[position]: _typed(error) for position, error in errors.items()}
        if accept_damaged:
            worst = FrameStatus.DAMAGED
            row_errors = {row: e for row, e in row_errors.items() if output.status[row].max() > worst}
        return row_errors, stats


def decode_planes(video: IndexedSource, frames: list[int]) -> list[Planes]:
    """Decode frames of one video as the decoder's own planes."""
    ticket = _core.submit_planes(video, frames)
    ticket.wait()
    _, errors, _, planes = ticket.result()
    if errors:
        raise _typed(errors[0])
    return planes


def _open(
    source: VideoSource | IndexedSource, saved_index: bytes | None, name_of: Callable[[int], str], item: int
) -> IndexedSource | _core.Source:
    if isinstance(source, IndexedSource):
        return source
    opened = open_source(source, name_of(item))
    if saved_index is not None:
        with suppress(CorruptError):  # a damaged saved index is built anew
            return IndexedSource(opened, _core.FrameIndex.unpack(saved_index))
    return opened


def _with_result(source: _core.Source, result: _core.FrameIndex | Exception) -> IndexedSource | FailedSource:
    return FailedSource(source, result) if isinstance(result, Exception) else IndexedSource(source, result)


# BRIDGE: delete this function and its two calls when the core raises StaleIndexError itself.
def _typed(error: Exception) -> Exception:
    stale = type(error) is CorruptError and error.stage == "open"
    return StaleIndexError(*error.args) if stale else error
