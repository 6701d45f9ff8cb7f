"""`VideoLoader`, decord's loader of batches of frames from several videos."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from kinetics_fast.compat.decord.base import DECORDError
from kinetics_fast.compat.decord.bridge import bridge_out
from kinetics_fast.compat.decord.ndarray import DECORDContext, NDArray
from kinetics_fast.compat.decord.video_reader import VideoReader


class VideoLoader:
    """Batches of frames of several videos: an iterator of pairs (frames, indices).

    The frames are (B, H, W, 3) of one video; the indices are int64 (B, 2), each the number of the video and
    of the frame. A tail that does not fill a batch is left out.

    Parameters
    ----------
    uris : list of str
        The videos.
    ctx : DECORDContext or list of DECORDContext
        ``cpu(0)``.
    shape : (batch size, height, width, 3)
        Shape of the frames of a batch.
    interval : int
        Number of frames that are left out between two frames of a batch.
    skip : int
        Number of frames that are left out between two batches.
    shuffle : int
        0: in order; 1: batches of a random video, in order within each video; 2: batches in random order.
        Python's `random` draws.
    prefetch : int
        Accepted and ignored.
    """

    def __init__(
        self,
        uris: Sequence[str],
        ctx: DECORDContext | Sequence[DECORDContext],
        shape: Sequence[int],
        interval: int,
        skip: int,
        shuffle: int,
        prefetch: int = 0,  # noqa: ARG002 - decord's signature
    ) -> None:
        if not isinstance(uris, (list, tuple)) or not uris:
            raise AssertionError(f"uris must be a list of at least one path, got {uris!r}")
        if not isinstance(shape, (list, tuple)) or len(shape) != 4:
            raise AssertionError(f"expected shape: [bs, height, width, 3], given {shape}")
        devices = [ctx] if isinstance(ctx, DECORDContext) else list(ctx)
        batch_size, height, width, _ = shape
        self._batch_size = batch_size
        self._interval, self._skip, self._shuffle = max(0, interval), max(0, skip), max(0, shuffle)
        if self._shuffle > 2:
            raise DECORDError(f"shuffle must be 0, 1 or 2, got {shuffle}")
        self._readers = [VideoReader(uri.strip(), devices[0], width, height) for uri in uris]
        self._batches = self._in_order()
        self.reset()

    def __len__(self) -> int:
        return len(self._batches)

    def reset(self) -> None:
        """Begin again, in a new random order if there is one."""
        self._current = 0
        if self._shuffle == 1:
            videos = [video for video, _ in self._batches]
            random.shuffle(videos)
            in_order = {video: iter([b for b in self._in_order() if b[0] == video]) for video in videos}
            self._batches = [next(in_order[video]) for video in videos]
        elif self._shuffle == 2:
            random.shuffle(self._batches)

    def __iter__(self) -> VideoLoader:
        return self

    def __next__(self) -> tuple[Any, Any]:
        if self._current >= len(self._batches):
            raise StopIteration
        video, start = self._batches[self._current]
        numbers = start + np.arange(self._batch_size) * (self._interval + 1)
        frames = self._readers[video].get_batch(numbers)
        self._current += 1
        indices = np.stack((np.full(self._batch_size, video), numbers), axis=1).astype(np.int64)
        return frames, bridge_out(indices.view(NDArray))

    next = __next__

    def _in_order(self) -> list[tuple[int, int]]:
        """Return the video and the first frame of each batch. decord never uses the last frame of a video."""
        length = self._batch_size * (1 + self._interval) - self._interval
        batches = []
        for video, reader in enumerate(self._readers):
            last = len(reader) - 1
            step = length + self._skip
            count = (last + self._skip) // step if self._shuffle == 1 else len(range(0, last - length, step))
            batches += [(video, number * step) for number in range(count)]
        return batches
