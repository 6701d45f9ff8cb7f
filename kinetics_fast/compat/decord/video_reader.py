"""`VideoReader`, decord's reader of one video."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import numpy.typing as npt

import kinetics_fast as kf
from kinetics_fast.compat.decord.base import DECORDError, DECORDLimitReachedError, ReadingError
from kinetics_fast.compat.decord.bridge import bridge_out
from kinetics_fast.compat.decord.ndarray import DECORDContext, NDArray, cpu
from kinetics_fast.compat.reading import FrameReader, open_video


class VideoReader:
    """One video, whose frames are read by number or one after another.

    Parameters
    ----------
    uri : str, os.PathLike, bytes-like or file object
        A path, the bytes of a file, or an object whose ``read()`` returns them.
    ctx : DECORDContext
        ``cpu(0)``. A GPU is a DECORDError.
    width, height : int
        Size of the frames in pixels; 0 or less means that of the video.
    num_threads : int
        Number of threads that decode; 0 or less means the number of CPUs.
    fault_tol : int or float
        A whole number N: raise a DECORDLimitReachedError when more than N damaged frames were read. A
        fraction means that part of the video's frames. 0 or less: only warn.

    Raises
    ------
    RuntimeError
        The video cannot be opened. The error is also a DECORDError.

    Examples
    --------
    >>> from kinetics_fast.compat.decord import VideoReader, cpu
    >>> reader = VideoReader("abseiling.mp4", num_threads=-1, ctx=cpu(0))
    >>> len(reader), reader.get_avg_fps()
    (250, 25.0)
    >>> reader.get_batch([0, 8, 16]).asnumpy().shape
    (3, 256, 454, 3)
    """

    def __init__(
        self,
        uri: Any,
        ctx: DECORDContext = cpu(0),  # noqa: B008 - a constant
        width: int = -1,
        height: int = -1,
        num_threads: int = 0,
        fault_tol: float = -1,
    ) -> None:
        if not isinstance(ctx, DECORDContext):
            raise AssertionError(f"ctx must be decord.cpu(0), got {ctx!r}")
        if ctx.device_type != 1:
            raise DECORDError(
                f"CUDA not enabled. Requested context {ctx}. Pass ctx=cpu(0) and move the frames"
            )
        for name, value in (("width", width), ("height", height), ("num_threads", num_threads)):
            if not hasattr(value, "__index__"):
                raise DECORDError(f"{name} must be an int, got {value!r}")
        try:
            self._video = open_video(uri.read() if hasattr(uri, "read") else uri)
        except kf.Error as error:
            raise ReadingError(f"Error reading {_text(uri)}... {error}") from error
        self._num_frame = len(self._video)
        size = height if height > 0 else self._video.height, width if width > 0 else self._video.width
        self._reader = FrameReader(self._video, size, num_threads)
        self._position = 0
        self._tolerated = _tolerated(fault_tol, self._num_frame)

    def __len__(self) -> int:
        return self._num_frame

    def __getitem__(self, idx: Any) -> Any:
        """Return one frame, (H, W, 3), or the frames of a slice, (N, H, W, 3)."""
        if isinstance(idx, slice):
            return self.get_batch(range(*idx.indices(len(self))))
        number = _whole(idx)
        if not -self._num_frame <= number < self._num_frame:
            raise IndexError(f"Index: {number} out of bound: {self._num_frame}")
        self._position = number % self._num_frame
        return self.next()

    def next(self) -> Any:
        """Return the frame at the position, (H, W, 3), and go to the next one.

        Returns
        -------
        NDArray or tensor
            uint8 RGB, in the type of the current bridge.
        """
        if self._position >= self._num_frame:
            raise StopIteration
        frames = self._read([self._position])
        self._position += 1
        return bridge_out(frames[0])

    def __next__(self) -> Any:
        return self.next()

    def get_batch(self, indices: Any) -> Any:
        """Return frames by number, (N, H, W, 3), in any order; repeats and negative numbers are allowed.

        Parameters
        ----------
        indices : sequence of int
            Frame numbers.

        Returns
        -------
        NDArray or tensor
            uint8 RGB, in the type of the current bridge.
        """
        numbers = self._numbers(indices)
        if numbers.ndim == 0:
            raise ValueError(f"indices must be a sequence of frame numbers, got {indices!r}")
        if not numbers.size:
            return bridge_out(np.empty((0, *self._reader.size, 3), np.uint8).view(NDArray))
        wanted: list[int] = numbers.reshape(-1).tolist()
        frames = self._read(wanted)
        self._position = wanted[-1] + 1
        return bridge_out(frames)

    def get_frame_timestamp(self, idx: Any) -> npt.NDArray[np.float32]:
        """Return the seconds, from the first frame on, between which frames are shown, (..., 2).

        Parameters
        ----------
        idx : int, slice or sequence of int
            Frame numbers.

        Returns
        -------
        ndarray of float32, shape (..., 2)
            The time at which each frame is first shown, and that of the next frame.
        """
        numbers = self._numbers(range(*idx.indices(len(self))) if isinstance(idx, slice) else idx)
        starts = self._video.timestamps - self._video.timestamps[0]
        stops = np.append(starts[1:], self._video.duration)
        return np.stack((starts, stops), axis=1).astype(np.float32)[numbers]

    def get_key_indices(self) -> list[int]:
        """Return the numbers of the key frames.

        Returns
        -------
        list of int
            Frame numbers in ascending order.
        """
        keys: list[int] = self._video.keyframes.tolist()
        return keys

    def get_avg_fps(self) -> float:
        """Return the frames per second, on average.

        Returns
        -------
        float
            Frames per second.
        """
        return self._video.fps

    def seek(self, pos: int) -> None:
        """Go to the last key frame up to a frame.

        Parameters
        ----------
        pos : int
            Frame number.
        """
        keys = self._video.keyframes
        self._position = int(keys[max(0, np.searchsorted(keys, self._checked(pos), side="right") - 1)])

    def seek_accurate(self, pos: int) -> None:
        """Go to a frame.

        Parameters
        ----------
        pos : int
            Frame number.
        """
        self._position = self._checked(pos)

    def skip_frames(self, num: int = 1) -> None:
        """Go forward by some frames.

        Parameters
        ----------
        num : int
            Number of frames, above 0.
        """
        number = _whole(num)
        if number <= 0:
            raise AssertionError(f"num must be above 0, got {number}")
        self._position = min(self._position + number, self._num_frame)

    def _checked(self, pos: Any) -> int:
        number = _whole(pos)
        if not 0 <= number < self._num_frame:
            raise AssertionError(f"the position must be in 0..{self._num_frame - 1}, got {number}")
        return number

    def _numbers(self, indices: Any) -> npt.NDArray[np.int64]:
        """Return frame numbers as decord converts them: fractions are cut off."""
        numbers = np.array(indices, np.int64)
        numbers[numbers < 0] += self._num_frame
        if (numbers < 0).any():
            raise IndexError(f"Invalid negative indices: {numbers[numbers < 0] - self._num_frame}")
        if (numbers >= self._num_frame).any():
            raise IndexError(f"Out of bound indices: {numbers[numbers >= self._num_frame]}")
        return numbers

    def _read(self, numbers: list[int]) -> NDArray:
        try:
            frames: NDArray = self._reader(numbers).view(NDArray)
        except kf.Error as error:
            raise DECORDError(str(error)) from error
        damaged = len(self._reader.damaged)
        if 0 <= self._tolerated < damaged:
            what = (
                f"{self._video!r}: {damaged} damaged frames were read, fault_tol allows {self._tolerated:g}"
            )
            raise DECORDLimitReachedError(what)
        return frames


def _whole(number: Any) -> int:
    if isinstance(number, np.ndarray) and number.ndim:
        raise ValueError(f"one frame number is expected, got an array of shape {number.shape}; use get_batch")
    try:
        return operator.index(number)
    except TypeError:
        if not isinstance(number, (float, np.floating)):
            raise
        raise DECORDError(f"the frame number must be an int, got {number!r}") from None


def _tolerated(fault_tol: float, frames: int) -> float:
    """Return the largest number of damaged frames; -1 means any number."""
    if fault_tol <= 0:
        return -1
    return fault_tol if isinstance(fault_tol, int) else fault_tol * frames


def _text(uri: Any) -> str:
    return uri if isinstance(uri, str) else getattr(uri, "name", None) or type(uri).__name__
