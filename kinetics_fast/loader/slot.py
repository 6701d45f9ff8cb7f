"""One slot of a batch: the video that is tried for it, and what has failed so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from kinetics_fast.datasets import Record
from kinetics_fast.loader.failures import Failure
from kinetics_fast.loader.options import Options
from kinetics_fast.loader.records import as_record
from kinetics_fast.loader.rng import EpochDraws


@dataclass(frozen=True, slots=True)
class Attempt:
    """A video that is tried for a slot.

    Attributes
    ----------
    number : int
        0 for the video that the epoch's plan has; replacements count from 1.
    record_index : int
        Position of the video in the data set.
    record : Record
        The video.
    rng : Generator
        What is drawn from the video comes from here.
    """

    number: int
    record_index: int
    record: Record
    rng: np.random.Generator


@dataclass(frozen=True, slots=True)
class Failed:
    """The current attempt of a slot has failed.

    Attributes
    ----------
    row_errors : dict of int to Exception
        The error of each row of the batch that has one; at least one.
    decoded : bool
        Whether the slot's rows were decoded, so that some of their frames may be there.
    """

    row_errors: dict[int, Exception]
    decoded: bool

    @property
    def error(self) -> Exception:
        """The error of the first row that has one."""
        return next(iter(self.row_errors.values()))


@dataclass(eq=False, slots=True)
class Slot:
    """A slot of a batch, which takes the clips of one video.

    Attributes
    ----------
    rows : range
        Rows of the batch.
    epoch_position : int
        Position in the epoch's order.
    padding : bool
        Whether the slot repeats a video to fill up the last batch of a rank.
    attempt : Attempt
        The video that is tried now.
    path : str
        The name of that video's source, once it is known.
    failed : Failed or None
        Why that video cannot be used; None as long as nothing has failed.
    failures : list of Failure
        The failures of all attempts.
    """

    rows: range
    epoch_position: int
    padding: bool
    attempt: Attempt
    path: str = ""
    failed: Failed | None = None
    failures: list[Failure] = field(default_factory=list)

    @property
    def row_slice(self) -> slice:
        """The rows as an index into the arrays of the batch."""
        return slice(self.rows.start, self.rows.stop)

    def fail(self, error: Exception) -> None:
        """Note that the video cannot be decoded at all."""
        self._note(Failed(dict.fromkeys(self.rows, error), decoded=False))

    def fail_rows(self, row_errors: dict[int, Exception]) -> None:
        """Note that some rows of the video were decoded with errors."""
        self._note(Failed(row_errors, decoded=True))

    def _note(self, failed: Failed) -> None:
        self.failed = failed
        self.failures.append(Failure(self.attempt.record_index, self.path, failed.error))

    def replace_video(self, options: Options, draws: EpochDraws) -> None:
        """Try another video of the data set."""
        number = self.attempt.number + 1
        rng = draws.generator(self.epoch_position, number)
        record_index = int(rng.integers(len(options.dataset)))
        self.attempt = Attempt(number, record_index, as_record(options.dataset[record_index]), rng)
        self.failed = None

    def forget_saved_index(self, options: Options, draws: EpochDraws) -> None:
        """Try the same video from the start, as if its record had no saved index."""
        rng = draws.generator(self.epoch_position, self.attempt.number)
        if self.attempt.number:
            rng.integers(len(options.dataset))  # the draw that chose this video
        record = replace(self.attempt.record, frame_index=None)
        self.attempt = replace(self.attempt, record=record, rng=rng)

    def row_errors(self) -> dict[int, Exception]:
        """Return the error of each row that has one; after a replacement, that of the planned video."""
        if self.failed is not None:
            return self.failed.row_errors
        return dict.fromkeys(self.rows, self.failures[0].error) if self.failures else {}
