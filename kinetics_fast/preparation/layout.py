"""Tells from a frame index whether a file is laid out for reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from kinetics_fast import _core
from kinetics_fast._decode.video import MAX_PIXELS
from kinetics_fast.preparation.recipe import B_PICTURES, GOP

LONGEST_GOP: Final = 128
REFERENCE_EVERY: Final = 8  # pictures; on average there is at most one that others refer to


@dataclass(frozen=True)
class Layout:
    """How the pictures of a video depend on each other.

    Attributes
    ----------
    longest_gop : int
        The largest number of frames from an entry to the next.
    references : int
        Number of pictures that others refer to.
    fewest : int
        That number if every GOP had the layout of `prepare`.
    is_for_reading : bool
        Entries are near each other, and few pictures are referred to.
    """

    longest_gop: int
    references: int
    fewest: int
    is_for_reading: bool


def index_packets(source: _core.Source) -> _core.FrameIndex:
    """Index a source and read its packets, which tells the droppable ones.

    Raises
    ------
    Error
        The source cannot be read.
    """
    ticket = _core.submit_index([source], MAX_PIXELS, None, read_packets=True)
    ticket.wait()
    (index,) = ticket.result()
    if isinstance(index, Exception):
        raise index
    return index


def read_layout(source: _core.Source) -> Layout | None:
    """Return the layout of a source. Its packets are read, but no picture is decoded."""
    return layout_of(index_packets(source))


def layout_of(index: _core.FrameIndex) -> Layout | None:
    """Return the layout of a video; None if the index does not know which packets are droppable."""
    share = index.droppable_share
    if share is None:
        return None
    frames = len(index)
    lengths = np.diff([*index.keyframes().tolist(), frames])
    references = frames - round(share * frames)
    longest = int(lengths.max(initial=0))
    is_for_reading = longest <= LONGEST_GOP and references <= references_of(lengths, REFERENCE_EVERY)
    return Layout(longest, references, references_of(lengths, B_PICTURES + 1), is_for_reading)


def references_of(lengths: np.typing.NDArray[np.int64], distance: int) -> int:
    """Return how many pictures are referred to in GOPs with a P-picture every `distance` pictures.

    The last picture of a closed GOP is a P-picture too.
    """
    return int(np.sum(1 + -(-(lengths - 1) // distance)))


def why_not_as_written(index: _core.FrameIndex) -> str | None:
    """Return how a file differs from the layout that the recipes ask x264 for; None if it has the layout."""
    layout = layout_of(index)
    if layout is None:
        return "it is not known which of its packets are droppable"
    if layout.longest_gop > GOP:
        return f"{layout.longest_gop} pictures from an entry to the next, expected at most {GOP}"
    if layout.references > layout.fewest:
        return f"{layout.references} pictures are referred to, expected {layout.fewest}"
    return None
