"""The videos of a batch: each source once, with its index, and why some rows cannot be decoded."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from kinetics_fast import _core
from kinetics_fast._decode.bounds import check_box, check_frames
from kinetics_fast._decode.clip import Clip
from kinetics_fast._decode.source import open_source, source_identity
from kinetics_fast._decode.video import MAX_PIXELS, Video
from kinetics_fast.crops.geometry import checked_size
from kinetics_fast.errors import FrameRangeError


class BatchVideos:
    """Index what has no index yet and check every row against its video.

    Attributes
    ----------
    known : list of (Source, FrameIndex)
        The videos that could be indexed, each once.
    number : dict of int to int
        Row to its place in `known`.
    errors : dict of int to Exception
        Rows that cannot be decoded, and why.
    """

    def __init__(self, clips: Sequence[Clip], timeout: float | None) -> None:
        self._clips = clips
        self.known: list[tuple[_core.Source, _core.FrameIndex]] = []
        self.number: dict[int, int] = {}
        self.errors: dict[int, Exception] = {}
        rows_of: dict[Hashable, list[int]] = {}
        for row, clip in enumerate(clips):
            rows_of.setdefault(source_identity(clip.source), []).append(row)
        missing: list[tuple[_core.Source, list[int]]] = []
        for rows in rows_of.values():
            video = clips[rows[0]].source
            if isinstance(video, Video):
                self._add(video._source, video._index, rows)
            else:
                missing.append((open_source(video), rows))
        if missing:
            # A file that does not answer must not take the time of those that do.
            limit = timeout if timeout is None or len(rows_of) == 1 else timeout / 2
            ticket = _core.submit_index([source for source, _ in missing], MAX_PIXELS, limit)
            ticket.wait()
            for (source, rows), result in zip(missing, ticket.result(), strict=True):
                if isinstance(result, Exception):
                    self.errors.update(dict.fromkeys(rows, result))
                else:
                    self._add(source, result, rows)

    def _add(self, source: _core.Source, index: _core.FrameIndex, rows: list[int]) -> None:
        self.known.append((source, index))
        for row in rows:
            self.number[row] = len(self.known) - 1
            self._check_box(row, index)
            try:
                check_frames(self._clips[row].indices, index, source.name)
            except FrameRangeError as error:
                self.errors[row] = error

    def _check_box(self, row: int, index: _core.FrameIndex) -> None:
        box = self._clips[row].box
        if box is not None:
            check_box(box, index.width, index.height, f"clip {row}: ")

    def output_size(self, size: int | tuple[int, int] | None) -> tuple[int, int]:
        """Give (height, width) of every row: what was asked for, or the size that all rows have anyway."""
        if size is not None:
            return checked_size(size)
        own: dict[tuple[int, int], int] = {}
        for row, number in self.number.items():
            own.setdefault(self._own_size(row, self.known[number][1]), row)
        if not own:
            raise self.errors[min(self.errors)]
        if len(own) > 1:
            sizes = ", ".join(f"{width}x{height} (clip {row})" for (height, width), row in own.items())
            raise ValueError(f"the clips differ in size: {sizes}; pass size=")
        return next(iter(own))

    def _own_size(self, row: int, index: _core.FrameIndex) -> tuple[int, int]:
        box = self._clips[row].box
        if box is None:
            return index.height, index.width
        if not (box[2].is_integer() and box[3].is_integer()):
            raise ValueError(
                f"clip {row}: a box of {box[2]}x{box[3]} pixels has no size of its own; pass size="
            )
        return int(box[3]), int(box[2])
