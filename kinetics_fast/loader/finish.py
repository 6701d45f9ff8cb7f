"""From the videos of a batch, decoded or failed, to the batch that is handed out."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

import numpy as np
import numpy.typing as npt

from kinetics_fast.loader.batch import ClipBatch
from kinetics_fast.loader.failures import too_many
from kinetics_fast.loader.options import Options
from kinetics_fast.loader.records import label_rows
from kinetics_fast.loader.video_work import VideoWork

Frames = npt.NDArray[Any]


def finish(
    options: Options, videos: Sequence[VideoWork], frames: Frames | None, status: npt.NDArray[np.uint8]
) -> ClipBatch:
    """Apply the policy on errors: raise, leave zeros, or leave rows out."""
    failed = [video for video in videos if video.error is not None]
    if failed and options.on_error == "replace":
        failures = failed[0].failures
        raise too_many(len(failures), "one after the other, to fill one place of a batch", failures)
    if failed and (options.on_error == "raise" or frames is None):
        assert failed[0].error is not None
        raise copy(failed[0].error)  # the one in the statistics shall not keep this batch by its traceback
    assert frames is not None
    batch = _all_rows(options, videos, frames, status)
    if not failed:
        return batch
    if options.on_error == "skip":
        return _kept_rows(batch, [video.error is None for video in videos], options.views)
    for video in failed:
        if video.drawn is None:  # nothing was decoded into its rows
            frames[_rows(options, video)] = 0
    return batch


def _rows(options: Options, video: VideoWork) -> slice:
    return slice(video.place * options.views, (video.place + 1) * options.views)


def _all_rows(
    options: Options, videos: Sequence[VideoWork], frames: Frames, status: npt.NDArray[np.uint8]
) -> ClipBatch:
    indices = np.full(status.shape, -1, np.int64)
    timestamps = np.full(status.shape, np.nan)
    valid = np.repeat([not video.padding for video in videos], options.views)
    errors: dict[int, Exception] = {}
    for video in videos:
        rows = _rows(options, video)
        if video.drawn is not None and video.source.video is not None:
            numbers = np.repeat(video.drawn.indices, options.crop_views, axis=0)
            indices[rows] = numbers
            timestamps[rows] = video.source.video.timestamps[numbers]
        for view, error in video.row_errors(options.views).items():
            errors[rows.start + view] = error
            valid[rows.start + view] &= video.error is None
    records = np.repeat(np.array([video.number for video in videos], np.int64), options.views)
    labels = label_rows([video.record.label for video in videos], options.views)
    return ClipBatch(frames, labels, records, valid, status, errors, indices, timestamps)


def _kept_rows(batch: ClipBatch, kept: Sequence[bool], views: int) -> ClipBatch:
    """Leave rows out; those that stay move up in the same array."""
    rows = np.flatnonzero(np.repeat(kept, views))
    for place, row in enumerate(rows.tolist()):
        if place != row:
            batch.frames[place] = batch.frames[row]
    labels = batch.labels
    return ClipBatch(
        batch.frames[: len(rows)],
        [labels[row] for row in rows.tolist()] if isinstance(labels, list) else labels[rows],
        batch.records[rows],
        batch.valid[rows],
        batch.status[rows],
        {},
        batch.indices[rows],
        batch.timestamps[rows],
    )
