"""`decode_clips`: clips of many videos, decoded on all CPUs into one array."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy.typing as npt

from kinetics_fast import _core
from kinetics_fast._decode.batch import Batch, batch_of, note_errors
from kinetics_fast._decode.clip import Clip
from kinetics_fast._decode.index_request import FailedSource, IndexedSource, IndexRequest
from kinetics_fast._decode.pixels import Color, Interpolation, Layout, PerChannel, Pixels
from kinetics_fast._decode.request import DecodeRequest, Output, check_row
from kinetics_fast._decode.validation import Size, checked_size, checked_threads
from kinetics_fast._decode.video import MAX_PIXELS, decodable
from kinetics_fast.errors import FrameRangeError


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

    Clips of one video share its decoding: overlapping windows and several boxes of a window are decoded
    once. Each pixel is computed once, in its final place. The GIL is released; Ctrl-C stops the call.

    Parameters
    ----------
    clips : sequence of Clip
        B clips with the same number of frames T.
    size : int or (height, width), optional
        Output size in pixels; an int means a square. None means the size of the box, or of the whole frame;
        it must then be the same in all clips.
    layout : {"THWC", "TCHW", "CTHW"}
        Order of the axes after the batch axis.
    dtype : {"uint8", "float16", "float32", "bfloat16"}
        uint8 values are rounded half up; floats are x / 255, or (x / 255 - mean) / std. bfloat16 needs the
        package ml_dtypes.
    color : {"rgb", "bgr", "gray"}
        ``gray`` has one channel, the luma of the stream.
    mean, std : float or sequence of float, optional
        One value, or one per channel, in 0..1 units. Only with float dtypes.
    interpolation : {"bilinear", "bicubic"}
        The filter, with the geometry of torch's ``interpolate(align_corners=False)``.
    antialias : bool
        Widen the filter when shrinking, as Pillow and torchvision do.
    out : ndarray, optional
        C-contiguous array to write to, with the shape and dtype of the result.
    threads : int, optional
        Number of threads that decode, at most 1024; None means the number of CPUs that this process may use.
        Where the calls in flight need fewer threads than that, the others help inside decoders, as far as
        there are CPUs. Pass 1 where every CPU has a process of its own.
        A thread is started when there is work for it.
    on_error : {"raise", "zero"}
        ``raise`` raises the error of the first row that failed. ``zero`` writes zeros and reports the errors
        in ``status`` and ``errors``; if no video can be read and `size` is None, the size of the zeros is
        not known and the error is raised.
    timeout : float, optional
        Time limit of the whole call in seconds. Frames that were not reached are NOT_RUN, or FAILED if the
        file could not be indexed in time, and the error of the row is a DecodeTimeout. If there are several
        sources, indexing takes at most half of the time, so that a file that does not answer leaves time for
        the other files.
    accept_damaged : bool
        Do not treat DAMAGED frames as errors.

    Returns
    -------
    Batch
        One row per clip.

    Raises
    ------
    OpenError, UnsupportedError, CorruptError, FrameRangeError, DecodeTimeout
        With ``on_error="raise"``, for the first row that failed.
    ResourceError
        The machine has no memory, file descriptors or threads left.
    ValueError, TypeError
        An argument is not valid; nothing was decoded.
    ImportError
        The dtype is bfloat16 and ml_dtypes is not installed.

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
    output = Output(pixels, len(clips), len(indices[0]), output_size, out)
    for row in errors:
        output.fail(row)
    job = request.submit(output, _core.ThreadLimit(threads), _left(deadline))
    batch = batch_of(output, indices, job.results)  # while the engine decodes
    job.wait()
    errors |= job.collect(accept_damaged=accept_damaged)
    if errors:
        if on_error == "raise":
            _raise_first(errors)
        note_errors(batch, errors)
    return batch


def _indices(clips: Sequence[Clip]) -> list[tuple[int, ...]]:
    """Return the frame numbers of each clip."""
    if not hasattr(clips, "__getitem__"):
        raise TypeError(f"clips must be a sequence of kf.Clip, got {type(clips).__name__}")
    if not len(clips):
        raise ValueError("clips must hold at least one kf.Clip, got none")
    indices: list[tuple[int, ...]] = []
    for row, clip in enumerate(clips):
        if not isinstance(clip, Clip):
            raise TypeError(f"clips[{row}] must be a kf.Clip, got {type(clip).__name__}")
        indices.append(clip.indices)
        if len(clip.indices) != len(indices[0]):
            counts = f"{len(indices[0])} and {len(clip.indices)}"
            raise ValueError(f"all clips must have the same number of frames, got {counts} (clips[{row}])")
    return indices


def _index(clips: Sequence[Clip], timeout: float | None) -> list[IndexedSource | FailedSource]:
    """Return the index of each clip's video, or the reason why there is none."""
    sources = [decodable(clip.source) for clip in clips]
    known = [source for source in sources if isinstance(source, IndexedSource)]
    if len(known) == len(sources):
        return [*known]
    request = IndexRequest(sources, "clips[{}].source".format)
    # A file that does not answer must leave time for the files that do.
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
