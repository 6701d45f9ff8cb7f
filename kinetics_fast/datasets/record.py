"""One row of a data set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kinetics_fast._decode.source import VideoSource, source_text


@dataclass(frozen=True, slots=True)
class Record:
    """A video, or a stretch of one, and what it is labelled with.

    Parameters
    ----------
    source : str, os.PathLike, bytes-like or FileRange
        Where the video is.
    label : int, array, anything or None, optional
        What a loader hands out beside the frames; None where there is none.
    start, end : float or None, optional
        Seconds of the video that bound what is sampled: frames shown at start <= t < end.
    id : str or None, optional
        What the data set calls it.
    frame_index : bytes or None, optional
        The packed frame index of `source`, where one is saved: a clip then costs no parsing of the container.

    Examples
    --------
    >>> kf.Record("abseiling.mp4", label=0, start=2.0, end=8.0).label
    0
    """

    source: VideoSource
    label: Any = None
    start: float | None = None
    end: float | None = None
    id: str | None = None
    frame_index: bytes | None = None

    def __repr__(self) -> str:
        index = None if self.frame_index is None else source_text(self.frame_index)
        return (
            f"Record(source={source_text(self.source)}, label={self.label!r}, start={self.start}, "
            f"end={self.end}, id={self.id!r}, frame_index={index})"
        )
