"""kinetics_fast: one clip per call, clips of many videos in one call, or all views of a video in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import kinetics_fast as kf

from . import MEAN, SIZE, STD, Box, Sample

if TYPE_CHECKING:
    from collections.abc import Sequence

VERSION: str = kf.__version__


def decode(clips: Sequence[kf.Clip], threads: int) -> kf.Batch:
    """Make the samples of some clips."""
    pixels: dict[str, Any] = {"size": SIZE, "layout": "CTHW", "dtype": "float32", "mean": MEAN, "std": STD}
    return kf.decode_clips(clips, **pixels, antialias=False, threads=threads)


def read(path: str, indices: Sequence[int], box: Box) -> Sample:
    """Decode one clip with one decoder thread."""
    sample: Sample = decode([kf.Clip(path, indices=indices, box=box)], 1).frames[0]
    return sample


def read_batch(requests: Sequence[tuple[str, Sequence[int], Box]], threads: int) -> Sample:
    """Decode clips of many videos in one call."""
    return decode(
        [kf.Clip(path, indices=indices, box=box) for path, indices, box in requests], threads
    ).frames


def read_views(path: str, clips: Sequence[Sequence[int]], boxes: Sequence[Box]) -> Sample:
    """Decode all views of a video in one call, with one decoder thread."""
    return decode([kf.Clip(path, indices=indices, box=box) for indices in clips for box in boxes], 1).frames
