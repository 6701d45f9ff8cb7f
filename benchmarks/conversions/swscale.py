"""swscale through PyAV scales the crop to its final size, then NumPy normalises.

One pipeline uses packed RGB, the usual form. Two pipelines use planar RGB, because NumPy reads contiguous
bytes faster. "Bilinear" widens its filter when shrinking, as antialiasing does. "Fast bilinear" does so in
one direction only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import av
import numpy as np
from av.video.reformatter import VideoReformatter

from . import MEAN, SCALE, SIZE, packed

if TYPE_CHECKING:
    from collections.abc import Callable

    from . import DecodedClip

VERSION: str = av.__version__


def pipelines(clip: DecodedClip) -> dict[str, Callable[[], None]]:
    """Give the conversions of a clip."""
    frames: list[Any] = [av.VideoFrame.from_ndarray(packed(crop), format="yuv420p") for crop in clip.crops]
    output = clip.output
    reformatter: Any = VideoReformatter()
    mean, scale = np.float32(255 * MEAN), np.float32(SCALE)

    def reformat(frame: Any, pixels: str, interpolation: str) -> Any:
        return reformatter.reformat(frame, SIZE, SIZE, pixels, interpolation=interpolation)

    def packed_rgb() -> None:
        for t, frame in enumerate(frames):
            plane = reformat(frame, "rgb24", "BILINEAR").planes[0]
            rows = np.frombuffer(plane, np.uint8).reshape(SIZE, plane.line_size)
            view = rows[:, : 3 * SIZE].reshape(SIZE, SIZE, 3).transpose(2, 0, 1)
            place = output[:, t]
            np.subtract(view, mean, out=place)
            place *= scale

    def planar_rgb(interpolation: str) -> None:
        for t, frame in enumerate(frames):
            for channel, plane in zip((1, 2, 0), reformat(frame, "gbrp", interpolation).planes, strict=True):
                rows = np.frombuffer(plane, np.uint8).reshape(SIZE, plane.line_size)
                place = output[channel, t]
                np.subtract(rows[:, :SIZE], mean, out=place)
                place *= scale

    return {
        "swscale to rgb24, NumPy": packed_rgb,
        "swscale to gbrp, NumPy": lambda: planar_rgb("BILINEAR"),
        "swscale fast bilinear to gbrp, NumPy": lambda: planar_rgb("FAST_BILINEAR"),
    }
