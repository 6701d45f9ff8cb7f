"""`VideoDecoder`, torchcodec's decoder of one video stream."""

from __future__ import annotations

import io
import math
import numbers
import operator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

import kinetics_fast as kf
from kinetics_fast.compat.reading import FrameReader
from kinetics_fast.compat.torchcodec._frame import Frame, FrameBatch
from kinetics_fast.compat.torchcodec.decoders._arguments import (
    as_indices,
    as_seconds,
    check_frame_mappings,
    open_source,
)
from kinetics_fast.compat.torchcodec.decoders._devices import CpuFallbackStatus, check_device
from kinetics_fast.compat.torchcodec.decoders._metadata import durations_of, metadata_of
from kinetics_fast.compat.torchcodec.transforms import box_and_size

if TYPE_CHECKING:
    from torch import Tensor


class VideoDecoder:
    """One video stream, whose frames are read as uint8 tensors.

    Parameters
    ----------
    source : str, os.PathLike, bytes, Tensor or file object
        A path, the bytes of a file, or a binary file object.
    stream_index : int, optional
        Number of the stream among all streams of the file. None means the one that FFmpeg finds best.
    dimension_order : {"NCHW", "NHWC"}
        Order of the axes. With "NCHW", tensors are views of (N, H, W, 3).
    num_ffmpeg_threads : int
        Number of threads that decode; 0 means the number of CPUs.
    device : str or torch.device, optional
        "cpu". Any other device is a RuntimeError.
    seek_mode : {"exact", "approximate"}
        Accepted. Every access is exact.
    transforms : sequence, optional
        `Resize`, `CenterCrop` and `RandomCrop` of `transforms` or of torchvision. They are applied in the
        one pass that converts the colours.
    custom_frame_mappings : str, bytes or file object, optional
        Checked and not used: the frame index holds the times of the frames.

    Examples
    --------
    >>> from kinetics_fast.compat.torchcodec.decoders import VideoDecoder
    >>> decoder = VideoDecoder("abseiling.mp4")
    >>> len(decoder), decoder.metadata.average_fps
    (250, 25.0)
    >>> decoder.get_frames_at([0, 8, 16]).data.shape
    torch.Size([3, 3, 256, 454])
    """

    def __init__(
        self,
        source: Any,
        *,
        stream_index: int | None = None,
        dimension_order: str = "NCHW",
        num_ffmpeg_threads: int = 1,
        device: Any = None,
        seek_mode: str = "exact",
        transforms: Any = None,
        custom_frame_mappings: str | bytes | io.IOBase | None = None,
    ) -> None:
        if seek_mode not in ("exact", "approximate"):
            raise ValueError(f"Invalid seek mode ({seek_mode}). Supported values are exact, approximate.")
        if custom_frame_mappings is not None:
            check_frame_mappings(custom_frame_mappings, seek_mode)
        if dimension_order not in ("NCHW", "NHWC"):
            raise ValueError(f"Invalid dimension order ({dimension_order}). Supported values are NCHW, NHWC.")
        if num_ffmpeg_threads is None:
            raise ValueError("num_ffmpeg_threads must be an int, got None")
        if not hasattr(num_ffmpeg_threads, "__index__") or num_ffmpeg_threads < 0:
            raise RuntimeError(f"num_ffmpeg_threads must be an int of at least 0, got {num_ffmpeg_threads!r}")
        check_device(device)
        video = open_source(source, stream_index)
        self.metadata = metadata_of(video)
        self.stream_index = self.metadata.stream_index
        self.cpu_fallback = CpuFallbackStatus()
        box, size = box_and_size(transforms or (), video.height, video.width)
        self._reader = FrameReader(video, size, num_ffmpeg_threads, box)
        self._channels_first = dimension_order == "NCHW"
        self.begins = video.timestamps
        self._begin_stream_seconds = float(self.begins[0])
        self._end_stream_seconds = self._begin_stream_seconds + video.duration
        self._durations = durations_of(video)
        self._num_frames = len(video)

    def __len__(self) -> int:
        return self._num_frames

    def __getitem__(self, key: Any) -> Tensor:
        """Return one frame, (3, H, W), or the frames of a slice, (N, 3, H, W)."""
        if isinstance(key, numbers.Integral):
            return self._read([self._frame_number(int(key))])[0]
        if isinstance(key, slice):
            return self._read(self._range(key))
        raise TypeError(f"Unsupported key type: {type(key)}. Supported types are int and slice.")

    def get_frame_at(self, index: int) -> Frame:
        """Return a frame by number; negative numbers count from the end.

        Parameters
        ----------
        index : int
            Frame number.

        Returns
        -------
        Frame
            The frame, its time and its duration.
        """
        if not hasattr(index, "__index__"):
            raise RuntimeError(f"index must be an int, got {index!r}")
        return self._one(self._frame_number(operator.index(index)))

    def get_frames_at(self, indices: Any) -> FrameBatch:
        """Return frames by number, in any order; repeats and negative numbers are allowed.

        Parameters
        ----------
        indices : sequence of int or Tensor
            Frame numbers.

        Returns
        -------
        FrameBatch
            Frames, their times and their durations.
        """
        return self._batch([self._frame_number(number) for number in as_indices(indices)])

    def get_frames_in_range(self, start: int, stop: int, step: int = 1) -> FrameBatch:
        """Return the frames of ``slice(start, stop, step)``.

        Parameters
        ----------
        start, stop : int
            The first frame number, and the end, which is excluded.
        step : int
            Distance between frames, above 0.

        Returns
        -------
        FrameBatch
            Frames, their times and their durations.
        """
        return self._batch(self._range(slice(start, stop, step)))

    def get_frame_played_at(self, seconds: float) -> Frame:
        """Return the frame that is shown at a time.

        Parameters
        ----------
        seconds : float
            The time.

        Returns
        -------
        Frame
            The frame, its time and its duration.
        """
        if not self._begin_stream_seconds <= seconds < self._end_stream_seconds:
            raise IndexError(f"Invalid pts in seconds: {seconds}. {self._limits()}")
        return self._one(int(self._shown_at(seconds)))

    def get_frames_played_at(self, seconds: Any) -> FrameBatch:
        """Return the frames that are shown at some times, in any order.

        Parameters
        ----------
        seconds : sequence of float or Tensor
            The times.

        Returns
        -------
        FrameBatch
            Frames, their times and their durations.
        """
        times = as_seconds(seconds)
        for time in times:
            if not self._begin_stream_seconds <= time < self._end_stream_seconds:
                raise RuntimeError(f"frame pts is {time}. {self._limits()}")
        return self._batch(self._shown_at(times).tolist())

    def get_frames_played_in_range(
        self, start_seconds: float, stop_seconds: float, fps: float | None = None
    ) -> FrameBatch:
        """Return the frames that are shown at start <= t < stop; with `fps`, those shown at a steady rate.

        Parameters
        ----------
        start_seconds, stop_seconds : float
            The first time, and the end, which is excluded.
        fps : float, optional
            Frames per second of the result.

        Returns
        -------
        FrameBatch
            Frames, their times and their durations.
        """
        if not start_seconds <= stop_seconds:
            what = f"It must be less than or equal to stop seconds ({stop_seconds})."
            raise ValueError(f"Invalid start seconds: {start_seconds}. {what}")
        if not self._begin_stream_seconds <= start_seconds < self._end_stream_seconds:
            raise ValueError(f"Invalid start seconds: {start_seconds}. {self._limits()}")
        if not stop_seconds <= self._end_stream_seconds:
            what = f"It must be less than or equal to {self._end_stream_seconds}."
            raise ValueError(f"Invalid stop seconds: {stop_seconds}. {what}")
        if start_seconds == stop_seconds:
            return self._batch([])
        if fps is None:
            first, last = int(self._shown_at(start_seconds)), int(np.searchsorted(self.begins, stop_seconds))
            return self._batch(range(first, last))
        if not fps > 0:
            raise RuntimeError(f"fps must be positive, got {fps}")
        count = math.floor((stop_seconds - start_seconds) * fps + 0.5)
        times = start_seconds + np.arange(count, dtype=np.float64) * (1 / fps)
        return self._batch(self._shown_at(times).tolist(), times, np.full(count, 1 / fps))

    def get_all_frames(self, fps: float | None = None) -> FrameBatch:
        """Return all frames; with `fps`, those shown at a steady rate.

        Parameters
        ----------
        fps : float, optional
            Frames per second of the result.

        Returns
        -------
        FrameBatch
            Frames, their times and their durations.
        """
        return self.get_frames_played_in_range(self._begin_stream_seconds, self._end_stream_seconds, fps)

    def _get_key_frame_indices(self) -> Tensor:
        import torch

        return torch.from_numpy(self._reader.video.keyframes.copy())

    def _limits(self) -> str:
        begin, end = self._begin_stream_seconds, self._end_stream_seconds
        return f"It must be greater than or equal to {begin}, and must be less than {end}."

    def _shown_at(self, seconds: Any) -> npt.NDArray[np.int64]:
        numbers: npt.NDArray[np.int64] = np.searchsorted(self.begins, seconds, side="right") - 1
        return numbers

    def _frame_number(self, index: int) -> int:
        number = index + self._num_frames if index < 0 else index
        if 0 <= number < self._num_frames:
            return number
        raise IndexError(
            f"Invalid frame index={number}; must be less than {self._num_frames}, and negative indices must "
            "have an absolute value less than the number of frames"
        )

    def _range(self, key: slice) -> range:
        wanted = range(*key.indices(self._num_frames))
        if wanted.step < 0:
            raise RuntimeError(f"Step must be greater than 0; is {wanted.step}")
        return wanted

    def _one(self, number: int) -> Frame:
        return Frame(self._read([number])[0], float(self.begins[number]), float(self._durations[number]))

    def _batch(
        self,
        wanted: list[int] | range,
        begins: npt.NDArray[np.float64] | None = None,
        durations: npt.NDArray[np.float64] | None = None,
    ) -> FrameBatch:
        import torch

        where = np.asarray(wanted, np.int64)
        begins = self.begins[where] if begins is None else begins
        durations = self._durations[where] if durations is None else durations
        return FrameBatch(self._read(wanted), torch.from_numpy(begins), torch.from_numpy(durations))

    def _read(self, wanted: list[int] | range) -> Tensor:
        import torch

        try:
            frames = self._reader(wanted) if wanted else np.empty((0, *self._reader.size, 3), np.uint8)
        except kf.Error as error:
            raise RuntimeError(str(error)) from error
        tensor: Tensor = torch.from_numpy(frames)
        return tensor.permute(0, 3, 1, 2) if self._channels_first else tensor
