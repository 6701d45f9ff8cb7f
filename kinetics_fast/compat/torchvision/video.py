"""`read_video` and `read_video_timestamps`: ranges of frames, and the times of all frames."""

from __future__ import annotations

import math
import warnings
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

import kinetics_fast as kf
from kinetics_fast.compat.frames import UNREADABLE, decode

if TYPE_CHECKING:
    from typing import Literal


def read_video(
    filename: Any,
    start_pts: float | Fraction = 0,
    end_pts: float | Fraction | None = None,
    pts_unit: Literal["pts", "sec"] = "pts",
    output_format: str = "THWC",
) -> tuple[Any, Any, dict[str, Any]]:
    """Read the frames of a video from a time to a time, both included.

    If no frame begins exactly at a start above 0, the frame before it comes first. Sound is not read.
    Rotation is applied.

    Parameters
    ----------
    filename : str, os.PathLike, bytes or binary file object
        The video.
    start_pts, end_pts : int, float or Fraction
        The times; None means the end of the video. Seconds are rounded outwards to ticks of the time base.
    pts_unit : {"pts", "sec"}
        Unit of the times: ticks of the time base, or seconds.
    output_format : {"THWC", "TCHW"}
        Order of the axes.

    Returns
    -------
    frames : torch.Tensor
        uint8. (0, 1, 1, 3) or (0, 3, 1, 1) if the file cannot be read or no frame is in the range.
    audio : torch.Tensor
        Always empty: float32 of shape (1, 0).
    info : dict
        ``video_fps``; empty if the file cannot be read.

    Raises
    ------
    ValueError
        `end_pts` is before `start_pts`, or `output_format` or `pts_unit` is not known.
    kinetics_fast.CorruptError
        A frame does not decode.

    Examples
    --------
    >>> from kinetics_fast.compat.torchvision import read_video
    >>> frames, audio, info = read_video("abseiling.mp4", 1, 2, pts_unit="sec")
    >>> frames.shape, info
    (torch.Size([26, 256, 454, 3]), {'video_fps': 25.0})
    """
    import torch

    output_format = output_format.upper()
    if output_format not in ("THWC", "TCHW"):
        raise ValueError(f"output_format must be 'THWC' or 'TCHW', got {output_format!r}")
    _check_unit(pts_unit)
    if end_pts is not None and end_pts < start_pts:
        raise ValueError(f"end_pts must be at least start_pts, got {end_pts} and {start_pts}")
    frames, info = np.empty((0, 1, 1, 3), np.uint8), {}
    video = _opened(filename)
    if video is not None:
        info["video_fps"] = video.fps
        numbers = _frames_in(video, *_ticks(video, start_pts, end_pts, pts_unit))
        if numbers:
            frames = decode(video, numbers)
    tensor = torch.from_numpy(frames)
    if output_format == "TCHW":
        tensor = tensor.permute(0, 3, 1, 2)
    return tensor, torch.empty((1, 0), dtype=torch.float32), info


def read_video_timestamps(
    filename: Any, pts_unit: Literal["pts", "sec"] = "pts"
) -> tuple[list[int] | list[Fraction], float | None]:
    """List the times at which the frames of a video begin. Nothing is decoded.

    Parameters
    ----------
    filename : str, os.PathLike, bytes or binary file object
        The video.
    pts_unit : {"pts", "sec"}
        Unit of the times.

    Returns
    -------
    times : list of int, or of Fraction for seconds
        Ascending; empty if the file cannot be read. Then there is a RuntimeWarning.
    fps : float or None
        Average frames per second.

    Raises
    ------
    ValueError
        `pts_unit` is not known.

    Examples
    --------
    >>> from kinetics_fast.compat.torchvision import read_video_timestamps
    >>> times, fps = read_video_timestamps("abseiling.mp4", pts_unit="sec")
    >>> len(times), times[1], fps
    (250, Fraction(1, 25), 25.0)
    """
    _check_unit(pts_unit)
    try:
        video = kf.Video(filename)
    except UNREADABLE as error:
        warnings.warn(f"cannot read {filename}: {error}", RuntimeWarning, stacklevel=2)
        return [], None
    ticks: list[int] = video.pts.tolist()
    return ([tick * video.time_base for tick in ticks] if pts_unit == "sec" else ticks), video.fps


def _opened(filename: Any) -> kf.Video | None:
    try:
        return kf.Video(filename)
    except UNREADABLE:
        return None


def _ticks(
    video: kf.Video, start: float | Fraction, end: float | Fraction | None, unit: str
) -> tuple[float | Fraction, float | Fraction]:
    """Return the range in ticks. Seconds are multiplied by 1 / time base, as in torchvision."""
    last = math.inf if end is None else end
    if unit == "pts":
        return start, last
    rate = 1 / video.time_base
    return math.floor(start * rate), last if last == math.inf else math.ceil(last * rate)


def _frames_in(video: kf.Video, start: float | Fraction, end: float | Fraction) -> range:
    """Return the frames from start to end, both included, and the frame before a start between two frames."""
    pts = video.pts
    first, stop = int(pts.searchsorted(float(start))), int(pts.searchsorted(float(end), "right"))
    between = start > 0 and not (first < len(pts) and pts[first] == start)
    return range(max(first - between, 0), stop)


def _check_unit(pts_unit: str) -> None:
    if pts_unit not in ("pts", "sec"):
        raise ValueError(f"pts_unit must be 'pts' or 'sec', got {pts_unit!r}")
