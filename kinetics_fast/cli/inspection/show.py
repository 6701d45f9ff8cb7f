"""Writes contact sheets of a window of one video, or of a batch of a scanned data set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kinetics_fast._decode.clip import Clip
from kinetics_fast._decode.decode_clips import decode_clips
from kinetics_fast.cli.inspection.crops import CropName, boxes_of, crop_of
from kinetics_fast.cli.pictures.contact_sheet import save_contact_sheet
from kinetics_fast.cli.pictures.window_sheet import window_sheet
from kinetics_fast.errors import FrameRangeError
from kinetics_fast.loader import ClipLoader
from kinetics_fast.samplers import RandomClips

if TYPE_CHECKING:
    from pathlib import Path

    from kinetics_fast._decode.video import Video
    from kinetics_fast.datasets.dataset import Dataset

BATCH = 8


@dataclass(frozen=True)
class Window:
    """What to show. If `start` is None: the middle of a video, a random window of each clip of a batch."""

    start: int | None
    frames: int
    stride: int
    crop: CropName | None
    size: int
    seed: int


def show_video(video: Video, window: Window, picture: Path) -> str:
    """Write the sheet of a window and return what it shows. Past the end, the last frame is repeated."""
    last = max(0, len(video) - 1 - (window.frames - 1) * window.stride)
    start = last // 2 if window.start is None else window.start
    wanted = start + window.stride * np.arange(window.frames)
    if not 0 <= start < len(video):
        raise FrameRangeError(
            f"the video has frames 0 to {len(video) - 1}", video._source.name, start, "plan"
        )
    batch = decode_clips(
        [Clip(video, indices=np.minimum(wanted, len(video) - 1))], on_error="zero", accept_damaged=True
    )
    boxes = None
    if window.crop is not None:
        boxes = boxes_of(crop_of(window.crop, window.size), video.width, video.height, window.seed)
    sheet = window_sheet(batch.frames[0], batch.indices[0], batch.timestamps[0], boxes)
    picture.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(picture)
    damaged = int(np.count_nonzero(batch.status[0]))
    return f"frames {start} to {batch.indices[0][-1]} of {len(video)}" + (
        f", {damaged} of them damaged" if damaged else ""
    )


def show_batch(dataset: Dataset, window: Window, picture: Path) -> str:
    """Write the sheet of the first batch of a loader, and return what it shows."""
    loader = ClipLoader(
        dataset,
        RandomClips(window.frames, window.stride),
        crop=crop_of(window.crop or CropName.CENTER, window.size),
        batch_size=min(BATCH, len(dataset)),
        shuffle=True,
        seed=window.seed,
        layout="THWC",
        dtype="uint8",
        on_error="zero",
    )
    batch = next(iter(loader))
    names = [_name(dataset, record) for record in batch.records.tolist()]
    save_contact_sheet(picture, np.asarray(batch.frames), batch.indices, names, batch.errors)
    videos = min(BATCH, len(dataset))
    return f"{len(names)} views of {videos} videos of {len(dataset)}"


def _name(dataset: Dataset, number: int) -> str:
    record = dataset[number]
    label = dataset.classes[record.label] if isinstance(record.label, int) and dataset.classes else ""
    return f"{record.id} {label}".strip()
