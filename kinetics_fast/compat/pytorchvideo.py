"""PyTorchVideo's ``EncodedVideo`` and ``labeled_video_dataset``."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import kinetics_fast as kf
from kinetics_fast.compat.frames import UNREADABLE, decode, replace

__all__ = ["EncodedVideo", "labeled_video_dataset", "patch"]


class EncodedVideo:
    """A video whose clips are taken by time.

    Times count from the first frame. The frames of a clip are those of PyTorchVideo's PyAV decoder. Sound is
    not read: the audio of every clip is None, and the duration is that of the pictures.

    Parameters
    ----------
    file : str, os.PathLike, bytes or binary file object
        The video.
    video_name : str, optional
        A name.
    decode_audio : bool
        Has no effect.
    decode_video : bool
        If False, clips have no pictures.
    **_
        Other arguments of PyTorchVideo's decoders, such as ``perform_seek``, have no effect.

    Raises
    ------
    RuntimeError
        The file is not a video that can be read.
    OSError
        The file cannot be opened.

    Examples
    --------
    >>> from kinetics_fast.compat.pytorchvideo import EncodedVideo
    >>> video = EncodedVideo.from_path("abseiling.mp4")
    >>> video.duration
    10.0
    >>> video.get_clip(2.0, 4.0)["video"].shape
    torch.Size([3, 50, 256, 454])
    """

    def __init__(
        self,
        file: Any,
        video_name: str | None = None,
        decode_audio: bool = True,  # noqa: ARG002 - the signature is PyTorchVideo's
        *,
        decode_video: bool = True,
        **_: Any,
    ) -> None:
        try:
            self._video = kf.Video(file)
        except kf.OpenError:
            raise
        except UNREADABLE as error:
            raise RuntimeError(f"cannot read the video {video_name}: {error}") from error
        self._name = video_name
        self._decode_video = decode_video

    @classmethod
    def from_path(
        cls,
        file_path: str | os.PathLike[str],
        decode_audio: bool = True,
        decoder: str = "kinetics_fast",  # noqa: ARG003 - the signature is PyTorchVideo's
        **other_args: Any,
    ) -> EncodedVideo:
        """Open a file.

        Parameters
        ----------
        file_path : str or os.PathLike
            The file.
        decode_audio : bool
            As for the class.
        decoder : str
            Has no effect.
        **other_args
            As for the class.

        Returns
        -------
        EncodedVideo
            The video.
        """
        return cls(file_path, Path(file_path).name, decode_audio, **other_args)

    @property
    def name(self) -> str | None:
        """The name of the video."""
        return self._name

    @property
    def duration(self) -> float:
        """Seconds from the first frame to the end of the last frame."""
        return self._video.duration

    @property
    def rate(self) -> Fraction:
        """Average frames per second."""
        return Fraction(self._video.fps).limit_denominator(1001)

    @property
    def bit_rate(self) -> int:
        """Bits per second of the pictures."""
        return self._video.bit_rate

    @property
    def pix_fmt(self) -> str:
        """FFmpeg's name of the pixel format."""
        return self._video.pixel_format

    def get_clip(self, start_sec: float | Fraction, end_sec: float | Fraction) -> dict[str, Any]:
        """Decode the frames that begin at start <= t < end.

        Parameters
        ----------
        start_sec, end_sec : float or Fraction
            Seconds after the first frame. Both are rounded up to ticks of the time base.

        Returns
        -------
        dict
            ``video`` is a float32 tensor of 0 to 255, shape (3, T, H, W), or None if no frame is in the clip.
            ``audio`` is None.

        Raises
        ------
        kinetics_fast.CorruptError
            A frame does not decode.
        """
        pts = self._video.pts
        first, stop = (pts.searchsorted(self._ticks(seconds) + pts[0]) for seconds in (start_sec, end_sec))
        if not self._decode_video or first >= stop:
            return {"video": None, "audio": None}
        import torch

        frames = decode(self._video, range(first, stop), layout="CTHW")
        return {"video": torch.from_numpy(frames).to(torch.float32), "audio": None}

    def close(self) -> None:
        """Do nothing: no file is open."""

    def _ticks(self, seconds: float | Fraction) -> int:
        if seconds == math.inf:
            return int(self._video.pts[-1] - self._video.pts[0]) + 1
        return math.ceil(seconds / self._video.time_base)


def labeled_video_dataset(
    data_path: str,
    clip_sampler: Any,
    video_sampler: Any = None,
    transform: Callable[[dict[str, Any]], Any] | None = None,
    video_path_prefix: str = "",
    decode_audio: bool = True,
    decoder: str = "kinetics_fast",
) -> Any:
    """Return PyTorchVideo's ``LabeledVideoDataset``, reading with kinetics_fast. Needs pytorchvideo.

    Parameters
    ----------
    data_path : str
        Folder with one folder per class, or a file of paths and labels, as in PyTorchVideo.
    clip_sampler : pytorchvideo.data.ClipSampler
        Chooses the clips of a video.
    video_sampler : type, optional
        Class of the sampler that chooses the videos; PyTorchVideo's default if None.
    transform : callable, optional
        Called with each sample.
    video_path_prefix : str
        Put in front of each path.
    decode_audio : bool
        Has no effect: samples have no audio.
    decoder : str
        Has no effect.

    Returns
    -------
    pytorchvideo.data.LabeledVideoDataset
        The data set, whose videos are read with kinetics_fast.

    Raises
    ------
    ImportError
        pytorchvideo is not installed.

    Examples
    --------
    >>> from pytorchvideo.data import make_clip_sampler  # doctest: +SKIP
    >>> dataset = labeled_video_dataset("train.csv", make_clip_sampler("random", 2.0))  # doctest: +SKIP
    """
    from pytorchvideo.data import labeled_video_dataset as peer

    arguments = {"transform": transform, "video_path_prefix": video_path_prefix, "decode_audio": decode_audio}
    if video_sampler is not None:
        arguments["video_sampler"] = video_sampler
    dataset = peer(data_path, clip_sampler, decoder=decoder, **arguments)
    dataset.video_path_handler = _PathHandler(dataset.video_path_handler)
    return dataset


class _PathHandler:
    """Opens files with `EncodedVideo`, and leaves folders of pictures to PyTorchVideo."""

    def __init__(self, peer: Any) -> None:
        self._peer = peer

    def video_from_path(self, filepath: Any, *arguments: Any, **options: Any) -> Any:
        """Return the video of a path."""
        if os.path.isdir(filepath):  # noqa: PTH112
            return self._peer.video_from_path(filepath, *arguments, **options)
        return EncodedVideo.from_path(filepath, *arguments, **options)


def patch(peer: Any) -> Callable[[], None]:
    """Make `EncodedVideo` the decoder of ``pytorchvideo.data.encoded_video``, whatever ``decoder=`` says.

    Parameters
    ----------
    peer : module
        ``pytorchvideo.data.encoded_video``.

    Returns
    -------
    callable
        Puts the old decoders back.

    Examples
    --------
    >>> from pytorchvideo.data import encoded_video  # doctest: +SKIP
    >>> undo = patch(encoded_video)  # doctest: +SKIP
    """
    return replace(peer, {"select_video_class": lambda decoder: EncodedVideo})  # noqa: ARG005
