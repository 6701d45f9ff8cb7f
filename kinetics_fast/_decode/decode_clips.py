"""Many clips of many videos, decoded on all CPUs into one array."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from kinetics_fast import _core
from kinetics_fast._decode.arguments import whole_number
from kinetics_fast._decode.batch_videos import BatchVideos
from kinetics_fast._decode.clip import Clip
from kinetics_fast._decode.pixels import PerChannel, Pixels
from kinetics_fast._decode.status import FrameStatus


@dataclass(frozen=True, eq=False)
class Batch:
    """What `decode_clips` gives: B clips of T frames.

    Attributes
    ----------
    frames : ndarray
        (B, T, H, W, C), (B, T, C, H, W) or (B, C, T, H, W); uint8, float16 or float32. The caller's own
        where ``out=`` was given.
    timestamps : ndarray of float64
        (B, T) seconds; NaN where the video could not be read or has no such frames.
    indices : ndarray of int64
        (B, T) frame numbers.
    status : ndarray of uint8
        (B, T) of `FrameStatus`.
    errors : dict of int to Exception
        An error of each row that has one: that of the first of its frames that was found to fail.
    stats : dict
        Sums over the call: ``runs``, ``packets_sent``, ``packets_dropped``, ``frames_decoded``,
        ``frames_converted``, ``bytes_read``, and the threads' seconds ``seconds_reading``,
        ``seconds_decoding``, ``seconds_converting``.
    """

    frames: npt.NDArray[Any]
    timestamps: npt.NDArray[np.float64]
    indices: npt.NDArray[np.int64]
    status: npt.NDArray[np.uint8]
    errors: dict[int, Exception]
    stats: dict[str, float] = field(repr=False)


def decode_clips(
    clips: Sequence[Clip],
    size: int | tuple[int, int] | None = None,
    layout: str = "THWC",
    dtype: npt.DTypeLike = "uint8",
    color: str = "rgb",
    mean: PerChannel | None = None,
    std: PerChannel | None = None,
    interpolation: str = "bilinear",
    antialias: bool = True,
    out: npt.NDArray[Any] | None = None,
    threads: int | None = None,
    on_error: str = "raise",
    timeout: float | None = None,
    *,
    accept_damaged: bool = False,
) -> Batch:
    """Decode clips of any videos into one array.

    Clips of one video share its decoding: overlapping windows and several boxes cost one decoding. Pixels
    are computed once, in their final place. The GIL is released; Ctrl-C stops the call.

    Parameters
    ----------
    clips : sequence of Clip
        B clips with the same number of frames T.
    size : int or (height, width), optional
        Output size, an int for a square. None: the source's (or the box's) own size, which must then be
        the same in all clips.
    layout : {"THWC", "TCHW", "CTHW"}
        Order of the axes after the batch axis.
    dtype : {"uint8", "float16", "float32"}
        uint8 is rounded half up; floats are x / 255, or (x / 255 - mean) / std.
    color : {"rgb", "bgr", "gray"}
        ``gray`` has one channel, the stream's own luma.
    mean, std : float or sequence of float, optional
        One for each channel, in 0..1 units. Only with float dtypes.
    interpolation : {"bilinear", "bicubic"}
        Geometry of torch's ``interpolate(align_corners=False)``.
    antialias : bool
        Widen the filter when shrinking, as Pillow and torchvision do.
    out : ndarray, optional
        C-contiguous array of the result's shape and dtype to write to.
    threads : int, optional
        Runs decoded at once; None is the number of CPUs this process may use.
    on_error : {"raise", "zero"}
        ``raise`` raises the first row's error; ``zero`` leaves zeros and tells in ``status`` and ``errors``.
        Where no video can be read and `size` is None there is no size for zeros either: the error is raised.
    timeout : float, optional
        Seconds for the whole call. What was not reached is NOT_RUN, or FAILED where its file could not be
        indexed in time; its row's error is a DecodeTimeout. Of several files, one that does not answer
        takes at most half of it.
    accept_damaged : bool
        Do not count DAMAGED frames as errors.

    Returns
    -------
    Batch

    Raises
    ------
    OpenError, UnsupportedError, CorruptError, FrameRangeError, DecodeTimeout
        With ``on_error="raise"``, for the first row that failed.
    ValueError, TypeError
        The request itself makes no sense; nothing was decoded.

    Examples
    --------
    >>> clips = [kf.Clip("abseiling.mp4", start=s, frames=16, stride=8) for s in (0, 90)]
    >>> batch = kf.decode_clips(clips, size=224, layout="CTHW", dtype="float32", mean=0.45, std=0.225)
    >>> batch.frames.shape
    (2, 3, 16, 224, 224)
    """
    if on_error not in ("raise", "zero"):
        raise ValueError(f"on_error is 'raise' or 'zero', not {on_error!r}")
    pixels = Pixels.of(layout, dtype, color, mean, std, interpolation, antialias)
    threads = checked_threads(threads)
    deadline = _deadline(timeout)
    indices = _indices(clips)
    videos = BatchVideos(clips, _left(deadline))
    if on_error == "raise":
        _raise_first(videos.errors)
    output_size = videos.output_size(size)
    frames = pixels.output(len(clips), indices.shape[1], output_size, out)

    rows = [row for row in range(len(clips)) if row not in videos.errors]
    requests = [
        (videos.number[row], row, list(clips[row].indices), clips[row].box, clips[row].flip) for row in rows
    ]
    ticket = _core.submit_decode(
        videos.known,
        requests,
        frames,
        output_size,
        pixels.request,
        _core.ThreadLimit(threads),
        _left(deadline),
    )
    ticket.wait()
    row_status, row_errors, stats, _ = ticket.result()

    status = _of_all_rows(row_status, rows, indices.shape, FrameStatus.FAILED)
    timestamps = _of_all_rows(ticket.timestamps(), rows, indices.shape, np.nan)
    errors = dict(videos.errors)
    errors.update((rows[i], error) for i, error in row_errors.items())
    for row in videos.errors:
        frames[row] = 0
    if accept_damaged:
        bad_rows = np.flatnonzero((status > FrameStatus.DAMAGED).any(axis=1))
        errors = {row: errors[row] for row in bad_rows.tolist()}
    if on_error == "raise":
        _raise_first(errors)
    return Batch(frames, timestamps, indices, status, dict(sorted(errors.items())), stats)


def _indices(clips: Sequence[Clip]) -> npt.NDArray[np.int64]:
    if not hasattr(clips, "__getitem__"):
        raise TypeError(f"clips is a sequence of kf.Clip, not {type(clips).__name__}")
    if not len(clips):
        raise ValueError("there are no clips to decode")
    for row, clip in enumerate(clips):
        if not isinstance(clip, Clip):
            raise TypeError(f"clip {row} is no kf.Clip but {type(clip).__name__}")
        if len(clip.indices) != len(clips[0].indices):
            counts = f"{len(clips[0].indices)} and {len(clip.indices)}"
            raise ValueError(f"clips 0 and {row} have {counts} frames; a batch needs one number")
    return np.array([clip.indices for clip in clips], np.int64)


def _of_all_rows(
    decoded: npt.NDArray[Any], rows: Sequence[int], shape: tuple[int, ...], missing: float
) -> npt.NDArray[Any]:
    """Give the values of every row, where there are only those of some."""
    decoded = decoded.reshape(len(rows), shape[1])
    if decoded.shape == shape:
        return decoded
    values = np.full(shape, missing, decoded.dtype)
    values[rows] = decoded
    return values


def checked_threads(threads: int | None) -> int:
    """Give the number of threads; 0 for as many as the process has CPUs."""
    if threads is None:
        return 0
    return whole_number("threads", threads, 1)


def _deadline(timeout: float | None) -> float | None:
    if timeout is None:
        return None
    if not timeout >= 0:
        raise ValueError(f"timeout must not be negative, not {timeout}")
    return time.monotonic() + timeout


def _left(deadline: float | None) -> float | None:
    return None if deadline is None else max(0.0, deadline - time.monotonic())


def _raise_first(errors: Mapping[int, Exception]) -> None:
    if errors:
        raise errors[min(errors)]
