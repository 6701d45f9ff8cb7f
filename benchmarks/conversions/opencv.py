"""OpenCV and NumPy: convert the crop or the frame to RGB and scale it, or scale the planes and convert them.

Scaling the planes first is the fastest way when shrinking. Its picture differs: chroma has half the size of
the output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from . import MEAN, SCALE, SIZE, STD, packed

if TYPE_CHECKING:
    from collections.abc import Callable

    from . import DecodedClip, Plane

VERSION: str = cv2.__version__

cv2.setNumThreads(1)


def pipelines(clip: DecodedClip) -> dict[str, Callable[[], None]]:
    """Give the conversions of a clip."""
    height, width = clip.crops[0][0].shape
    scaled = (height, width) != (SIZE, SIZE)
    wholes = [packed(picture) for picture in clip.pictures] if scaled else []
    x, y = (2 * round(value / 2) for value in clip.box[:2])
    crop = np.s_[y : y + height, x : x + width]
    small, small_planes = _buffer(SIZE, SIZE)
    cropped, cropped_planes = _buffer(height, width)
    rgb = np.empty((SIZE, SIZE, 3), np.uint8)
    cropped_rgb = np.empty((height, width, 3), np.uint8)
    whole_rgb = np.empty((clip.height, clip.width, 3), np.uint8)
    channels = [np.empty((SIZE, SIZE), np.uint8) for _ in range(3)]

    def normalise(pixels: Plane, t: int) -> None:
        cv2.split(pixels, channels)
        for plane, place in zip(channels, clip.output[:, t], strict=True):
            cv2.addWeighted(plane, SCALE, plane, 0.0, -MEAN / STD, dst=place, dtype=cv2.CV_32F)

    def crop_first() -> None:
        for t, planes in enumerate(clip.crops):
            for plane, target in zip(planes, cropped_planes, strict=True):
                target[...] = plane
            cv2.cvtColor(cropped, cv2.COLOR_YUV2RGB_I420, dst=cropped_rgb)
            normalise(_resized(cropped_rgb, rgb) if scaled else cropped_rgb, t)

    def scale_planes_first() -> None:
        for t, planes in enumerate(clip.crops):
            for plane, target in zip(planes, small_planes, strict=True):
                _resized(plane, target)
            cv2.cvtColor(small, cv2.COLOR_YUV2RGB_I420, dst=rgb)
            normalise(rgb, t)

    def whole_frame_first() -> None:
        for t, whole in enumerate(wholes):
            cv2.cvtColor(whole, cv2.COLOR_YUV2RGB_I420, dst=whole_rgb)
            normalise(_resized(whole_rgb[crop], rgb), t)

    if not scaled:
        return {"OpenCV crop to RGB": crop_first}
    return {
        "OpenCV crop to RGB": crop_first,
        "OpenCV scale planes, half chroma": scale_planes_first,
        "OpenCV frame to RGB": whole_frame_first,
    }


def _resized(source: Plane, target: Plane) -> Plane:
    cv2.resize(source, target.shape[1::-1], dst=target, interpolation=cv2.INTER_LINEAR)
    return target


def _buffer(height: int, width: int) -> tuple[Plane, tuple[Plane, Plane, Plane]]:
    """Give one array in the form that OpenCV needs for 4:2:0, and its planes as views."""
    whole = np.empty((height * 3 // 2, width), np.uint8)
    chroma = whole[height:].reshape(2, height // 2, width // 2)
    return whole, (whole[:height], chroma[0], chroma[1])
