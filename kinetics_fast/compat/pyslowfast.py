"""SlowFast reads with kinetics_fast: ``import kinetics_fast.compat.pyslowfast`` in ``tools/run_net.py``.

The backend ``DATA.DECODING_BACKEND: torchvision`` (the default of SlowFast) then works with any torchvision.
The frames and the random numbers that are drawn are those of SlowFast's own code.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from importlib.util import find_spec
from typing import Any

import numpy as np

import kinetics_fast as kf
from kinetics_fast.compat.frames import decode, replace
from kinetics_fast.compat.reading import open_video

__all__ = ["patch", "torchvision_decode"]


class _File:
    """What ``get_video_container`` returns: a path, and how many threads decode."""

    def __init__(self, path: Any, multi_thread_decode: bool) -> None:
        self.path = path
        self.threads = None if multi_thread_decode else 1


class _Span:
    """The frames of a stretch of a video, (T, H, W, 3), of which only those that are selected are decoded.

    SlowFast takes a whole stretch and then selects some frames with ``torch.index_select``. Any other use of
    a span decodes the whole stretch.
    """

    def __init__(self, file: _File, video: kf.Video, first: int, stop: int, short_side: int) -> None:
        self._file = file
        self._video = video
        self._frames = range(first, stop)
        self._size = _size(video, short_side)
        self._whole: Any = None
        self.shape = (len(self._frames), *self._size, 3)

    @classmethod
    def __torch_function__(
        cls, function: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        import torch

        if function is torch.index_select and isinstance(args[0], cls) and args[1:2] == (0,):
            return args[0]._decoded([args[0]._frames[number] for number in args[2].tolist()])
        whole = [argument._tensor() if isinstance(argument, cls) else argument for argument in args]
        return function(*whole, **(kwargs or {}))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tensor(), name)

    def _tensor(self) -> Any:
        if self._whole is None:
            self._whole = self._decoded(self._frames)
        return self._whole

    def _decoded(self, numbers: Any) -> Any:
        import torch

        return torch.from_numpy(decode(self._video, numbers, self._file.threads, size=self._size))


def torchvision_decode(
    video_handle: Any,
    sampling_rate: list[int],
    num_frames: list[int],
    clip_idx: int,
    video_meta: dict[str, Any],
    num_clips_uniform: int = 10,
    target_fps: float = 30,
    modalities: Any = ("visual",),  # noqa: ARG001 - the signature is SlowFast's
    max_spatial_scale: int = 0,
    use_offset: bool = False,
    min_delta: float = -math.inf,
    max_delta: float = math.inf,
) -> tuple[list[Any], float, bool, Any]:
    """Choose clips of a video, as SlowFast's function of this name does.

    Parameters
    ----------
    video_handle : object
        What ``get_video_container`` returned, or the bytes of a file.
    sampling_rate, num_frames : list of int
        Distance of frames, and frames per clip, of each clip.
    clip_idx : int
        -1 draws clips at random; any other number is one of `num_clips_uniform` evenly spread clips.
    video_meta : dict
        Filled with the properties of the video if it is empty.
    num_clips_uniform : int
        Number of evenly spread clips, as in SlowFast.
    target_fps : float
        Frame rate for which `sampling_rate` is meant, as in SlowFast.
    modalities : tuple of str
        Has no effect.
    max_spatial_scale : int
        Length of the shorter side to which frames are scaled while they are decoded; 0 keeps the size.
    use_offset : bool
        Spread the clips to the end of the video, as in SlowFast.
    min_delta, max_delta : float
        Limits of the distance between two clips, as in SlowFast.

    Returns
    -------
    frames : list
        The stretch of each clip, or the whole video as the only one.
    fps : float
        Frames per second.
    decode_all_video : bool
        Whether the stretch is the whole video.
    start_end_delta_time : ndarray or None
        The ends of the stretches in frames, as SlowFast computes them.

    Raises
    ------
    kinetics_fast.Error
        The video cannot be read. SlowFast then takes another video.

    Examples
    --------
    >>> import kinetics_fast.compat.pyslowfast  # in tools/run_net.py
    """
    from slowfast.datasets.decoder import get_multiple_start_end_idx

    file = video_handle if isinstance(video_handle, _File) else _File(video_handle, False)
    video = open_video(file.path)
    if not video_meta:
        video_meta.update(_meta(video))
    fps, length = video.fps, video.fps * video.duration
    if length > sum(map(int.__mul__, num_frames, sampling_rate)):
        sizes = [
            np.maximum(1.0, rate * count / target_fps * fps)
            for rate, count in zip(sampling_rate, num_frames, strict=True)
        ]
        times = get_multiple_start_end_idx(
            length,
            sizes,
            clip_idx,
            num_clips_uniform,
            min_delta=min_delta,
            max_delta=max_delta,
            use_offset=use_offset,
        )
        spans = [
            _span(file, video, start, end, max_spatial_scale) for start, end in times[: len(num_frames), :2]
        ]
        if all(span.shape[0] for span in spans):
            return spans, fps, False, times
    return [_Span(file, video, 0, len(video), max_spatial_scale)], fps, True, None


def _span(file: _File, video: kf.Video, start: float, end: float, short_side: int) -> _Span:
    """Return the frames whose pts, after the first frame's, is from start to end, truncated to ticks."""
    ticks_per_frame = float(1 / video.time_base) / video.fps
    pts = video.pts - video.pts[0]
    first = int(pts.searchsorted(int(start * ticks_per_frame)))
    stop = int(pts.searchsorted(int(end * ticks_per_frame), "right"))
    return _Span(file, video, first, max(stop, first), short_side)


def _size(video: kf.Video, short_side: int) -> tuple[int, int]:
    """Return (height, width) with the given short side, the long side rounded half up; 0 keeps the size."""
    height, width = video.height, video.width
    if short_side == 0:
        return height, width
    if width > height:
        return short_side, math.floor(width * short_side / height + 0.5)
    return math.floor(height * short_side / width + 0.5), short_side


def _meta(video: kf.Video) -> dict[str, Any]:
    silent = Fraction(0, 1)
    return {
        "video_timebase": video.time_base,
        "video_numerator": video.time_base.numerator,
        "video_denominator": video.time_base.denominator,
        "has_video": True,
        "video_duration": video.duration,
        "video_fps": video.fps,
        "audio_timebas": silent,
        "audio_numerator": silent.numerator,
        "audio_denominator": silent.denominator,
        "has_audio": False,
        "audio_duration": 0.0,
        "audio_sample_rate": 0.0,
    }


def patch() -> Callable[[], None]:
    """Let SlowFast's backend ``torchvision`` read with kinetics_fast. Importing this module does it already.

    Returns
    -------
    callable
        Puts SlowFast's functions back.

    Raises
    ------
    ImportError
        slowfast is not installed.

    Examples
    --------
    >>> undo = patch()  # doctest: +SKIP
    """
    from slowfast.datasets import decoder, video_container

    theirs = video_container.get_video_container

    def get_video_container(
        path_to_vid: Any, multi_thread_decode: bool = False, backend: str = "pyav"
    ) -> Any:
        if backend != "torchvision":
            return theirs(path_to_vid, multi_thread_decode, backend)
        return _File(path_to_vid, multi_thread_decode)

    undo_decoder = replace(decoder, {"torchvision_decode": torchvision_decode})
    undo_container = replace(video_container, {"get_video_container": get_video_container})

    def undo() -> None:
        undo_decoder()
        undo_container()

    return undo


if find_spec("slowfast") is not None:
    patch()
