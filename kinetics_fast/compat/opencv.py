"""OpenCV's ``VideoCapture`` for files: BGR frames one after another, and seeking by frame or by time."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import numpy.typing as npt

import kinetics_fast as kf
from kinetics_fast.compat.frames import UNREADABLE, decode
from kinetics_fast.compat.reading import open_video

__all__ = ["VideoCapture"]

# OpenCV's numbers of the properties, under OpenCV's names.
CAP_PROP_POS_MSEC = 0
CAP_PROP_POS_FRAMES = 1
CAP_PROP_POS_AVI_RATIO = 2
CAP_PROP_FRAME_WIDTH = 3
CAP_PROP_FRAME_HEIGHT = 4
CAP_PROP_FPS = 5
CAP_PROP_FOURCC = 6
CAP_PROP_FRAME_COUNT = 7
CAP_PROP_CONVERT_RGB = 16
CAP_PROP_SAR_NUM = 40
CAP_PROP_SAR_DEN = 41
CAP_PROP_ORIENTATION_META = 48
CAP_PROP_ORIENTATION_AUTO = 49

_UNKNOWN = -1.0  # what `get` returns for a property that it does not have
_FOURCC = {"h264": b"h264", "hevc": b"hevc", "av1": b"AV01", "vp9": b"VP90", "vp8": b"VP80", "mpeg4": b"FMP4"}


class VideoCapture:
    """A video file that is read frame by frame.

    It differs from OpenCV's class: the number of frames is exact, setting the position is exact, and AV1 is
    read on any machine. A frame that does not decode raises an error instead of ending the loop. Cameras,
    streams from a network and image sequences are not read.

    Parameters
    ----------
    filename : str, os.PathLike, bytes or binary file object, optional
        The video. Without one, `open` opens a video later.
    apiPreference : int
        Has no effect.
    params : sequence of int, optional
        Has no effect.

    Raises
    ------
    TypeError
        `filename` is a number: cameras are not read.

    Examples
    --------
    >>> from kinetics_fast.compat.opencv import VideoCapture
    >>> capture = VideoCapture("abseiling.mp4")
    >>> ok, frame = capture.read()
    >>> ok, frame.shape
    (True, (256, 454, 3))
    """

    def __init__(
        self,
        filename: Any = None,
        apiPreference: int = 0,  # noqa: N803 - the names are OpenCV's
        params: Any = (),
    ) -> None:
        self._video: kf.Video | None = None
        self._next = 0
        self._grabbed: int | None = None
        if filename is not None:
            self.open(filename, apiPreference, params)

    def open(self, filename: Any, apiPreference: int = 0, params: Any = ()) -> bool:  # noqa: ARG002, N803
        """Open a video, and return whether it can be read.

        Parameters
        ----------
        filename : str, os.PathLike, bytes or binary file object
            The video.
        apiPreference : int
            Has no effect.
        params : sequence of int, optional
            Has no effect.

        Returns
        -------
        bool
            Whether the video can be read.
        """
        if isinstance(filename, int):
            raise TypeError(
                f"filename must be a file, got {filename}: cameras are not read; use cv2.VideoCapture"
            )
        self.release()
        try:
            self._video = open_video(os.fsdecode(filename) if isinstance(filename, bytes) else filename)
        except UNREADABLE:
            return False
        return True

    def isOpened(self) -> bool:  # noqa: N802
        """Return whether a video is open.

        Returns
        -------
        bool
            Whether a video is open.
        """
        return self._video is not None

    def release(self) -> None:
        """Close the video."""
        self._video, self._next, self._grabbed = None, 0, None

    def read(self, image: Any = None) -> tuple[bool, npt.NDArray[np.uint8] | None]:
        """Decode the next frame.

        Parameters
        ----------
        image : ndarray, optional
            Has no effect: each call returns an array of its own.

        Returns
        -------
        bool
            False at the end of the video, or if no video is open.
        ndarray of uint8, shape (H, W, 3), or None
            BGR.

        Raises
        ------
        kinetics_fast.Error
            The frame does not decode, or the file cannot be read any more.
        """
        return self.retrieve(image) if self.grab() else (False, None)

    def grab(self) -> bool:
        """Go on to the next frame without decoding it, and return whether there is one.

        Returns
        -------
        bool
            False at the end of the video, or if no video is open.
        """
        if self._video is None or self._next >= len(self._video):
            self._grabbed = None
            return False
        self._grabbed = self._next
        self._next += 1
        return True

    def retrieve(self, image: Any = None, flag: int = 0) -> tuple[bool, npt.NDArray[np.uint8] | None]:  # noqa: ARG002
        """Decode the frame that `grab` went to.

        Parameters
        ----------
        image : ndarray, optional
            Has no effect.
        flag : int
            Has no effect.

        Returns
        -------
        bool
            False if `grab` went to no frame.
        ndarray of uint8, shape (H, W, 3), or None
            BGR.
        """
        if self._video is None or self._grabbed is None:
            return False, None
        return True, decode(self._video, [self._grabbed], color="bgr")[0]

    def get(self, propId: int) -> float:  # noqa: N803
        """Return a property, such as ``cv2.CAP_PROP_FPS``; -1 if it is not known or no video is open.

        Parameters
        ----------
        propId : int
            POS_MSEC (of the frame that was read last), POS_FRAMES (number of the next frame), POS_AVI_RATIO,
            FRAME_WIDTH, FRAME_HEIGHT, FPS, FOURCC, FRAME_COUNT, CONVERT_RGB, SAR_NUM, SAR_DEN,
            ORIENTATION_META or ORIENTATION_AUTO.

        Returns
        -------
        float
            The value.
        """
        if self._video is None:
            return _UNKNOWN
        video, following = self._video, self._next
        properties = {
            CAP_PROP_POS_MSEC: lambda: 1000.0 * float(video.timestamps[following - 1] - video.timestamps[0]),
            CAP_PROP_POS_FRAMES: lambda: float(following),
            CAP_PROP_POS_AVI_RATIO: lambda: following / len(video),
            CAP_PROP_FRAME_WIDTH: lambda: float(video.width),
            CAP_PROP_FRAME_HEIGHT: lambda: float(video.height),
            CAP_PROP_FPS: lambda: video.fps,
            CAP_PROP_FOURCC: lambda: float(int.from_bytes(_FOURCC.get(video.codec, b""), "little")),
            CAP_PROP_FRAME_COUNT: lambda: float(len(video)),
            CAP_PROP_CONVERT_RGB: lambda: 1.0,
            CAP_PROP_SAR_NUM: lambda: float(video.sample_aspect_ratio.numerator),
            CAP_PROP_SAR_DEN: lambda: float(video.sample_aspect_ratio.denominator),
            CAP_PROP_ORIENTATION_META: lambda: float(video.rotation),
            CAP_PROP_ORIENTATION_AUTO: lambda: 1.0,
        }
        if propId == CAP_PROP_POS_MSEC and following == 0:
            return 0.0
        return properties[propId]() if propId in properties else _UNKNOWN

    def set(self, propId: int, value: float) -> bool:  # noqa: N803
        """Set the position, and return whether `propId` is a position.

        Parameters
        ----------
        propId : int
            POS_FRAMES (truncated), POS_MSEC (the nearest frame) or POS_AVI_RATIO (0 is the start, 1 the end).
        value : float
            The position. It is limited to the video.

        Returns
        -------
        bool
            Whether the position was set.
        """
        if self._video is None:
            return False
        video = self._video
        if propId == CAP_PROP_POS_FRAMES:
            number = int(value)
        elif propId == CAP_PROP_POS_MSEC:
            number = _frame_at(video, value / 1000.0)
        elif propId == CAP_PROP_POS_AVI_RATIO:
            number = int(value * len(video))
        else:
            return False
        self._next = min(max(number, 0), len(video))
        return True

    def getBackendName(self) -> str:  # noqa: N802
        """Return the name of the reader.

        Returns
        -------
        str
            ``KINETICS_FAST``.
        """
        return "KINETICS_FAST"


def _frame_at(video: kf.Video, seconds: float) -> int:
    """Return the frame that begins nearest to a time; the number of frames for a time past the end."""
    begins = video.timestamps - video.timestamps[0]
    if seconds >= video.duration:
        return len(video)
    after = int(begins.searchsorted(seconds))
    if after == 0:
        return 0
    end = begins[after] if after < len(begins) else video.duration
    return after if end - seconds <= seconds - begins[after - 1] else after - 1
