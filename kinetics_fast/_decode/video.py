"""One video: its index, and frames by number or by time."""

from __future__ import annotations

import operator
import sys
from collections.abc import Iterator, Sequence
from typing import Any, SupportsIndex, TypeAlias

import numpy as np
import numpy.typing as npt

from kinetics_fast import _core
from kinetics_fast._decode.pixels import Pixels
from kinetics_fast._decode.request import (
    DecodeRequest,
    FailedSource,
    IndexedSource,
    IndexRequest,
    Output,
    Planes,
    decode_planes,
)
from kinetics_fast._decode.source import VideoSource
from kinetics_fast._decode.validation import frame_numbers, whole_number
from kinetics_fast.errors import FrameRangeError

Frames: TypeAlias = "npt.NDArray[np.uint8]"

MAX_PIXELS = 1 << 27
_BYTES_AT_ONCE = 1 << 28  # of frames, while one iterates over a video


class Video:
    """One video, indexed when it is made. It holds no open file.

    A Video is immutable: it may be used from many threads at once, pickled (with its index) and carried
    into another process. Frame ``i`` is the i-th picture in presentation order that the ``ffmpeg`` command
    shows, edit lists applied.

    Parameters
    ----------
    source : str, os.PathLike, bytes-like or FileRange
        A local file, its bytes, or a part of a file. Bytes are copied. A relative path is looked up from the
        working directory whenever frames are read.
    max_pixels : int, optional
        Largest width x height of a frame; more is an UnsupportedError before any memory is taken for it.

    Raises
    ------
    OpenError
        The file cannot be opened or read.
    UnsupportedError
        Not a video, a container or codec that is not read, or a frame above ``max_pixels``.
    CorruptError
        The container's header or the first picture's cannot be read.

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
        """Give the frames in order, each (H, W, 3), some of them decoded at once."""
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
        """Number of frames: ``len(video)``, by the name that samplers know it by."""
        return len(self._index)

    @property
    def width(self) -> int:
        """Pixels, after rotation."""
        return self._index.width

    @property
    def height(self) -> int:
        """Pixels, after rotation."""
        return self._index.height

    @property
    def fps(self) -> float:
        """Average frames a second as the container says, else frames / duration."""
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
        """FFmpeg's name of the decoded planes' format, such as ``yuv420p``."""
        return self._index.pixel_format

    @property
    def rotation(self) -> int:
        """Degrees clockwise that the decoded picture is turned by to stand upright: 0, 90, 180 or 270."""
        return self._index.rotation

    @property
    def timestamps(self) -> npt.NDArray[np.float64]:
        """Seconds at which each frame is shown first, shape (N,), read-only.

        pts x time base as the container says, after edit lists.
        """
        if self._timestamps is None:
            timestamps = self._index.timestamps()
            timestamps.flags.writeable = False
            self._timestamps = timestamps
        return self._timestamps

    @property
    def keyframes(self) -> npt.NDArray[np.int64]:
        """Numbers of the frames that decoding can begin with, ascending."""
        return self._index.keyframes()

    def __getitem__(self, key: SupportsIndex | slice) -> Frames:
        """One frame, shape (H, W, 3), or a slice of them, (T, H, W, 3), uint8 RGB."""
        if isinstance(key, slice):
            return self.frames(range(*key.indices(len(self))))
        try:
            number = operator.index(key)
        except TypeError:
            what = f"a frame is named by its number, not by {key!r}; several are read by video.frames([...])"
            raise TypeError(what) from None
        return self.frames(number)

    def frames(self, indices: SupportsIndex | Sequence[int] | npt.NDArray[np.integer[Any]]) -> Frames:
        """Decode frames by number, in any order, repeats allowed; negative numbers count from the end.

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
            No such frame.
        CorruptError
            A frame is damaged or does not decode.
        OpenError
            The file is gone.

        Examples
        --------
        >>> video.frames([7, 0, 7, -1]).shape
        (4, 256, 454, 3)
        """
        numbers, single = self._frame_numbers(indices)
        pixels, size = Pixels.of(), (self.height, self.width)
        if not numbers:
            return np.empty((0, *size, 3), np.uint8)
        output = Output(pixels, 1, len(numbers), size)
        request = DecodeRequest()
        request.add(self._indexed, 0, numbers, None, False)
        job = request.submit(output, _core.ThreadLimit(0), None)
        job.wait()
        errors, _ = job.collect(accept_damaged=False)
        if errors:
            raise errors[0]
        frames: Frames = output.frames[0]
        return frames[0] if single else frames

    def frames_at(self, seconds: float | Sequence[float] | npt.NDArray[np.floating[Any]]) -> Frames:
        """Decode the frames shown at some times: pts <= t < the next frame's pts, the last one until its end.

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
            raise ValueError(f"times are one number or a sequence, not an array of shape {times.shape}")
        numbers = [self._frame_at(float(t)) for t in times.reshape(-1)]
        return self.frames(numbers[0] if times.ndim == 0 else numbers)

    def planes(self, indices: SupportsIndex | Sequence[int] | npt.NDArray[np.integer[Any]]) -> list[Planes]:
        """Decode frames as the decoder gives them: before rotation, nothing converted.

        Parameters
        ----------
        indices : int or sequence of int
            Frame numbers, as for ``frames``.

        Returns
        -------
        list of tuple of ndarray
            For each frame its 2-D planes in the order of ``pixel_format``; uint16 above 8 bits a sample.

        Examples
        --------
        >>> [plane.shape for plane in video.planes([0])[0]]
        [(256, 454), (128, 227), (128, 227)]
        """
        numbers, _ = self._frame_numbers(indices)
        return decode_planes(self._indexed, numbers)

    def _frame_numbers(
        self, indices: SupportsIndex | Sequence[int] | npt.NDArray[np.integer[Any]]
    ) -> tuple[list[int], bool]:
        numbers, single = frame_numbers(indices)
        count = len(self)
        for number in numbers:
            if not -count <= number < count:
                raise self._range_error(number)
        return [number % count for number in numbers], single

    def _frame_at(self, seconds: float) -> int:
        number = self._index.frame_at(seconds)
        if number is None:
            begin = float(self.timestamps[0])
            end = begin + self.duration
            what = f"no frame is shown at {seconds:.6g} s; the video lasts from {begin:.6g} s to {end:.6g} s"
            raise FrameRangeError(what, self._source.name, None, "plan")
        return number

    def _range_error(self, number: int) -> FrameRangeError:
        what = f"the video has frames 0 to {len(self) - 1}"
        missing = self._index.missing_packets
        if missing:
            what += f"; the file is cut short: {missing} frames that its header lists are not in it"
        return FrameRangeError(what, self._source.name, number, "plan")


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
