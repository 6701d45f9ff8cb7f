"""LeRobot's ``decode_video_frames``: the frames nearest to some times, as float32."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from kinetics_fast.compat.frames import decode, nearest_frames
from kinetics_fast.compat.reading import open_video

__all__ = ["decode_video_frames"]


def decode_video_frames(
    video_path: Any,
    timestamps: Sequence[float],
    tolerance_s: float,
    backend: str | None = None,  # noqa: ARG001 - the signature is LeRobot's
    return_uint8: bool = False,
    is_depth: bool = False,
) -> Any:
    """Decode the frames that begin nearest to some times.

    Parameters
    ----------
    video_path : str, os.PathLike or binary file object
        The video.
    timestamps : sequence of float
        Seconds on the scale of the container.
    tolerance_s : float
        Each frame must begin less than this many seconds from its time.
    backend : str, optional
        Has no effect.
    return_uint8 : bool
        Return uint8 instead of float32 in 0..1.
    is_depth : bool
        Must be False: depth maps of 12 bits are not read.

    Returns
    -------
    torch.Tensor
        Shape (T, 3, H, W).

    Raises
    ------
    ValueError
        A time is further than the tolerance from every frame. If LeRobot is loaded, the error is its own
        ``FrameTimestampError``. Or `is_depth` is true.

    Examples
    --------
    >>> from kinetics_fast.compat.lerobot import decode_video_frames
    >>> decode_video_frames("abseiling.mp4", [0.0, 0.04], 1e-4).shape
    torch.Size([2, 3, 256, 454])
    """
    import torch

    if is_depth:
        raise ValueError("is_depth must be False: kinetics_fast reads 8-bit RGB; use LeRobot's pyav backend")
    video = open_video(video_path)
    indices = nearest_frames(video, timestamps)
    distances = np.abs(video.timestamps[indices] - np.asarray(timestamps, np.float64))
    if not (distances < tolerance_s).all():
        worst = int(distances.argmax())
        raise _timestamp_error()(
            f"{video_path}: timestamps[{worst}] = {timestamps[worst]} s is {distances[worst]:.6g} s from "
            f"the nearest frame, {indices[worst]}, and tolerance_s is {tolerance_s}"
        )
    dtype = "uint8" if return_uint8 else "float32"
    return torch.from_numpy(decode(video, indices.tolist(), layout="TCHW", dtype=dtype))


def _timestamp_error() -> type[Exception]:
    """Return the class that LeRobot raises, so that code that catches this class still does."""
    loaded = sys.modules.get("lerobot.datasets.video_utils")
    error: type[Exception] = getattr(loaded, "FrameTimestampError", ValueError)
    return error
