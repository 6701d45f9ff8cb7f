"""Makes moving pictures of a data set: a few small clips per class, compressed to fit into a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kinetics_fast._decode.clip import Clip
from kinetics_fast._decode.decode_clips import decode_clips
from kinetics_fast.dataset_index import schema
from kinetics_fast.report.counts import NO_LABEL
from kinetics_fast.report.sprite_sheet import sprite_sheet

if TYPE_CHECKING:
    from kinetics_fast._decode.video import Video
    from kinetics_fast.dataset_index.reader import IndexFile

FRAMES, RATE = 8, 5.0  # frames per sprite, and per second of the clip
WIDTH, HEIGHT = 144, 108
CLIPS_PER_CALL = 64
BUDGET = 7_500_000  # bytes of all sprites of a page; base64 adds a third
LEAST_BYTES, MOST_BYTES = 3_000, 16_000  # of one sprite


@dataclass(frozen=True)
class Sprite:
    """One clip of the gallery: its class, its path and a strip of frames as WebP."""

    label: str
    path: str
    webp: bytes


def gallery(index: IndexFile, clips: int, progress: Callable[[int], None] | None = None) -> list[Sprite]:
    """Return sprites of some clips of every class. A clip that cannot be decoded is left out.

    Parameters
    ----------
    index : IndexFile
        The index.
    clips : int
        Clips per class.
    progress : callable, optional
        Called with the number of clips that are done, after each batch.

    Returns
    -------
    list of Sprite
        In the order of classes.
    """
    rows = _chosen(index, clips)
    most_bytes = min(MOST_BYTES, max(LEAST_BYTES, BUDGET // max(1, len(rows))))
    sprites: list[Sprite] = []
    for first in range(0, len(rows), CLIPS_PER_CALL):
        sprites += _sprites(index, rows[first : first + CLIPS_PER_CALL], most_bytes)
        if progress is not None:
            progress(min(len(rows), first + CLIPS_PER_CALL))
    return sprites


def chosen_count(index: IndexFile, clips: int) -> int:
    """Return the largest number of sprites that `gallery` makes."""
    return len(_chosen(index, clips))


def _chosen(index: IndexFile, clips: int) -> list[int]:
    """Return evenly spaced rows of each class with status ok, or short if the class has no others."""
    whole, short = (index.places_of("status", [status]) for status in (schema.OK, schema.SHORT))
    rows = np.flatnonzero(whole | (short & ~np.isin(index.labels(), index.labels()[whole])))
    labels = index.labels()[rows]
    if not len(rows):
        return []
    order = np.argsort(labels, kind="stable")
    starts = np.flatnonzero(np.diff(labels[order], prepend=-2))
    chosen: list[int] = []
    for of_class in np.split(rows[order], starts[1:]):
        places = np.unique((np.arange(clips) + 0.5) * len(of_class) // max(1, clips)).astype(np.int64)
        chosen += of_class[places].tolist()
    return chosen


def _sprites(index: IndexFile, rows: list[int], most_bytes: int) -> list[Sprite]:
    clips = [_clip(index.video(row)) for row in rows]
    batch = decode_clips(clips, size=(HEIGHT, WIDTH), on_error="zero", accept_damaged=True)
    names = index.classes
    return [
        Sprite(
            names[label] if label >= 0 else NO_LABEL,
            index.table.column("path")[row].as_py(),
            sprite_sheet(batch.frames[i], most_bytes),
        )
        for i, (row, label) in enumerate(zip(rows, index.labels()[rows].tolist(), strict=True))
        if i not in batch.errors
    ]


def _clip(video: Video) -> Clip:
    """Return one and a half seconds around the middle, cropped to the shape of a sprite."""
    stride = max(1, round(video.fps / RATE))
    first = max(0, (len(video) - (FRAMES - 1) * stride) // 2)
    indices = np.minimum(first + stride * np.arange(FRAMES), len(video) - 1)
    width = min(video.width, video.height * WIDTH / HEIGHT)
    height = width * HEIGHT / WIDTH
    box = ((video.width - width) / 2, (video.height - height) / 2, width, height)
    return Clip(video, indices=indices, box=box)
