"""PyAV: OpenCV scales the crops of the decoded planes and then converts the small planes to RGB.

This takes less time than reformat() and NumPy (bench_kernels.py). The box is rounded to whole samples of each
plane. PyAV has no frame numbers. They are computed from the timestamps, which is correct for a constant frame
rate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import av
import cv2
import numpy as np

from . import SIZE, Box, Sample, pixel_box, recycled_samples
from .placing import place_frame

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

VERSION: str = av.__version__
WHOLE = (0.0, 0.0, float(SIZE), float(SIZE))

_packed = np.empty((SIZE * 3 // 2, SIZE), np.uint8)
_chroma = _packed[SIZE:].reshape(2, SIZE // 2, SIZE // 2)
_targets = (_packed[:SIZE], _chroma[0], _chroma[1])
_rgb = np.empty((SIZE, SIZE, 3), np.uint8)


def read(path: str, indices: Sequence[int], box: Box) -> Sample:
    """Make one sample with one decoder thread."""
    sample: Sample = recycled_samples(1, len(indices))[0]
    place = {number: row for row, number in enumerate(indices)}
    chroma_box = pixel_box((box[0] / 2, box[1] / 2, box[2] / 2, box[3] / 2))
    plane_boxes = (pixel_box(box), chroma_box, chroma_box)
    for number, frame in _frames(path, indices[0], indices[-1]):
        if number in place:
            rgb = _crop_to_rgb(frame, plane_boxes)
            place_frame(rgb, WHOLE, sample[:, place[number]], bgr=False)
    return sample


def _frames(path: str, first: int, last: int) -> Iterator[tuple[int, Any]]:
    with av.open(path) as container:
        stream: Any = container.streams.video[0]
        stream.thread_type = "NONE"
        frame_duration = 1 / (stream.average_rate * stream.time_base)
        first_pts = stream.start_time or 0
        container.seek(first_pts + int(first * frame_duration), stream=stream)
        frame: Any
        for frame in container.decode(stream):
            number = round((frame.pts - first_pts) / frame_duration)
            yield number, frame
            if number >= last:
                return


def _crop_to_rgb(frame: Any, boxes: tuple[tuple[int, int, int, int], ...]) -> npt.NDArray[Any]:
    if frame.format.name not in ("yuv420p", "yuvj420p"):
        frame = frame.reformat(format="yuv420p")
    for plane, target, (x, y, width, height) in zip(frame.planes, _targets, boxes, strict=True):
        lines = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
        crop = lines[y : y + height, x : x + width]
        if crop.shape == target.shape:
            target[...] = crop
        else:
            cv2.resize(crop, target.shape[::-1], dst=target, interpolation=cv2.INTER_LINEAR)
    return cv2.cvtColor(_packed, cv2.COLOR_YUV2RGB_I420, dst=_rgb)
