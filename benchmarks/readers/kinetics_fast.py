"""kinetics_fast, one clip per call: the library recycles a buffer when its array is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import kinetics_fast as kf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from . import Frames

VERSION: str = kf.__version__


def read(path: str, indices: Sequence[int]) -> Frames:
    """Decode one clip with one decoder thread."""
    frames: Frames = kf.decode_clips([kf.Clip(path, indices=indices)], threads=1).frames[0]
    return frames


def read_batch(requests: Sequence[tuple[str, Sequence[int]]], threads: int) -> Frames:
    """Decode clips of videos of equal size in one call."""
    clips = [kf.Clip(path, indices=indices) for path, indices in requests]
    frames: Frames = kf.decode_clips(clips, threads=threads).frames
    return frames
