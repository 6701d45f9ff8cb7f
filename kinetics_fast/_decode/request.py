"""The second half of a request: from rows to pixels, for `decode_clips`, `Video`, the loader and `scan`.

A `DecodeRequest` takes rows that `check_row` has accepted. Its `DecodeJob` decodes them into an `Output` on
the engine's threads; a caller may wait for the job at once, or collect it later.

The number of a row in the output array names the row everywhere: in requests, results and errors.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from kinetics_fast import _core
from kinetics_fast._decode.index_request import IndexedSource
from kinetics_fast._decode.pixels import Pixels
from kinetics_fast._decode.status import FrameStatus
from kinetics_fast._decode.validation import Box, check_box, check_frames

Planes: TypeAlias = "tuple[npt.NDArray[np.uint8] | npt.NDArray[np.uint16], ...]"


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

    def submit(
        self,
        output: Output,
        threads: _core.ThreadLimit,
        timeout: float | None,
        *,
        may_continue: bool = False,
    ) -> DecodeJob:
        """Let the engine decode the rows into the output, in at most `timeout` seconds.

        With `may_continue`, a later request may want the frames that follow: the engine may hold the decoder.
        """
        videos, request = list(self._videos), output.pixels.request
        ticket = _core.submit_decode(
            videos, self._rows, output.frames, output.size, request, threads, timeout, may_continue
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
        self._results: list[tuple[int | slice | list[int], Any, Any]] = []  # rows, status, timestamps

    def fail(self, rows: int | slice) -> None:
        """Write zeros to rows that are not decoded."""
        self.frames[rows] = 0
        self.report(rows, FrameStatus.FAILED, math.nan)

    def report(self, rows: int | slice | list[int], status: Any, timestamps: Any) -> None:
        """Note the status and the timestamps of rows; a later report of the same rows replaces this one."""
        self._results.append((rows, status, timestamps))

    def status(self) -> npt.NDArray[np.uint8]:
        """Return the values of `FrameStatus`, (rows, length), in an array of their own."""
        status = np.empty(self.shape, np.uint8)
        for rows, values, _ in self._results:
            status[rows] = values
        return status

    def timestamps(self) -> npt.NDArray[np.float64]:
        """Return the seconds, (rows, length), in an array of their own."""
        timestamps = np.empty(self.shape)
        for rows, _, values in self._results:
            timestamps[rows] = values
        return timestamps


@dataclass(slots=True, eq=False)
class DecodeJob:
    """Rows that are being decoded into an output. The ticket also tells and limits the time of the job."""

    ticket: _core.DecodeTicket
    _output: Output
    _rows: list[int]

    def wait(self, seconds: float | None = None) -> bool:
        """Wait at most `seconds`; return whether the job is done."""
        return self.ticket.wait(seconds)

    def cancel(self) -> None:
        """Stop the work."""
        self.ticket.cancel()

    def collect(self, *, accept_damaged: bool) -> tuple[dict[int, Exception], dict[str, float]]:
        """Bring the results to the output, and return the error of each row that has one, and the statistics.

        With `accept_damaged`, a row that is only damaged has no error.
        """
        status, errors, stats, _ = self.ticket.result()
        shape = len(self._rows), self._output.shape[1]
        by_row = status.reshape(shape)
        self._output.report(self._rows, by_row, self.ticket.timestamps().reshape(shape))
        row_errors = {
            self._rows[position]: error
            for position, error in errors.items()
            if not accept_damaged or by_row[position].max() > FrameStatus.DAMAGED
        }
        return row_errors, stats


def decode_frames(
    video: IndexedSource, frames: list[int], pixels: Pixels, size: tuple[int, int]
) -> npt.NDArray[Any]:
    """Decode frames of one video, resized to (height, width), as an array of one row."""
    output = Output(pixels, 1, len(frames), size)
    request = DecodeRequest()
    request.add(video, 0, frames, None, False)
    job = request.submit(output, _core.ThreadLimit(0), None, may_continue=True)
    job.wait()
    errors, _ = job.collect(accept_damaged=False)
    if errors:
        raise errors[0]
    return output.frames


def decode_planes(video: IndexedSource, frames: list[int]) -> list[Planes]:
    """Decode frames of one video as the decoder's own planes."""
    ticket = _core.submit_planes(video, frames)
    ticket.wait()
    _, errors, _, planes = ticket.result()
    if errors:
        raise errors[0]
    return planes
