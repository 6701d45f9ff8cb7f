"""What the drop-ins share: opening a video as other readers do, and decoding although frames are damaged."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Literal

import numpy.typing as npt

import kinetics_fast as kf

MAX_THREADS = 1024  # of kf.decode_clips


def open_video(source: Any, stream: int | Literal["best"] = "best") -> kf.Video:
    """Open a stream of a video: by its number, or the one that FFmpeg finds best.

    A path is made absolute, so that a later change of the working directory does no harm.
    """
    if isinstance(source, (str, os.PathLike)):
        source = os.path.abspath(os.fspath(source))  # noqa: PTH100 - pathlib would follow no symbolic links
    return kf.Video(source, stream=stream)


class FrameReader:
    """Decodes frames of one video to uint8 RGB of one size, and remembers which of them were damaged.

    Other readers return damaged frames without a word. Their drop-ins return damaged frames, too, but warn
    once.

    Parameters
    ----------
    video : kf.Video
        The video.
    size : (height, width)
        Output size in pixels.
    threads : int
        Number of threads; 0 or less means the number of CPUs.
    box : (x, y, width, height), optional
        The part of the frame that is read, in source pixels.
    """

    def __init__(
        self,
        video: kf.Video,
        size: tuple[int, int],
        threads: int,
        box: tuple[float, float, float, float] | None = None,
    ) -> None:
        self.video = video
        self.size = size
        self.damaged: set[int] = set()
        self._threads = min(threads, MAX_THREADS) if threads > 0 else None
        self._box = box

    def __call__(self, numbers: Sequence[int]) -> npt.NDArray[Any]:
        """Return frames by number, uint8 (T, H, W, 3). There must be at least one."""
        if len(numbers) == 1 and self._box is None:  # perhaps a step of many: Video.frames makes them cheap
            with suppress(kf.CorruptError):
                return self.video.frames(numbers, size=self.size)
        clip = kf.Clip(self.video, indices=numbers, box=self._box)
        batch = kf.decode_clips([clip], self.size, threads=self._threads, accept_damaged=True)
        damaged = batch.status[0] == kf.FrameStatus.DAMAGED
        if damaged.any():
            self._note(batch.indices[0][damaged].tolist())
        frames: npt.NDArray[Any] = batch.frames[0]
        return frames

    def _note(self, numbers: Sequence[int]) -> None:
        if not self.damaged:
            what = f"{self.video!r}: frame {numbers[0]} is damaged; the decoder has concealed the damage"
            warnings.warn(what, stacklevel=5)
        self.damaged.update(numbers)
