"""The second half of a request: from rows to pixels, for `decode_clips`, `Video`, the loader and `scan`.

A `DecodeRequest` takes rows that `check_row` has accepted. Its `DecodeJob` decodes them into an `Output` on
the engine's threads; a caller may wait for the job at once, or collect it later.

The number of a row in the output array names the row everywhere: in requests, results and errors.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from kinetics_fast import _core
from kinetics_fast._decode.index_request import IndexedSource
from kinetics_fast._decode.pixels import Pixels
from kinetics_fast._decode.status import FrameStatus
from kinetics_fast._decode.validation import Box, check_box, check_frames
from kinetics_fast.remote.decoding import RemoteDecoding, planned_ranges
from kinetics_fast.remote.remote_object import RemoteObject

Planes: TypeAlias = "tuple[npt.NDArray[np.uint8] | npt.NDArray[np.uint16], ...]"
# The number of the video, the row of the output, frame numbers, the part of the frames, whether to flip it.
Row: TypeAlias = "tuple[int, int, Sequence[int], Box | None, bool]"
LocalVideo: TypeAlias = "tuple[_core.Source, _core.FrameIndex]"
Part: TypeAlias = "_core.DecodeTicket | RemoteDecoding"
Rows: TypeAlias = "int | slice | list[int]"


class DecodeRequest:
    """Rows to be decoded by one job. `check_row` must have accepted each of them."""

    def __init__(self) -> None:
        self._videos: dict[IndexedSource, int] = {}
        self._rows: list[Row] = []

    def add(self, video: IndexedSource, row: int, frames: Sequence[int], box: Box | None, flip: bool) -> None:
        """Add a row of the output: its frame numbers, the part of the frames, and whether it is mirrored."""
        self._rows.append((self._videos.setdefault(video, len(self._videos)), row, frames, box, flip))

    def __iter__(self) -> Iterator[IndexedSource]:
        """Iterate over the videos that the rows are read from, each once."""
        return iter(self._videos)

    def fetch_ahead(self) -> int:
        """Begin to fetch what the rows of remote videos need, and return its number of bytes."""
        frames: list[list[int]] = [[] for _ in self._videos]
        for number, _, wanted, _, _ in self._rows:
            frames[number] += wanted
        total = 0
        for (source, index), wanted in zip(self._videos, frames, strict=True):
            if isinstance(source, RemoteObject):
                ranges = planned_ranges(source, index, wanted)
                source.fetch_ahead(ranges)
                total += sum(size for _, size in ranges)
        return total

    def cancel(self) -> None:
        """Stop what `fetch_ahead` began."""
        for source, _ in self._videos:
            if isinstance(source, RemoteObject):
                source.cancel_ahead()

    def submit(
        self,
        output: Output,
        threads: _core.ThreadLimit,
        timeout: float | None,
        *,
        may_continue: bool = False,
    ) -> DecodeJob:
        """Let the engine decode the rows into the output, in at most `timeout` seconds.

        Remote videos are fetched first, each by itself. With `may_continue`, a later request may want the
        frames that follow: the engine may hold the decoder.
        """
        pixels, frames, size = output.pixels.request, output.frames, output.size

        def submit(videos: list[LocalVideo], rows: list[Row], limit: float | None) -> _core.DecodeTicket:
            may = may_continue and not remote  # a held run would read bytes that were not fetched
            return _core.submit_decode(videos, rows, frames, size, pixels, threads, limit, may)

        videos: list[Any] = list(self._videos)
        remote = [number for number, video in enumerate(videos) if isinstance(video.source, RemoteObject)]
        if not remote:
            return DecodeJob([(submit(videos, self._rows, timeout), self._rows)], output)
        rows_of: list[list[Row]] = [[] for _ in videos]
        for number, row, wanted, box, flip in self._rows:
            rows_of[number].append((0, row, wanted, box, flip))
        parts: list[tuple[Part, list[Row]]] = []
        for (source, index), rows in zip(videos, rows_of, strict=True):
            if isinstance(source, RemoteObject):
                parts.append((_remote(source, index, rows, submit, timeout), rows))
            else:
                parts.append((submit([(source, index)], rows, timeout), rows))
        return DecodeJob(parts, output)


def _remote(
    source: RemoteObject,
    index: _core.FrameIndex,
    rows: list[Row],
    submit: Callable[[list[LocalVideo], list[Row], float | None], _core.DecodeTicket],
    timeout: float | None,
) -> RemoteDecoding:
    frames = [frame for row in rows for frame in row[2]]
    return RemoteDecoding(
        source, index, frames, lambda pieces, limit: submit([(pieces, index)], rows, limit), timeout
    )


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
    Status and timestamps are put together when somebody asks for them.
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
        self.shape = rows, length
        self._reports: list[tuple[Rows, _core.DecodeResult | None]] = []

    def fail(self, rows: Rows) -> None:
        """Write zeros to rows that are not decoded."""
        self.frames[rows] = 0
        self.report(rows, None)

    def report(self, rows: Rows, result: _core.DecodeResult | None) -> None:
        """Note the result of rows, None if they failed; a later report of the same rows replaces this one."""
        self._reports.append((rows, result))

    def status(self) -> npt.NDArray[np.uint8]:
        """Return the values of `FrameStatus`, (rows, length), in an array of their own."""
        status = np.empty(self.shape, np.uint8)
        for rows, result in self._reports:
            status[rows] = FrameStatus.FAILED if result is None else self._by_row(result.status())
        return status

    def timestamps(self) -> npt.NDArray[np.float64]:
        """Return the seconds, (rows, length), in an array of their own."""
        timestamps = np.empty(self.shape)
        for rows, result in self._reports:
            timestamps[rows] = math.nan if result is None else self._by_row(result.timestamps())
        return timestamps

    def _by_row(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return values.reshape(-1, self.shape[1])


@dataclass(slots=True, eq=False)
class DecodeJob:
    """Rows that are being decoded into an output: those of all local videos, and those of each remote one.

    Attributes
    ----------
    results : list
        What `collect` found, for `total_stats`; empty before.
    """

    _parts: list[tuple[Part, list[Row]]]
    _output: Output
    results: list[_core.DecodeResult] = field(default_factory=list)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait at most `seconds`; return whether the job is done."""
        end = math.inf if seconds is None else time.monotonic() + seconds
        try:
            for part, _ in self._parts:
                if not part.wait(None if end == math.inf else max(0.0, end - time.monotonic())):
                    return False
        except BaseException:
            self.cancel()
            raise
        return True

    def cancel(self) -> None:
        """Stop the work."""
        for part, _ in self._parts:
            part.cancel()

    def set_timeout(self, seconds: float) -> None:
        """Let the job end in so many seconds from now."""
        for part, _ in self._parts:
            part.set_timeout(seconds)

    def seconds_since_done(self) -> float:
        """Return how long ago the last row was decoded; 0 if one was not."""
        return min(part.seconds_since_done() for part, _ in self._parts)

    def collect(self, *, accept_damaged: bool) -> dict[int, Exception]:
        """Bring the results to the output, and return the error of each row that has one.

        With `accept_damaged`, a row that is only damaged has no error.
        """
        row_errors: dict[int, Exception] = {}
        for part, rows in self._parts:
            ticket = part.ticket if isinstance(part, RemoteDecoding) else part
            numbers = [row[1] for row in rows]
            if ticket is None:
                assert isinstance(part, RemoteDecoding)
                self._output.fail(numbers)
                row_errors |= dict.fromkeys(numbers, part.error)
                continue
            result = ticket.result()
            self.results.append(result)
            self._output.report(numbers, result)
            if errors := result.errors:
                worst = result.status().reshape(len(rows), -1).max(axis=1)
                for position, error in errors.items():
                    if not accept_damaged or worst[position] > FrameStatus.DAMAGED:
                        row_errors[numbers[position]] = error
        return row_errors


