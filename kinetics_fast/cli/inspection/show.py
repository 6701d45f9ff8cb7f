"""Contact sheets: of a window of one video, or of a batch that a loader would give of a scanned data set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

import kinetics_fast as kf
from kinetics_fast._decode.video import source_and_index
from kinetics_fast.cli.inspection.crops import CropName, boxes_of, crop_of
from kinetics_fast.cli.pictures.contact_sheet import save_contact_sheet
from kinetics_fast.cli.pictures.window_sheet import window_sheet

if TYPE_CHECKING:
    from pathlib import Path

BATCH = 8


@dataclass(frozen=True)
class Window:
    """What is shown: `start` None is the middle of a video, and a random place of a data set's clips."""

    start: int | None
    frames: int
    stride: int
    crop: CropName | None
    size: int
    seed: int


def show_video(video: kf.Video, window: Window, picture: Path) -> str:
    """Write the sheet of a window and say what it shows; past the end the last frame is repeated."""
    last = max(0, len(video) - 1 - (window.frames - 1) * window.stride)
    start = last // 2 if window.start is None else window.start
    wanted = start + window.stride * np.arange(window.frames)
    if not 0 <= start < len(video):
        raise kf.FrameRangeError(
            f"the video has frames 0 to {len(video) - 1}", source_and_index(video).source.name, start, "plan"
        )
    batch = kf.decode_clips(
        [kf.Clip(video, indices=np.minimum(wanted, len(video) - 1))], on_error="zero", accept_damaged=True
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


def show_batch(dataset: kf.Dataset, window: Window, picture: Path) -> str:
    """Write the sheet of the first batch that a loader gives, and say what it shows."""
    loader = kf.ClipLoader(
        dataset,
        kf.RandomClips(window.frames, window.stride),
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


def _name(dataset: kf.Dataset, number: int) -> str:
    record = dataset[number]
    label = dataset.classes[record.label] if isinstance(record.label, int) and dataset.classes else ""
    return f"{record.id} {label}".strip()
