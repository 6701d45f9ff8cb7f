"""torch: swscale converts the crop to RGB, then interpolate in bytes or floats; or interpolate the planes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import av
import numpy as np
import torch
from av.video.reformatter import VideoReformatter
from torch.nn.functional import interpolate

from . import MEAN, SCALE, SIZE, STD, packed

if TYPE_CHECKING:
    from collections.abc import Callable

    from . import DecodedClip

VERSION: str = torch.__version__

torch.set_num_threads(1)

LUMA = 255 / 219
BT601 = ((LUMA, 0.0, 1.5960), (LUMA, -0.3918, -0.8130), (LUMA, 2.0172, 0.0))
OFFSETS = (16.0, 128.0, 128.0)


def pipelines(clip: DecodedClip) -> dict[str, Callable[[], None]]:
    """Give the conversions of a clip."""
    height, width = clip.crops[0][0].shape
    scaled = (height, width) != (SIZE, SIZE)
    frames: list[Any] = [av.VideoFrame.from_ndarray(packed(crop), format="yuv420p") for crop in clip.crops]
    pictures = [[torch.from_numpy(plane) for plane in crop] for crop in clip.crops]
    output = torch.from_numpy(clip.output)
    reformatter: Any = VideoReformatter()
    matrix = torch.tensor(BT601) * SCALE
    bias = -(matrix @ torch.tensor(OFFSETS))[:, None] - MEAN / STD
    yuv = torch.empty(3, SIZE, SIZE)

    def resized(image: Any) -> Any:
        return interpolate(image[None], (SIZE, SIZE), mode="bilinear", align_corners=False)[0]

    def rgb_of(frame: Any) -> Any:
        plane = reformatter.reformat(frame, format="rgb24").planes[0]
        rows = np.frombuffer(plane, np.uint8).reshape(height, plane.line_size)
        pixels = rows[:, : 3 * width].reshape(height, width, 3).copy()  # the plane ends with its frame
        return torch.from_numpy(pixels).permute(2, 0, 1)

    def in_bytes() -> None:
        for t, frame in enumerate(frames):
            rgb = rgb_of(frame)
            output[:, t].copy_(resized(rgb) if scaled else rgb).sub_(255 * MEAN).mul_(SCALE)

    def in_floats() -> None:
        for t, frame in enumerate(frames):
            rgb = resized(rgb_of(frame).float())
            torch.sub(rgb, 255 * MEAN, out=output[:, t]).mul_(SCALE)

    def from_planes() -> None:
        for t, planes in enumerate(pictures):
            for plane, place in zip(planes, yuv, strict=True):
                place.copy_(plane if plane.shape == place.shape else resized(plane[None].float())[0])
            rgb = torch.addmm(bias, matrix, yuv.view(3, -1)).view(3, SIZE, SIZE)
            torch.clamp(rgb, -MEAN / STD, (1 - MEAN) / STD, out=output[:, t])

    ways: dict[str, Callable[[], None]] = {
        "swscale to rgb24, torch": in_bytes,
        "torch from the planes": from_planes,
    }
    if scaled:
        ways["swscale to rgb24, torch in floats"] = in_floats
    return ways
