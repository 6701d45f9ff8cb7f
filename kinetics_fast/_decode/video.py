"""Videos: an index, and frames by number or by time."""

from __future__ import annotations

import operator
import sys
from collections.abc import Iterator, Sequence
from typing import Any, SupportsIndex, TypeAlias

import numpy as np
import numpy.typing as npt

from kinetics_fast import _core
from kinetics_fast._decode.index_request import FailedSource, IndexedSource, IndexRequest
from kinetics_fast._decode.pixels import Pixels
from kinetics_fast._decode.request import Planes, decode_frames, decode_planes
from kinetics_fast._decode.source import VideoSource
from kinetics_fast._decode.validation import frame_numbers, whole_number
from kinetics_fast.errors import FrameRangeError

Frames: TypeAlias = "npt.NDArray[np.uint8]"
FrameNumbers: TypeAlias = "SupportsIndex | Sequence[int] | npt.NDArray[np.integer[Any]]"

MAX_PIXELS = 1 << 27  # largest width x height of a frame by default
_BYTES_AT_ONCE = 1 << 28  # of frames that are decoded together during iteration


class Video:
    """One video. It is indexed when it is created, and holds no open file.

    A Video is immutable: several threads may use it at once, and it can be pickled, with its index, and sent
    to another process. Frame ``i`` is the i-th picture in presentation order that the ``ffmpeg`` command
    shows, with edit lists applied.

    Parameters
    ----------
    source : str, os.PathLike, bytes-like or FileRange
        A local file, the bytes of a file, or a part of a file. Bytes are copied. A relative path is resolved
        against the working directory whenever frames are read.
    max_pixels : int, optional
        Largest width x height of a frame. A larger frame is an UnsupportedError, before any memory is
        allocated for it.

    Raises
    ------
    OpenError
        The file cannot be opened or read.
    UnsupportedError
        The source is not a video, its container or codec is not supported, or a frame exceeds ``max_pixels``.
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

    __slots__ = ("_indexed", "_timestamps")

    def __init__(self, source: VideoSource, *, max_pixels: int = MAX_PIXELS) -> None:
        request = IndexRequest([source], lambda _: "source")
        job = request.submit(None, min(whole_number("max_pixels", max_pixels, 1), sys.maxsize))
        job.wait()
        (found,) = job.collect()
        if isinstance(found, FailedSource):
            raise found.error
        self.__setstate__(found)

    def __getstate__(self) -> tuple[_core.Source, _core.FrameIndex]:
        return self._source, self._index

    def __setstate__(self, state: tuple[_core.Source, _core.FrameIndex]) -> None:
        self._indexed = IndexedSource(*state)
        self._timestamps: npt.NDArray[np.float64] | None = None

    @property
    def _source(self) -> _core.Source:
        return self._indexed.source

    @property
    def _index(self) -> _core.FrameIndex:
        return self._indexed.frame_index

    def __len__(self) -> int:
        return len(self._index)

    def __iter__(self) -> Iterator[Frames]:
        """Iterate over the frames in order, each (H, W, 3). Several frames are decoded at a time."""
        at_once = max(1, _BYTES_AT_ONCE // (3 * self.width * self.height))
        for first in range(0, len(self), at_once):
            yield from self[first : first + at_once]

    def __repr__(self) -> str:
        return (
            f"<kf.Video {self._source.name!r}: {len(self)} frames, {self.width}x{self.height}, "
            f"{self.fps:.6g} fps, {self.codec}, {self.pixel_format}>"
        )

    @property
    def num_frames(self) -> int:
        """Number of frames, ``len(video)``, under the name that samplers use."""
        return len(self._index)

    @property
    def width(self) -> int:
        """Width in pixels, after the container's cropping and rotation."""
        return self._index.width

    @property
    def height(self) -> int:
        """Height in pixels, after the container's cropping and rotation."""
        return self._index.height

    @property
    def fps(self) -> float:
        """Average frames per second according to the container, else frames / duration."""
        return self._index.fps

    @property
    def duration(self) -> float:
        """Seconds from the first frame's pts to the end of the last frame."""
        return self._index.duration

    @property
    def codec(self) -> str:
        """FFmpeg's name of the codec, such as ``h264``."""
        return self._index.codec

    @property
    def pixel_format(self) -> str:
        """FFmpeg's name of the format of the decoded planes, such as ``yuv420p``."""
        return self._index.pixel_format

    @property
    def rotation(self) -> int:
        """Clockwise rotation in degrees that makes the decoded picture upright: 0, 90, 180 or 270."""
        return self._index.rotation

    @property
    def timestamps(self) -> npt.NDArray[np.float64]:
        """Seconds at which each frame is first shown, shape (N,), read-only.

        They are pts x time base of the container, after edit lists.
        """
        if self._timestamps is None:
            timestamps = self._index.timestamps()
            timestamps.flags.writeable = False
            self._timestamps = timestamps
        return self._timestamps

    @property
    def keyframes(self) -> npt.NDArray[np.int64]:
        """Numbers of the frames at which decoding can begin, ascending."""
        return self._index.keyframes()

    def __getitem__(self, key: SupportsIndex | slice) -> Frames:
        """One frame, shape (H, W, 3), or a slice of them, (T, H, W, 3), uint8 RGB."""
        if isinstance(key, slice):
            return self.frames(range(*key.indices(len(self))))
        try:
            number = operator.index(key)
        except TypeError:
            what = (
                f"video[...] takes an int or a slice, got {key!r}; use video.frames([...]) for several frames"
            )
            raise TypeError(what) from None
        return self.frames(number)

    def frames(self, indices: FrameNumbers) -> Frames:
        """Decode frames by number, in any order. Repeats are allowed; negative numbers count from the end.

        Parameters
        ----------
        indices : int or sequence of int
            Frame numbers.

        Returns
        -------
        ndarray of uint8
            RGB, shape (T, H, W, 3); (H, W, 3) for a single number.

        Raises
        ------
        FrameRangeError
            The video has no such frame.
        CorruptError
            A frame is damaged or does not decode.
        OpenError
            The file no longer exists or cannot be read.

        Examples
        --------
        >>> video.frames([7, 0, 7, -1]).shape
        (4, 256, 454, 3)
        """
        numbers, single = self._frame_numbers(indices)
        if not numbers:
            return np.empty((0, self.height, self.width, 3), np.uint8)
        frames: Frames = decode_frames(self._indexed, numbers, Pixels.of())[0]
        return frames[0] if single else frames

    def frames_at(self, seconds: float | Sequence[float] | npt.NDArray[np.floating[Any]]) -> Frames:
        """Decode the frames that are shown at some times.

        A frame is shown at pts <= t < the next frame's pts, and the last frame until its end.

        Parameters
        ----------
        seconds : float or sequence of float
            Times on the scale of ``timestamps``.

        Returns
        -------
        ndarray of uint8
            RGB, shape (T, H, W, 3); (H, W, 3) for a single time.

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
        numbers = [self._frame_at(float(t)) for t in times.reshape(-1)]
        return self.frames(numbers[0] if times.ndim == 0 else numbers)

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
        numbers, _ = self._frame_numbers(indices)
        return decode_planes(self._indexed, numbers)

    def _frame_numbers(self, indices: FrameNumbers) -> tuple[list[int], bool]:
        numbers, single = frame_numbers(indices)
        count = len(self)
        for number in numbers:
            if not -count <= number < count:
                what = f"the video has frames 0 to {count - 1}"
                missing = self._index.missing_packets
                if missing:
                    what += f"; the file is truncated: {missing} frames that its header lists are missing"
                raise FrameRangeError(what, self._source.name, number, "plan")
        return [number % count for number in numbers], single

    def _frame_at(self, seconds: float) -> int:
        number = self._index.frame_at(seconds)
        if number is None:
            begin = float(self.timestamps[0])
            end = begin + self.duration
            what = f"no frame is shown at {seconds:.6g} s; the video lasts from {begin:.6g} s to {end:.6g} s"
            raise FrameRangeError(what, self._source.name, None, "plan")
        return number


def video_of(source: _core.Source, index: _core.FrameIndex) -> Video:
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
