"""From a packed 8-bit frame to its place in the sample with OpenCV: crop, resize, split, normalise.

addWeighted normalises in one pass from bytes to floats. np.subtract and *= need two passes. The planes are
split, because everything that we tried on packed pixels was slower, also torch's arithmetic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from . import MEAN, SIZE, STD, Sample, pixel_box, recycled_samples

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from . import Box

cv2.setNumThreads(1)

SCALE = [1 / (255 * std) for std in STD]
BIAS = [-mean / std for mean, std in zip(MEAN, STD, strict=True)]

_resized = np.empty((SIZE, SIZE, 3), np.uint8)
_planes = [np.empty((SIZE, SIZE), np.uint8) for _ in range(3)]


def place_frame(frame: npt.NDArray[Any], box: Box, place: Sample, *, bgr: bool) -> None:
    """Write the box of a frame to ``place``, (3, SIZE, SIZE) of a sample."""
    x, y, width, height = pixel_box(box)
    crop = frame[y : y + height, x : x + width]
    if (width, height) != (SIZE, SIZE):
        crop = cv2.resize(crop, (SIZE, SIZE), dst=_resized, interpolation=cv2.INTER_LINEAR)
    cv2.split(crop, _planes)
    for channel, plane in enumerate(reversed(_planes) if bgr else _planes):
        scale, bias = SCALE[channel], BIAS[channel]
        cv2.addWeighted(plane, scale, plane, 0.0, bias, dst=place[channel], dtype=cv2.CV_32F)


def place_views(
    frames: Iterable[tuple[int, npt.NDArray[Any]]],
    clips: Sequence[Sequence[int]],
    boxes: Sequence[Box],
    *,
    bgr: bool,
) -> Sample:
    """Write numbered frames to all views that need them: convert once per box, then copy."""
    samples = recycled_samples(len(clips) * len(boxes), len(clips[0]))
    wanted: dict[int, list[tuple[int, int]]] = {}
    for clip, indices in enumerate(clips):
        for position, number in enumerate(indices):
            wanted.setdefault(number, []).append((clip, position))
    for number, frame in frames:
        (clip, position), *others = wanted[number]
        for view, box in enumerate(boxes):
            place = samples[clip * len(boxes) + view, :, position]
            place_frame(frame, box, place, bgr=bgr)
            for other, there in others:
                samples[other * len(boxes) + view, :, there] = place
    return samples
