"""decord: get_batch, then OpenCV from the crop to the sample, as in mmaction2 but without its copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import decord

from . import Box, Sample, recycled_samples
from .placing import place_frame, place_views

if TYPE_CHECKING:
    from collections.abc import Sequence

VERSION: str = decord.__version__


def read(path: str, indices: Sequence[int], box: Box) -> Sample:
    """Make one sample with one decoder thread."""
    sample: Sample = recycled_samples(1, len(indices))[0]
    frames = decord.VideoReader(path, num_threads=1).get_batch(indices).asnumpy()
    for position, frame in enumerate(frames):
        place_frame(frame, box, sample[:, position], bgr=False)
    return sample


def read_views(path: str, clips: Sequence[Sequence[int]], boxes: Sequence[Box]) -> Sample:
    """Decode all wanted frames in one call and cut all views out of them."""
    wanted = sorted({number for indices in clips for number in indices})
    frames = decord.VideoReader(path, num_threads=1).get_batch(wanted).asnumpy()
    return place_views(zip(wanted, frames, strict=True), clips, boxes, bgr=False)