def total_stats(results: list[_core.DecodeResult]) -> dict[str, float]:
    """Return the sums of the statistics of results."""
    sums: dict[str, float] = {}
    for result in results:
        sums = {name: sums.get(name, 0) + value for name, value in result.stats().items()}
    return sums


def decode_frames(
    video: IndexedSource, frames: list[int], pixels: Pixels, size: tuple[int, int]
) -> npt.NDArray[Any]:
    """Decode frames of one video, resized to (height, width), as an array of one row."""
    output = Output(pixels, 1, len(frames), size)
    request = DecodeRequest()
    request.add(video, 0, frames, None, False)
    job = request.submit(output, _core.ThreadLimit(0), None, may_continue=True)
    job.wait()
    if errors := job.collect(accept_damaged=False):
        raise errors[0]
    return output.frames


def decode_planes(video: IndexedSource, frames: list[int]) -> list[Planes]:
    """Decode frames of one video as the decoder's own planes."""
    source, index = video
    ticket: Part
    if isinstance(source, RemoteObject):
        ticket = RemoteDecoding(
            source, index, frames, lambda pieces, _: _core.submit_planes((pieces, index), frames), None
        )
    else:
        ticket = _core.submit_planes((source, index), frames)
    ticket.wait()
    done = ticket.ticket if isinstance(ticket, RemoteDecoding) else ticket
    if done is None:
        assert isinstance(ticket, RemoteDecoding)
        raise ticket.error
    result = done.result()
    if errors := result.errors:
        raise errors[0]
    return result.planes()
