"""One record of a data set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kinetics_fast._decode.source import VideoSource, source_text


@dataclass(frozen=True, slots=True)
class Record:
    """A video, or a span of one, and its label.

    Parameters
    ----------
    source : str, os.PathLike, bytes-like, FileRange or Remote
        The video.
    label : int, array, anything or None, optional
        What a loader returns beside the frames; None for no label.
    start, end : float or None, optional
        Only frames shown at start <= t < end, in seconds, are sampled; None for no bound.
    id : str or None, optional
        Name of the record in the data set.
    frame_index : bytes or None, optional
        The packed frame index of `source`, if one is saved. Reading a clip then parses no container.

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
