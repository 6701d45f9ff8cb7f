"""Clips: which frames of a video to decode, and which part of them."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from dataclasses import dataclass
from typing import SupportsIndex

from kinetics_fast._decode.source import VideoSource, source_text
from kinetics_fast._decode.validation import Box, checked_box
from kinetics_fast._decode.video import Video


@dataclass(frozen=True, init=False)
class Clip:
    """T frames of one video: a window (start, frames, stride) or any frame numbers.

    Parameters
    ----------
    source : str, os.PathLike, bytes-like, FileRange, Remote, binary file object or Video
        A Video has its index already. Any other source is indexed by the call; the index of a file is kept
        in a bounded cache. A file object is read by each call, as by `Video`.
    start : int, optional
        First frame of the window.
    frames : int, optional
        Number of frames of the window.
    stride : int, optional
        Distance from one frame of the window to the next, in frames.
    indices : iterable of int, optional
        Frame numbers instead of a window: in any order, repeats allowed, none negative.
    box : (x, y, width, height), optional
        The part of the frame to decode, in source pixels after rotation; fractions are allowed. None means
        the whole frame.
    flip : bool, optional
        Mirror the frames left to right.

    Examples
    --------
    >>> kf.Clip("abseiling.mp4", start=40, frames=16, stride=8).indices[:3]
    (40, 48, 56)
    >>> kf.Clip("abseiling.mp4", indices=[0, 0, 9], box=(16, 16, 224, 224), flip=True).indices
    (0, 0, 9)
    """

    source: VideoSource | Video
    indices: tuple[int, ...]
    box: Box | None
    flip: bool

    def __init__(
        self,
        source: VideoSource | Video,
        start: SupportsIndex | None = None,
        frames: SupportsIndex | None = None,
        stride: SupportsIndex = 1,
        *,
        indices: Iterable[SupportsIndex] | None = None,
        box: Iterable[float] | None = None,
        flip: bool = False,
    ) -> None:
        if indices is None:
            if start is None or frames is None:
                raise TypeError("a clip must have start and frames, or indices")
            first, count, step = operator.index(start), operator.index(frames), operator.index(stride)
            numbers = (
                tuple(range(first, first + count * step, step))
                if step and count > 0
                else (first,) * max(count, 0)
            )
        elif start is not None or frames is not None or stride != 1:
            raise TypeError("a clip must have either start, frames and stride, or indices, not both")
        else:
            numbers = tuple(operator.index(number) for number in indices)
        if not numbers:
            raise ValueError("a clip must have at least one frame")
        object.__setattr__(self, "source", source)
        object.__setattr__(self, "indices", numbers)
        object.__setattr__(self, "box", None if box is None else checked_box(box))
        object.__setattr__(self, "flip", bool(flip))

    def __repr__(self) -> str:
        source = source_text(self.source)
        return f"Clip(source={source}, indices={self.indices}, box={self.box}, flip={self.flip})"
