"""The one way from sources to decoded rows, for `decode_clips`, `Video`, the loader and `scan`.

An `IndexRequest` collects sources. It opens equal sources once, and its `IndexJob` builds the indices that
are missing. A `DecodeRequest` collects rows and checks them, and its `DecodeJob` decodes them into an
`Output`. A job runs on the engine's threads: a caller may wait for it at once, or collect it later.

The number of a row in the output array names the row everywhere: in requests, results and errors.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
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
    """The sources of a request. Equal sources are opened once and indexed once."""

    def __init__(self) -> None:
        self._number_of: dict[Hashable, int] = {}
        self._items: list[int] = []  # for each source that was added, its number in _opened
        self._opened: list[IndexedSource | _core.Source] = []

    def add(self, source: VideoSource | IndexedSource, name: str, saved_index: bytes | None = None) -> None:
        """Add a source, with its saved frame index if there is one; errors call it `name`."""
        key = (source if isinstance(source, IndexedSource) else source_identity(source)), saved_index
        number = self._number_of.get(key)
        if number is None:
            number = self._number_of[key] = len(self._opened)
            self._opened.append(_open(source, name, saved_index))
        self._items.append(number)

    def __len__(self) -> int:
        """Return the number of different sources."""
        return len(self._opened)

    def submit(self, timeout: float | None, max_pixels: int) -> IndexJob:
        """Let the engine build the indices that are missing, in at most `timeout` seconds."""
        missing = [opened for opened in self._opened if isinstance(opened, _core.Source)]
        ticket = _core.submit_index(missing, max_pixels, timeout) if missing else None
        return IndexJob(ticket, self._opened, self._items)


@dataclass(frozen=True, slots=True)
class IndexJob:
    """Indices that are being built; without a ticket all of them are known already."""

    _ticket: _core.IndexTicket | None
    _opened: list[IndexedSource | _core.Source]
    _items: list[int]

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


class Output:
    """The array that rows are decoded into, with the status and the timestamps of every row.

    A row is FAILED until a `DecodeJob` decodes it. Rows that no job decodes must be passed to `fail`.
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
        shape = rows, length
        self.status = np.full(shape, FrameStatus.FAILED, np.uint8)
        self.timestamps = np.full(shape, np.nan)

    def fail(self, rows: int | slice) -> None:
        """Write zeros to rows that are not decoded."""
        self.frames[rows] = 0
        self.status[rows] = FrameStatus.FAILED
        self.timestamps[rows] = np.nan


WantedRow: TypeAlias = "tuple[Sequence[int], Box | None, bool]"
"""Frame numbers, box and flip of one row."""


class DecodeRequest:
    """The rows to be decoded by one job."""

    def __init__(self) -> None:
        self._videos: dict[IndexedSource, int] = {}
        self._rows: list[tuple[int, int, Sequence[int], Box | None, bool]] = []

    def add(self, video: IndexedSource, first_row: int, wanted: Iterable[WantedRow], name: object) -> None:
        """Add rows of one video, which go to the output from `first_row` on.

        Raises
        ------
        FrameRangeError
            The video has no such frame. No row was added.
        ValueError
            A box ends outside the frame; the message begins with `name`. No row was added.
        """
        number = self._videos.get(video, len(self._videos))
        rows = []
        for row, (frames, box, flip) in enumerate(wanted, first_row):
            if box is not None:
                check_box(box, video.frame_index.width, video.frame_index.height, name)
            check_frames(frames, len(video.frame_index), video.source.name)
            rows.append((number, row, frames, box, flip))
        self._videos[video] = number
        self._rows += rows

    def __iter__(self) -> Iterator[IndexedSource]:
        """Iterate over the videos that rows are read from."""
        return iter(self._videos)

    def submit(self, output: Output, threads: _core.ThreadLimit, timeout: float | None) -> DecodeJob:
        """Let the engine decode the rows into the output, in at most `timeout` seconds."""
        ticket = _core.submit_decode(
            list(self._videos),
            self._rows,
            output.frames,
            output.size,
            output.pixels.request,
            threads,
            timeout,
        )
        return DecodeJob(ticket, output, [row[1] for row in self._rows])


@dataclass(frozen=True, slots=True)
class DecodeJob:
    """Rows that are being decoded."""

    _ticket: _core.DecodeTicket
    _output: Output
    _rows: list[int]

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
        output.status[rows] = status.reshape(shape)
        output.timestamps[rows] = self._ticket.timestamps().reshape(shape)
        errors = {rows[number]: _typed(error) for number, error in errors.items()}
        if accept_damaged:
            worst = FrameStatus.DAMAGED
            errors = {row: error for row, error in errors.items() if output.status[row].max() > worst}
        return errors, stats


def decode_planes(video: IndexedSource, frames: list[int]) -> list[Planes]:
    """Decode frames of one video as the decoder's own planes."""
    ticket = _core.submit_planes(video, frames)
    ticket.wait()
    _, errors, _, planes = ticket.result()
    if errors:
        raise _typed(errors[0])
    return planes


def _open(
    source: VideoSource | IndexedSource, name: str, saved_index: bytes | None
) -> IndexedSource | _core.Source:
    if isinstance(source, IndexedSource):
        return source
    opened = open_source(source, name)
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
