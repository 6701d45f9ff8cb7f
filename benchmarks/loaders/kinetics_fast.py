"""kf.ClipLoader, and the same clips with decode_clips alone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from samples import MEAN, SHORT_SIDE, SIZE, STD
from windows import touch

import kinetics_fast as kf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from windows import Window

PIXELS: dict[str, Any] = {"layout": "CTHW", "dtype": "float32", "mean": MEAN, "std": STD, "antialias": False}


def record_of(window: Window) -> kf.Record:
    """Give a record whose start and end enclose only the frames of the window."""
    timestamps = kf.Video(window.path).timestamps
    end = window.start + window.pattern.span
    return kf.Record(
        window.path, 0, timestamps[window.start], timestamps[end] if end < len(timestamps) else None
    )


class Loader:
    """The loader. ``workers`` is the number of its threads."""

    def __init__(
        self,
        windows: Sequence[Window],
        batch_size: int,
        workers: int,
        clips: int | None = None,
        repeat: int = 1,
    ) -> None:
        pattern = windows[0].pattern
        records = [record_of(w) if clips is None else kf.Record(w.path, 0) for w in windows]
        self._windows = windows
        self._batch_size = batch_size
        self._workers = workers
        self._repeat = repeat
        self._loader = kf.ClipLoader(
            records * repeat,
            kf.RandomClips(pattern.frames, pattern.stride, clips=clips or 1),
            kf.CenterCrop(SIZE, short_side=SHORT_SIDE),
            batch_size=batch_size,
            threads=workers,
            **PIXELS,
        )

    def epoch(self) -> tuple[float, float]:
        begin = time.monotonic()
        first = 0.0
        for _ in self._loader:
            first = first or time.monotonic() - begin
        return first, time.monotonic() - begin

    def decode_alone(self) -> float:
        """Decode the same batches with decode_clips, and give the seconds per batch."""
        touch(self._windows)
        windows = [*self._windows] * self._repeat
        begin = time.monotonic()
        for first in range(0, len(windows), self._batch_size):
            batch = windows[first : first + self._batch_size]
            clips = [kf.Clip(w.path, indices=w.pattern.indices(w.start), box=w.box) for w in batch]
            kf.decode_clips(clips, SIZE, threads=self._workers, **PIXELS)
        return (time.monotonic() - begin) / len(self._loader)

    def behind_a_model(self, seconds: float) -> tuple[float, float]:
        """Sleep `seconds` for each batch. Give the seconds per batch and the share of time spent waiting.

        The clock starts when the first batch arrives, because no loader can hide the time of the first batch.
        """
        touch(self._windows)
        hand_outs = []
        for _ in self._loader:
            hand_outs.append(time.monotonic())
            time.sleep(seconds)
        apart = (hand_outs[-1] - hand_outs[0]) / (len(hand_outs) - 1)
        return apart, 1 - seconds / apart
