"""A part of a video, which samplers can treat as a video."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from kinetics_fast.errors import FrameRangeError
from kinetics_fast.samplers.protocols import SampledVideo


class VideoSpan:
    """The frames of a video that are shown at start <= t < end.

    Frame 0 of the span is frame `first_frame` of the video: add `first_frame` to what a sampler returns.

    Parameters
    ----------
    video : SampledVideo
        The whole video.
    start, end : float or None
        Seconds on the scale of ``video.timestamps``; None means the start or end of the video. Time outside
        the video is ignored.

    Raises
    ------
    FrameRangeError
        No frame of the video is shown between `start` and `end`.
    ValueError
        `end` is not after `start`.

    Examples
    --------
    >>> span = VideoSpan(video, 2.0, 8.0)
    >>> span.first_frame, span.num_frames, span.duration
    (50, 150, 6.0)
    >>> kf.UniformClips(4, stride=2)(span, np.random.default_rng(0)) + span.first_frame
    array([[121, 123, 125, 127]])
    """

    __slots__ = ("_stop", "_video", "first_frame")

    first_frame: int

    def __init__(self, video: SampledVideo, start: float | None = None, end: float | None = None) -> None:
        if not (-math.inf if start is None else start) < (math.inf if end is None else end):
            raise ValueError(f"end must be after start, got start={start}, end={end}")
        self._video = video
        self.first_frame = 0
        self._stop = video.num_frames
        if start is not None or end is not None:
            self._bound(start, end)

    def _bound(self, start: float | None, end: float | None) -> None:
        timestamps = self._video.timestamps
        if end is not None:
            self._stop = int(timestamps.searchsorted(end))
        if start is not None:
            self.first_frame = max(int(timestamps.searchsorted(start, "right")) - 1, 0)
        begin = float(timestamps[0]) if len(timestamps) else 0.0
        last = begin + self._video.duration
        if self._stop == 0 or (start is not None and start >= last):
            wanted = (
                f"{'' if start is None else f'from {start:.6g} s '}{'' if end is None else f'to {end:.6g} s'}"
            )
            raise FrameRangeError(
                f"no frame is shown {wanted.strip()}; the video lasts from {begin:.6g} s to {last:.6g} s",
                stage="plan",
            )

    @property
    def num_frames(self) -> int:
        """Number of frames of the span."""
        return self._stop - self.first_frame

    @property
    def fps(self) -> float:
        """Average frames per second of the video."""
        return self._video.fps

    @property
    def duration(self) -> float:
        """Seconds from the pts of the first frame of the span to the end of its last frame."""
        if self.num_frames == self._video.num_frames:
            return self._video.duration
        timestamps = self._video.timestamps
        if self._stop < len(timestamps):
            end = float(timestamps[self._stop])
        else:
            end = float(timestamps[0]) + self._video.duration
        return end - float(timestamps[self.first_frame])

    @property
    def timestamps(self) -> npt.NDArray[np.float64]:
        """Seconds at which each frame of the span is first shown, on the scale of the video."""
        return self._video.timestamps[self.first_frame : self._stop]

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self._video.width

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self._video.height
