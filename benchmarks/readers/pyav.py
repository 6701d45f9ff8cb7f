"""PyAV: seek to the key frame, decode, convert the wanted frames with one converter and copy them once.

PyAV has no frame numbers. They are computed from the timestamps, which is correct for a constant frame rate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import av
import numpy as np
from av.video.reformatter import VideoReformatter

from . import Frames, recycled_frames

if TYPE_CHECKING:
    from collections.abc import Sequence

VERSION: str = av.__version__


def read(path: str, indices: Sequence[int]) -> Frames:
    """Decode one clip with one decoder thread."""
    with av.open(path) as container:
        stream: Any = container.streams.video[0]
        stream.thread_type = "NONE"
        frame_duration = 1 / (stream.average_rate * stream.time_base)
        first_pts = stream.start_time or 0
        frames = recycled_frames(len(indices), stream.height, stream.width)
        reformatter = VideoReformatter()
        place = {number: row for row, number in enumerate(indices)}

        container.seek(first_pts + int(indices[0] * frame_duration), stream=stream)
        frame: Any
        rgb: Any
        for frame in container.decode(stream):
            number = round((frame.pts - first_pts) / frame_duration)
            if number in place:
                rgb = reformatter.reformat(frame, format="rgb24")
                lines = np.frombuffer(rgb.planes[0], np.uint8).reshape(frame.height, rgb.planes[0].line_size)
                frames[place[number]] = lines[:, : 3 * frame.width].reshape(frame.height, frame.width, 3)
            if number >= indices[-1]:
                break
    return frames
