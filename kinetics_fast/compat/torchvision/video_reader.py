"""`VideoReader`: frames one after another."""

from __future__ import annotations

from typing import Any

import kinetics_fast as kf
from kinetics_fast.compat.frames import decode


class VideoReader:
    """The frames of a video one after another, from any time on.

    Parameters
    ----------
    src : str, os.PathLike, bytes, torch.Tensor or binary file object
        The video. A tensor holds the bytes of the file as uint8.
    stream : str
        ``"video"`` or ``"video:0"``. Sound is not read.
    num_threads : int
        Has no effect.

    Raises
    ------
    kinetics_fast.Error
        The video cannot be read.
    ValueError
        Another stream than the pictures is asked for.

    Examples
    --------
    >>> from kinetics_fast.compat.torchvision import VideoReader
    >>> for frame in VideoReader("abseiling.mp4").seek(9.9):
    ...     print(frame["pts"], frame["data"].shape)
    9.92 torch.Size([3, 256, 454])
    9.96 torch.Size([3, 256, 454])
    """

    def __init__(self, src: Any, stream: str = "video", num_threads: int = 0) -> None:  # noqa: ARG002
        _check_stream(stream)
        self._video = kf.Video(src.numpy() if hasattr(src, "numpy") else src)
        self._next = 0

    def __iter__(self) -> VideoReader:
        return self

    def __next__(self) -> dict[str, Any]:
        """Return the next frame: ``data``, uint8 (3, H, W), and ``pts`` in seconds."""
        if self._next >= len(self._video):
            raise StopIteration
        import torch

        frame = torch.from_numpy(decode(self._video, [self._next])[0]).permute(2, 0, 1)
        self._next += 1
        return {"data": frame, "pts": float(self._video.timestamps[self._next - 1])}

    def seek(self, time_s: float, keyframes_only: bool = False) -> VideoReader:
        """Go to the first frame that begins at a time or later.

        Parameters
        ----------
        time_s : float
            Seconds; a negative time is 0.
        keyframes_only : bool
            Go to the last key frame that begins at the time or earlier.

        Returns
        -------
        VideoReader
            This reader.
        """
        tick = round(max(time_s, 0) / self._video.time_base)
        if keyframes_only:
            keys = self._video.keyframes
            self._next = int(keys[max(self._video.pts[keys].searchsorted(tick, "right") - 1, 0)])
        else:
            self._next = int(self._video.pts.searchsorted(tick))
        return self

    @property
    def container(self) -> VideoReader:
        """The reader itself. Code that reads with PyAV calls ``reader.container.close()``."""
        return self

    def close(self) -> None:
        """Do nothing: no file is open."""

    def get_metadata(self) -> dict[str, Any]:
        """Return ``{"video": {"fps": [...], "duration": [...]}}`` with one value each.

        Returns
        -------
        dict
            Frames per second, and seconds.
        """
        return {"video": {"fps": [self._video.fps], "duration": [self._video.duration]}}

    def set_current_stream(self, stream: str) -> bool:
        """Return whether the stream is the one that is read: ``"video"`` or ``"video:0"``.

        Parameters
        ----------
        stream : str
            The stream.

        Returns
        -------
        bool
            Whether it is read.
        """
        return stream in ("video", "video:0")


def _check_stream(stream: str) -> None:
    if stream not in ("video", "video:0"):
        raise ValueError(
            f"stream must be 'video' or 'video:0', got {stream!r}: kinetics_fast reads pictures only"
        )
