"""Compares frames of a video with the frames of ffmpeg."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

import kinetics_fast as kf
from videos import oracle

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def wrong_frames(path: Path, indices: Iterable[int]) -> list[int]:
    """Return the frames that differ from ffmpeg's frames, read in one call or each alone."""
    wanted, theirs, video = list(indices), oracle.frames(path).planes, kf.Video(path)
    pairs = zip(wanted, video.planes(wanted), strict=True)
    together = [i for i, planes in pairs if not oracle.equal(planes, theirs[i])]
    return together + [i for i in wanted if not oracle.equal(tuple(video.planes([i])[0]), theirs[i])]


def spread(path: Path, count: int = 12) -> list[int]:
    """Return indices spread over a video, including the first and the last frame."""
    numbers: list[int] = np.linspace(0, len(kf.Video(path)) - 1, count).round().astype(int).tolist()
    return numbers
