"""Indexes a batch of files on all CPUs and collects the facts about each. Writes nothing."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from kinetics_fast import _core
from kinetics_fast._decode.video import MAX_PIXELS
from kinetics_fast._files import open_regular
from kinetics_fast.dataset_index import saved_frame_index, schema
from kinetics_fast.errors import CorruptError, raise_if_scarce
from kinetics_fast.scan.container import Structure, read_structure
from kinetics_fast.scan.decode_check import first_damage
from kinetics_fast.scan.verdict import Verdict, verdict_of_error, verdict_of_index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kinetics_fast.scan.header_hash import Fingerprint

Row = dict[str, Any]


@dataclass(frozen=True)
class FileToRead:
    """A file, or a range of a file.

    Attributes
    ----------
    name : str
        The path in the index.
    offset : int or None
        Where the range begins, in bytes; None for a whole file.
    path : str
        The path in the file system.
    fingerprint : Fingerprint or OSError
        Size and hash, or why the file could not be read.
    """

    name: str
    offset: int | None
    path: str
    fingerprint: Fingerprint | OSError

    def source(self) -> _core.Source:
        """Return the source that the extension reads."""
        if self.offset is None or isinstance(self.fingerprint, OSError):
            return _core.Source(os.fsencode(self.path))
        return _core.Source(os.fsencode(self.path), self.offset, self.fingerprint.size)

    def open(self) -> tuple[BinaryIO, int]:
        """Open the file, and return where the video begins in it."""
        return cast("BinaryIO", open_regular(self.path)), self.offset or 0


class Examination:
    """A batch of files that is being read. Reading begins when the object is made.

    Parameters
    ----------
    files : sequence of FileToRead
        The files.
    decode : bool
        Decode every frame.
    threads : int, optional
        Number of threads that decode; 0 means the number of CPUs.
    """

    def __init__(self, files: Sequence[FileToRead], *, decode: bool, threads: int = 0) -> None:
        self._files = files
        self._decode = decode
        self._threads = threads
        self._sources = [file.source() for file in files]
        self._ticket = _core.submit_index(self._sources, MAX_PIXELS, None, read_packets=True)

    def rows(self) -> list[Row]:
        """Wait for the batch and return one row of `schema.PARTS` per file, in the order of the files."""
        self._ticket.wait()
        results = self._ticket.result()
        rows = [_row(file, result) for file, result in zip(self._files, results, strict=True)]
        if self._decode:
            self._decode_frames(rows, results)
        return [row | {"decoded": self._decode} for row in rows]

    def cancel(self) -> None:
        """Stop reading the files that have not been read yet."""
        self._ticket.cancel()

    def _decode_frames(self, rows: list[Row], results: Sequence[_core.FrameIndex | Exception]) -> None:
        videos = {
            i: (self._sources[i], result)
            for i, result in enumerate(results)
            if not isinstance(result, Exception)
        }
        for i, damage in zip(videos, first_damage(list(videos.values()), self._threads), strict=True):
            if damage and rows[i]["status"] == schema.OK:
                rows[i]["status"], rows[i]["reason"] = schema.UNDECODABLE, damage


def _row(file: FileToRead, result: _core.FrameIndex | Exception) -> Row:
    row: Row = {"path": file.name, "offset": file.offset}
    if isinstance(file.fingerprint, OSError):
        verdict = Verdict(schema.UNDECODABLE, file.fingerprint.strerror or str(file.fingerprint))
        return row | {"status": verdict.status, "reason": verdict.reason}
    row["size"] = file.fingerprint.size
    row["header_hash"] = file.fingerprint.header_hash
    if file.fingerprint.size == 0:
        return row | {"status": schema.EMPTY, "reason": "the file is empty"}
    structure = _structure(file)
    if isinstance(result, Exception):
        verdict = verdict_of_error(result, structure)
        # An error that may go away (permissions, a codec that a later version supports) is tried again.
        if verdict.status == schema.UNDECODABLE and not isinstance(result, CorruptError):
            row["header_hash"] = None
    else:
        verdict = verdict_of_index(result, structure)
        row |= _facts(result)
    return row | {"status": verdict.status, "reason": verdict.reason}


def _structure(file: FileToRead) -> Structure:
    assert not isinstance(file.fingerprint, OSError)
    try:
        opened, begin = file.open()
        with opened:
            return read_structure(opened, begin, file.fingerprint.size)
    except OSError as error:
        raise_if_scarce(error)
        return Structure()  # the file has become unreadable; the error of the extension says so


def _facts(index: _core.FrameIndex) -> Row:
    return {
        "codec": index.codec,
        "pixel_format": index.pixel_format,
        "width": index.width,
        "height": index.height,
        "fps": index.fps,
        "frames": len(index),
        "duration": index.duration,
        "keyframe_spacing": index.keyframe_spacing,
        "droppable_share": index.droppable_share,
        "frame_index": saved_frame_index.compress(index),
    }
