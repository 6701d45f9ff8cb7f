"""scikit-video's ``vread`` and ``vreader``: all frames of a video."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

import kinetics_fast as kf
from kinetics_fast.compat.frames import decode, replace
from kinetics_fast.compat.reading import open_video

__all__ = ["patch", "vread", "vreader"]

_BYTES_AT_ONCE = 1 << 26  # of frames that `vreader` decodes together


def vread(
    fname: Any,
    height: int = 0,
    width: int = 0,
    num_frames: int = 0,
    as_grey: bool = False,
    inputdict: dict[str, str] | None = None,
    outputdict: dict[str, str] | None = None,
    backend: str = "ffmpeg",  # noqa: ARG001 - the signature is scikit-video's
    verbosity: int = 0,  # noqa: ARG001
) -> npt.NDArray[np.uint8]:
    """Decode a whole video.

    Parameters
    ----------
    fname : str, os.PathLike, bytes or binary file object
        The video.
    height, width : int
        Must be 0: they are for raw video without a header, which is not read.
    num_frames : int
        Number of frames from the start; 0 means all.
    as_grey : bool
        Return the luma with one channel.
    inputdict, outputdict : dict, optional
        Must be empty: there is no ffmpeg command that takes options. ``kf.Video.frames`` chooses frames and
        sizes.
    backend : str
        Has no effect.
    verbosity : int
        Has no effect.

    Returns
    -------
    ndarray of uint8, shape (T, H, W, 3), or (T, H, W, 1) with `as_grey`
        The frames.

    Raises
    ------
    kinetics_fast.Error
        The video cannot be read.
    ValueError
        An argument must be empty and is not.

    Examples
    --------
    >>> from kinetics_fast.compat.skvideo import vread
    >>> vread("abseiling.mp4", num_frames=10).shape
    (10, 256, 454, 3)
    """
    _check(height=height, width=width, inputdict=inputdict, outputdict=outputdict)
    video = open_video(fname)
    return decode(video, range(_count(video, num_frames)), color="gray" if as_grey else "rgb")


def vreader(
    fname: Any,
    height: int = 0,
    width: int = 0,
    num_frames: int = 0,
    as_grey: bool = False,
    inputdict: dict[str, str] | None = None,
    outputdict: dict[str, str] | None = None,
    backend: str = "ffmpeg",  # noqa: ARG001 - the signature is scikit-video's
    verbosity: int = 0,  # noqa: ARG001
) -> Iterator[npt.NDArray[np.uint8]]:
    """Iterate over the frames of a video. Several frames are decoded at a time.

    Parameters
    ----------
    fname : str, os.PathLike, bytes or binary file object
        The video.
    height, width : int
        Must be 0, as for `vread`.
    num_frames : int
        Number of frames from the start; 0 means all.
    as_grey : bool
        Return the luma with one channel.
    inputdict, outputdict : dict, optional
        Must be empty, as for `vread`.
    backend : str
        Has no effect.
    verbosity : int
        Has no effect.

    Returns
    -------
    iterator of ndarray
        Each frame is uint8 of shape (H, W, 3), or (H, W, 1) with `as_grey`.

    Raises
    ------
    kinetics_fast.Error, ValueError
        As for `vread`.

    Examples
    --------
    >>> from kinetics_fast.compat.skvideo import vreader
    >>> next(vreader("abseiling.mp4")).shape
    (256, 454, 3)
    """
    _check(height=height, width=width, inputdict=inputdict, outputdict=outputdict)
    return _frames(open_video(fname), num_frames, as_grey)


def patch(peer: Any) -> Callable[[], None]:
    """Put `vread` and `vreader` into ``skvideo.io``, whose own functions need a NumPy before 1.24.

    Parameters
    ----------
    peer : module
        ``skvideo.io``.

    Returns
    -------
    callable
        Puts the old functions back.

    Examples
    --------
    >>> import skvideo.io  # doctest: +SKIP
    >>> undo = patch(skvideo.io)  # doctest: +SKIP
    """
    return replace(peer, {"vread": vread, "vreader": vreader})


def _frames(video: kf.Video, num_frames: int, as_grey: bool) -> Iterator[npt.NDArray[np.uint8]]:
    count = _count(video, num_frames)
    at_once = max(1, _BYTES_AT_ONCE // (3 * video.width * video.height))
    for first in range(0, count, at_once):
        part = range(first, min(first + at_once, count))
        yield from decode(video, part, color="gray" if as_grey else "rgb")


def _count(video: kf.Video, num_frames: int) -> int:
    return min(num_frames, len(video)) if num_frames else len(video)


def _check(**arguments: Any) -> None:
    for name, value in arguments.items():
        if value:
            raise ValueError(
                f"{name} must be empty, got {value!r}: no ffmpeg command is run that could take it"
            )
