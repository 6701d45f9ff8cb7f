"""Videos: an index, and frames by number or by time."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, SupportsIndex, TypeAlias

import numpy as np
import numpy.typing as npt

from kinetics_fast import _core
from kinetics_fast._decode.frame_lookup import frame_shown_at, frames_shown_between, numbered_frames
from kinetics_fast._decode.index_request import FailedSource, IndexedSource, IndexRequest
from kinetics_fast._decode.pixels import Color, Interpolation, Layout, PerChannel, PixelArguments, Pixels
from kinetics_fast._decode.request import Planes, decode_frames, decode_planes
from kinetics_fast._decode.source import OpenedSource, VideoSource
from kinetics_fast._decode.validation import Size, checked_size, checked_stream, whole_number
from kinetics_fast._decode.video_facts import VideoFacts
from kinetics_fast.remote.remote_object import RemoteObject

if TYPE_CHECKING:
    from typing_extensions import Unpack

Frames: TypeAlias = "npt.NDArray[np.uint8]"
FrameNumbers: TypeAlias = "SupportsIndex | Sequence[int] | npt.NDArray[np.integer[Any]]"

MAX_PIXELS = 1 << 27  # largest width x height of a frame by default
_BYTES_AT_ONCE = 1 << 28  # of frames that are decoded together during iteration


class Video(VideoFacts):
    """One video. It is indexed when it is created, and holds no open file.

    A Video is immutable: several threads may use it at once, and it can be pickled, with its index, and sent
    to another process. Frame ``i`` is the i-th picture in presentation order that the ``ffmpeg`` command
    shows, with edit lists applied.

    Parameters
    ----------
    source : str, os.PathLike, bytes-like, FileRange, Remote or binary file object
        A local file, the bytes of a file, a part of a file, or an object in a store. A bytes object
        is shared, and other memory is copied. A relative path is resolved against the working directory
        whenever frames are read. An open local file is read by its path. Any
        other file object, such as an `io.BytesIO` or a member of a zip file, is read now, whole, up to 1 GiB;
        its position stays the same if it can seek.
    max_pixels : int, optional
        Largest width x height of a frame. No memory is allocated for a larger frame.
    stream : int or "best", optional
        The stream to read. None means the first video stream that is not a cover picture. An int is the
        position of a video stream in the container, as in ``ffmpeg -map 0:N``. ``"best"`` is the choice of
        FFmpeg (``av_find_best_stream``), which other readers use; FFmpeg then reads the beginning of every
        stream and may decode its first frames.

    Raises
    ------
    OpenError
        The file cannot be opened or read.
    UnsupportedError
        The source is not a video, its container or codec is not supported, the stream is not a video
        stream, or a limit is exceeded.
    CorruptError
        The header of the container or of the first picture cannot be read.

    Examples
    --------
    >>> video = kf.Video("abseiling.mp4")
    >>> len(video), video.width, video.height, video.fps
    (250, 454, 256, 25.0)
    >>> video[40:168:8].shape
    (16, 256, 454, 3)
    """

    __slots__ = ()

    def __init__(
        self,
        source: VideoSource,
        *,
        max_pixels: int = MAX_PIXELS,
        stream: int | Literal["best"] | None = None,
    ) -> None:
        most = min(whole_number("max_pixels", max_pixels, 1), sys.maxsize)
        choice = checked_stream(stream)
        job = IndexRequest([source], lambda _: "source").submit(None, most, choice)
        job.wait()
        (found,) = job.collect()
        if isinstance(found, FailedSource):
            raise found.error
        if isinstance(found.source, RemoteObject):
            found = found._replace(source=found.source.without_bytes())
        super().__init__(found)

    def __iter__(self) -> Iterator[Frames]:
        """Iterate over the frames in order, each (H, W, 3). Several frames are decoded at a time."""
        at_once = max(1, _BYTES_AT_ONCE // (3 * self.width * self.height))
        for first in range(0, len(self), at_once):
            yield from self[first : first + at_once]

    def __getitem__(self, key: SupportsIndex | slice | list[int] | npt.NDArray[np.integer[Any]]) -> Frames:
        """One frame, (H, W, 3), or the frames of a slice, list or array, (T, H, W, 3), uint8 RGB."""
        if isinstance(key, slice):
            return self.frames(range(*key.indices(len(self))))
        if not (isinstance(key, list) or hasattr(key, "tolist") or hasattr(key, "__index__")):
            raise TypeError(f"video[...] takes an int, a slice, or a list or array of ints, got {key!r}")
        return self.frames(key)

    def frames(
        self,
        indices: FrameNumbers,
        size: Size | None = None,
        layout: Layout = "THWC",
        dtype: npt.DTypeLike = "uint8",
        color: Color = "rgb",
        mean: PerChannel | None = None,
        std: PerChannel | None = None,
        interpolation: Interpolation = "bilinear",
        antialias: bool = True,
    ) -> npt.NDArray[Any]:
        """Decode frames by number, in any order. Repeats are allowed; negative numbers count from the end.

        Parameters
        ----------
        indices : int or sequence of int
            Frame numbers.
        size : int or (height, width), optional
            Output size in pixels; an int means a square. None means the size of the video.
        layout : {"THWC", "TCHW", "CTHW"}
            Order of the axes, as for `decode_clips`.
        dtype : str
            Type of the frames, as for `decode_clips`.
        color : {"rgb", "bgr", "gray"}
            Channels, as for `decode_clips`.
        mean, std : float or sequence of float, optional
            Normalisation, as for `decode_clips`.
        interpolation : {"bilinear", "bicubic"}
            The filter, as for `decode_clips`.
        antialias : bool
            Widen the filter when shrinking, as for `decode_clips`.

        Returns
        -------
        ndarray
            By default uint8 RGB, shape (T, H, W, 3). A single number gives one frame without the axis T.

        Raises
        ------
        FrameRangeError
            The video has no such frame.
        CorruptError
            A frame is damaged or does not decode.
        OpenError
            The file cannot be read.

        Examples
        --------
        >>> video.frames([7, 0, 7, -1]).shape
        (4, 256, 454, 3)
        >>> video.frames([7, 9], size=224, layout="TCHW", dtype="float32", mean=0.45, std=0.225).shape
        (2, 3, 224, 224)
        """
        numbers, single = numbered_frames(self._indexed, indices)
        pixels = Pixels.of(layout, dtype, color, mean, std, interpolation, antialias)
        output_size = (self.height, self.width) if size is None else checked_size(size)
        if not numbers:
            return np.empty(pixels.output_shape(1, 0, output_size)[1:], pixels.dtype)
        frames: npt.NDArray[Any] = decode_frames(self._indexed, numbers, pixels, output_size)[0]
        return frames.squeeze(layout.index("T")) if single else frames

    def frames_at(
        self,
        seconds: float | Sequence[float] | npt.NDArray[np.floating[Any]],
        **pixels: Unpack[PixelArguments],
    ) -> npt.NDArray[Any]:
        """Decode the frames that are shown at some times.

        A frame is shown at pts <= t < the next frame's pts, the last frame until its end.

        Parameters
        ----------
        seconds : float or sequence of float
            Times on the scale of ``timestamps``.
        **pixels
            ``size``, ``layout``, ``dtype`` and so on, as for `frames`.

        Returns
        -------
        ndarray
            As for `frames`.

        Raises
        ------
        FrameRangeError
            A time before the first frame, after the end of the last one, or not a number.

        Examples
        --------
        >>> video.frames_at([0.0, 2.5, 9.9]).shape
        (3, 256, 454, 3)
        """
        times = np.asarray(seconds, np.float64)
        if times.ndim > 1:
            raise ValueError(f"seconds must be a number or a sequence, got an array of shape {times.shape}")
        numbers = [frame_shown_at(self._indexed, float(t)) for t in times.reshape(-1)]
        return self.frames(numbers[0] if times.ndim == 0 else numbers, **pixels)

    def frames_between(self, start: float, stop: float, **pixels: Unpack[PixelArguments]) -> npt.NDArray[Any]:
        """Decode the frames that are shown at start <= t < stop, in order.

        The frame that is already shown at ``start`` is one of them, a frame whose pts is ``stop`` is not.

        Parameters
        ----------
        start, stop : float
            Seconds on the scale of ``timestamps``. ``stop`` may be ``math.inf``.
        **pixels
            ``size``, ``layout``, ``dtype`` and so on, as for `frames`.

        Returns
        -------
        ndarray
            As for `frames`.

        Raises
        ------
        ValueError
            ``start`` is later than ``stop``.

        Examples
        --------
        >>> video.frames_between(1.0, 1.2).shape  # 25 frames per second: the frames 25 to 29
        (5, 256, 454, 3)
        """
        return self.frames(frames_shown_between(self._indexed, start, stop), **pixels)

    def planes(self, indices: FrameNumbers) -> list[Planes]:
        """Decode frames without mirroring, rotation and conversion.

        The planes are the decoder's, after the cropping that the container asks for.

        Parameters
        ----------
        indices : int or sequence of int
            Frame numbers, as for ``frames``.

        Returns
        -------
        list of tuple of ndarray
            The 2-D planes of each frame in the order of ``pixel_format``; uint16 above 8 bits per sample.

        Raises
        ------
        FrameRangeError, CorruptError, OpenError
            As for ``frames``.

        Examples
        --------
        >>> [plane.shape for plane in video.planes([0])[0]]
        [(256, 454), (128, 227), (128, 227)]
        """
        numbers, _ = numbered_frames(self._indexed, indices)
        return decode_planes(self._indexed, numbers)


def video_of(source: OpenedSource, index: _core.FrameIndex) -> Video:
    """Return the video of a source whose index is known. Nothing is opened."""
    video = Video.__new__(Video)
    video.__setstate__((source, index))
    return video


def source_and_index(video: Video) -> IndexedSource:
    """Return what the core needs to decode from a video."""
    return video._indexed


def decodable(source: VideoSource | Video) -> VideoSource | IndexedSource:
    """Return a source in the form that requests take: a video brings its index."""
    return source._indexed if isinstance(source, Video) else source
