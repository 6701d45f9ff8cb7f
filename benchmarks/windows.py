"""The work of the benchmark: windows of videos, drawn once so that every competitor gets the same.

Each window reads from a copy of its video that no other window uses, and `touch` makes the copies look new.
So no cache of indices ever helps, in any thread, while the bytes stay in the page cache.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Sequence

VIDEO_SUFFIXES = {".mp4", ".m4v", ".mov", ".mkv"}


@dataclass(frozen=True)
class Pattern:
    """How the frames of a clip lie in its video."""

    frames: int
    stride: int

    @property
    def name(self) -> str:
        return f"{self.frames}x{self.stride}"

    @property
    def span(self) -> int:
        return (self.frames - 1) * self.stride + 1


@dataclass(frozen=True)
class Video:
    """A video that takes part, and its private copies."""

    copies: tuple[str, ...]
    frames: int
    size: tuple[int, int]


@dataclass(frozen=True)
class Window:
    """One clip to read: the file, its frame size and the frames."""

    path: str
    size: tuple[int, int]
    start: int
    pattern: Pattern

    @property
    def indices(self) -> list[int]:
        return [self.start + i * self.pattern.stride for i in range(self.pattern.frames)]


def find_videos(folder: Path, limit: int, rng: random.Random) -> list[Path]:
    """Find the videos under a folder; where there are more than the limit, choose at random."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in VIDEO_SUFFIXES)
    return sorted(rng.sample(paths, limit)) if len(paths) > limit else paths


def copy_video(path: Path, target: Path, copies: int) -> Video:
    """Copy a video as often as it has windows.  Raises `kinetics_fast.Error` if it cannot be read."""
    # Here, because the peers' processes load this module too and shall not hold a second FFmpeg.
    import kinetics_fast as kf

    video = kf.Video(path)
    folder = Path(tempfile.mkdtemp(dir=target))
    names = [shutil.copy(path, folder / f"{number}_{path.name}") for number in range(copies)]
    return Video(tuple(map(str, names)), len(video), (video.width, video.height))


def draw_windows(videos: Sequence[Video], pattern: Pattern, rng: random.Random) -> list[Window]:
    """One random window a copy of each video that is long enough, the videos taking turns."""
    long_enough = [video for video in videos if video.frames >= pattern.span]
    windows = []
    for turn in zip(*(video.copies for video in long_enough), strict=True):
        for video, copy in zip(long_enough, turn, strict=True):
            windows.append(Window(copy, video.size, rng.randrange(video.frames - pattern.span + 1), pattern))
    return windows


def touch(windows: Iterable[Window]) -> None:
    """Give every copy a modification time that it never had."""
    for window in windows:
        now = time.time_ns()
        os.utime(window.path, ns=(now, now))
