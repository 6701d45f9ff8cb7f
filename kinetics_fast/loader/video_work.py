"""One place of a batch: the video that is tried for it, what was drawn of that one, and how it fared."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from kinetics_fast import _core
from kinetics_fast._decode.source import open_source
from kinetics_fast._decode.video import Video
from kinetics_fast.datasets import Record
from kinetics_fast.errors import CorruptError, Error, StaleIndexError, UnsupportedError
from kinetics_fast.loader.drawing import Drawn, draw
from kinetics_fast.loader.draws import EpochDraws
from kinetics_fast.loader.failures import Failure
from kinetics_fast.loader.options import Options
from kinetics_fast.loader.records import as_record


class VideoSource:
    """A source that some videos of a batch share, with its index once that is known, or why there is none."""

    __slots__ = ("core", "error", "video")

    def __init__(self, record: Record) -> None:
        self.error: Exception | None = None
        self.video: Video | None = None
        self.core: _core.Source
        if isinstance(record.source, Video):
            self.core, self.video = record.source._source, record.source
        else:
            self.core = open_source(record.source)
            if record.frame_index is not None:
                with suppress(CorruptError):  # a damaged one is built anew
                    self.indexed(_core.FrameIndex.unpack(record.frame_index))

    def indexed(self, result: _core.FrameIndex | Exception) -> None:
        """Take what indexing gave."""
        if isinstance(result, Exception):
            self.error = result
        else:
            self.video = Video.of(self.core, result)


class VideoWork:
    """A place in a batch that wants a video.

    Attributes
    ----------
    place : int
        Which of the batch's videos it is.
    padding : bool
        Whether it repeats a video to fill up the last batch.
    number : int
        Position in the data set of the video that is tried now.
    record : Record
        That one's.
    source : VideoSource
        That one's, set by who knows which others have the same.
    drawn : Drawn or None
        What was drawn of it.
    error : Exception or None
        Why it fails.
    failures : list of Failure
        Those of all attempts.
    """

    __slots__ = (
        "_attempt", "_position", "_rng", "_row_errors", "drawn", "error", "failures", "number", "padding",
        "place", "record", "source",
    )  # fmt: skip

    source: VideoSource

    def __init__(self, place: int, position: int, number: int, padding: bool, draws: EpochDraws) -> None:
        self.place = place
        self.padding = padding
        self.number = number
        self.failures: list[Failure] = []
        self._position = position
        self._attempt = 0
        self._rng = draws.generator(position, 0)

    @property
    def attempts(self) -> int:
        """How many videos have been tried."""
        return self._attempt + 1

    def begin(self, options: Options) -> None:
        """Look up the record of the video that is tried now."""
        self.record = as_record(options.dataset[self.number])
        self.error: Exception | None = None
        self.drawn: Drawn | None = None
        self._row_errors: dict[int, Exception] = {}

    def replace(self, options: Options, draws: EpochDraws) -> None:
        """Draw another video of the data set instead."""
        self._attempt += 1
        self._begin_draws(options, draws)
        self.begin(options)

    def _begin_draws(self, options: Options, draws: EpochDraws) -> None:
        self._rng = draws.generator(self._position, self._attempt)
        if self._attempt:
            self.number = int(self._rng.integers(len(options.dataset)))

    def forget_saved_index(self, options: Options, draws: EpochDraws) -> bool:
        """Where its saved index was not its file's any more, be as if it had none; False elsewhere."""
        if self.record.frame_index is None or not isinstance(self.error, StaleIndexError):
            return False
        self.record = replace(self.record, frame_index=None)
        self.failures.pop()
        self.error, self.drawn, self._row_errors = None, None, {}
        self._begin_draws(options, draws)
        return True

    def draw(self, options: Options) -> None:
        """Draw its clips, or take over why it cannot be."""
        if self.source.error is not None:
            self.fail(self.source.error)
            return
        assert self.source.video is not None
        try:
            self.drawn = draw(options, self.record, self.source.video, self._rng)
        except Error as error:
            error.path = error.path or self.source.core.name
            self.fail(error.with_traceback(None))  # it would keep the batch that it was raised in
        except ValueError as error:  # the video is too small, or its record's bounds make no sense
            self.fail(UnsupportedError(str(error), self.source.core.name, None, "plan"))

    def fail_rows(self, errors: dict[int, Exception]) -> None:
        """Remember which of its rows fail, and why."""
        self._row_errors = errors
        self.fail(next(iter(errors.values())))

    def row_errors(self, views: int) -> dict[int, Exception]:
        """Give the error of each row that has one; where the video was replaced, the first one's."""
        if self.failures and self.error is None:
            return dict.fromkeys(range(views), self.failures[0].error)
        if self.error is None:
            return {}
        return self._row_errors or dict.fromkeys(range(views), self.error)

    def fail(self, error: Exception) -> None:
        """Remember why it fails."""
        self.error = error
        self.failures.append(Failure(self.number, self.source.core.name, error))
