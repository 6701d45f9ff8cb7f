"""Many clips of many videos, decoded on all CPUs into one array."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from kinetics_fast import _core
from kinetics_fast._decode.clip import Clip
from kinetics_fast._decode.pixels import Color, Interpolation, Layout, PerChannel, Pixels
from kinetics_fast._decode.request import (
    DecodeRequest,
    FailedSource,
    IndexedSource,
    IndexRequest,
    Output,
    check_row,
)
from kinetics_fast._decode.validation import Size, checked_size, checked_threads
from kinetics_fast._decode.video import MAX_PIXELS, decodable
from kinetics_fast.errors import FrameRangeError


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
    size: Size | None = None,
    layout: Layout = "THWC",
    dtype: npt.DTypeLike = "uint8",
    color: Color = "rgb",
    mean: PerChannel | None = None,
    std: PerChannel | None = None,
    interpolation: Interpolation = "bilinear",
    antialias: bool = True,
    out: npt.NDArray[Any] | None = None,
    threads: int | None = None,
    on_error: Literal["raise", "zero"] = "raise",
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
        raise ValueError(f"on_error must be 'raise' or 'zero', got {on_error!r}")
    pixels = Pixels.of(layout, dtype, color, mean, std, interpolation, antialias)
    threads = checked_threads(threads)
    deadline = _deadline(timeout)
    indices = _indices(clips)
    found = _index(clips, _left(deadline))
    request, errors = _request(clips, found)
    if on_error == "raise":
        _raise_first(errors)
    output_size = _common_size(clips, found) if size is None else checked_size(size)
    output = Output(pixels, len(clips), indices.shape[1], output_size, out)
    for row in errors:
        output.fail(row)
    job = request.submit(output, _core.ThreadLimit(threads), _left(deadline))
    job.wait()
    decode_errors, stats = job.collect(accept_damaged=accept_damaged)
    errors.update(decode_errors)
    if on_error == "raise":
        _raise_first(errors)
    in_order = dict(sorted(errors.items()))
    return Batch(output.frames, output.timestamps, indices, output.status, in_order, stats)


def _indices(clips: Sequence[Clip]) -> npt.NDArray[np.int64]:
    if not hasattr(clips, "__getitem__"):
        raise TypeError(f"clips must be a sequence of kf.Clip, got {type(clips).__name__}")
    if not len(clips):
        raise ValueError("clips must have at least one kf.Clip, got none")
    for row, clip in enumerate(clips):
        if not isinstance(clip, Clip):
            raise TypeError(f"clips[{row}] must be a kf.Clip, got {type(clip).__name__}")
        if len(clip.indices) != len(clips[0].indices):
            counts = f"{len(clips[0].indices)} and {len(clip.indices)}"
            raise ValueError(f"all clips must have the same number of frames, got {counts} (clips[{row}])")
    return np.array([clip.indices for clip in clips], np.int64)


def _index(clips: Sequence[Clip], timeout: float | None) -> list[IndexedSource | FailedSource]:
    """Return the index of each clip's video, or the reason why there is none."""
    request = IndexRequest([decodable(clip.source) for clip in clips], "clips[{}].source".format)
    # A file that does not answer must not take the time of those that do.
    job = request.submit(timeout if timeout is None or len(request) == 1 else timeout / 2, MAX_PIXELS)
    job.wait()
    return job.collect()


def _request(
    clips: Sequence[Clip], found: Sequence[IndexedSource | FailedSource]
) -> tuple[DecodeRequest, dict[int, Exception]]:
    """Return the rows that can be decoded, and the error of each of the other rows."""
    request = DecodeRequest()
    errors: dict[int, Exception] = {}
    for row, (clip, video) in enumerate(zip(clips, found, strict=True)):
        if isinstance(video, FailedSource):
            errors[row] = video.error
            continue
        try:
            check_row(video, clip.indices, clip.box)
        except FrameRangeError as error:
            errors[row] = error
        except ValueError as error:
            raise ValueError(f"clips[{row}]: {error}") from None
        else:
            request.add(video, row, clip.indices, clip.box, clip.flip)
    return request, errors


def _common_size(clips: Sequence[Clip], found: Sequence[IndexedSource | FailedSource]) -> tuple[int, int]:
    """Return the (height, width) that all readable rows have by themselves."""
    rows: dict[tuple[int, int], int] = {}
    for row, (clip, video) in enumerate(zip(clips, found, strict=True)):
        if isinstance(video, IndexedSource):
            rows.setdefault(_own_size(row, clip, video.frame_index), row)
    if not rows:
        raise next(video.error for video in found if isinstance(video, FailedSource))
    if len(rows) > 1:
        sizes = ", ".join(f"{width}x{height} (clips[{row}])" for (height, width), row in rows.items())
        raise ValueError(f"the clips differ in size: {sizes}; pass size=")
    return next(iter(rows))


def _own_size(row: int, clip: Clip, index: _core.FrameIndex) -> tuple[int, int]:
    if clip.box is None:
        return index.height, index.width
    _, _, width, height = clip.box
    if not (width.is_integer() and height.is_integer()):
        raise ValueError(f"clips[{row}]: a box of {width}x{height} pixels is not whole pixels; pass size=")
    return int(height), int(width)


def _deadline(timeout: float | None) -> float | None:
    if timeout is None:
        return None
    if not timeout >= 0:
        raise ValueError(f"timeout must be a number of seconds, at least 0, got {timeout}")
    return time.monotonic() + timeout


def _left(deadline: float | None) -> float | None:
    return None if deadline is None else max(0.0, deadline - time.monotonic())


def _raise_first(errors: Mapping[int, Exception]) -> None:
    if errors:
        raise errors[min(errors)]
