"""The work of the benchmark: windows of videos, drawn once, so that all competitors read the same windows.

Each window reads from its own copy of the video, and `touch` gives the copies a new modification time.
Therefore no cache of indices helps in any thread, while the bytes stay in the page cache.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable, Sequence

Box = tuple[float, float, float, float]  # x, y, width, height in source pixels

VIDEO_SUFFIXES = {".mp4", ".m4v", ".mov", ".mkv"}


@dataclass(frozen=True)
class Pattern:
    """The number of frames of a clip, and the distance between them in the video."""

    frames: int
    stride: int

    @property
    def name(self) -> str:
        return f"{self.frames}x{self.stride}"

    @property
    def span(self) -> int:
        return (self.frames - 1) * self.stride + 1

    def indices(self, start: int) -> list[int]:
        return [start + i * self.stride for i in range(self.frames)]


@dataclass(frozen=True)
class Video:
    """A video that takes part, and its copies."""

    copies: tuple[str, ...]
    frames: int
    size: tuple[int, int]


class Work(Protocol):
    """One task of a reader."""

    @property
    def path(self) -> str: ...

    @property
    def arguments(self) -> tuple[Any, ...]:
        """The arguments of the reader's function."""


@dataclass(frozen=True)
class Window:
    """One clip to read: the file, the frame size, the frames and, for a training sample, the box."""

    path: str
    size: tuple[int, int]
    start: int
    pattern: Pattern
    box: Box | None = None

    @property
    def arguments(self) -> tuple[Any, ...]:
        indices = self.pattern.indices(self.start)
        return (self.path, indices) if self.box is None else (self.path, indices, self.box)

    @property
    def output_size(self) -> tuple[int, int]:
        """The output size. Clips of equal output size fit into one call. All samples have the same size."""
        return self.size if self.box is None else (0, 0)


@dataclass(frozen=True)
class MultiView:
    """Several clips of one video, each in several boxes."""

    path: str
    size: tuple[int, int]
    starts: tuple[int, ...]
    pattern: Pattern
    boxes: tuple[Box, ...]

    @property
    def arguments(self) -> tuple[Any, ...]:
        return self.path, [self.pattern.indices(start) for start in self.starts], self.boxes

    def views(self) -> list[Window]:
        return [Window(self.path, self.size, s, self.pattern, box) for s in self.starts for box in self.boxes]


def find_videos(folder: Path, limit: int, rng: random.Random) -> list[Path]:
    """Find the videos under a folder. If there are more than `limit`, choose at random."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in VIDEO_SUFFIXES)
    return sorted(rng.sample(paths, limit)) if len(paths) > limit else paths


def copy_video(path: Path, target: Path, copies: int) -> Video:
    """Copy a video once per window. Raises `kinetics_fast.Error` if the video cannot be read."""
    # Imported here because the processes of the peers load this module too and must not load a second FFmpeg.
    import kinetics_fast as kf

    video = kf.Video(path)
    folder = Path(tempfile.mkdtemp(dir=target))
    names = [shutil.copy(path, folder / f"{number}_{path.name}") for number in range(copies)]
    return Video(tuple(map(str, names)), len(video), (video.width, video.height))


def draw_windows(
    videos: Sequence[Video],
    pattern: Pattern,
    rng: random.Random,
    crop: Callable[[int, int], Box] | None = None,
) -> list[Window]:
    """Draw one random window per copy of each video that is long enough. The videos take turns.

    ``crop`` gives the box for a width and a height.
    """
    long_enough = [video for video in videos if video.frames >= pattern.span]
    windows = []
    for turn in zip(*(video.copies for video in long_enough), strict=True):
        for video, copy in zip(long_enough, turn, strict=True):
            start = rng.randrange(video.frames - pattern.span + 1)
            windows.append(Window(copy, video.size, start, pattern, crop(*video.size) if crop else None))
    return windows


def touch(windows: Iterable[Work]) -> None:
    """Give every copy a new modification time."""
    for window in windows:
        now = time.time_ns()
        os.utime(window.path, ns=(now, now))
