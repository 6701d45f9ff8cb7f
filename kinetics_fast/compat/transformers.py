"""A video decoder for transformers: ``load_video(..., backend="kinetics_fast")``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from kinetics_fast.compat.frames import decode
from kinetics_fast.compat.reading import open_video

__all__ = ["read_video", "register"]

_NAME = "kinetics_fast"


def register() -> None:
    """Add the decoder ``"kinetics_fast"`` to ``transformers.video_utils.VIDEO_DECODERS``.

    Afterwards ``transformers.video_utils.load_video(video, num_frames=8, backend="kinetics_fast")`` reads
    with kinetics_fast. The video processors of transformers (``apply_chat_template``) have no such argument:
    they always use torchcodec. For these, call ``kinetics_fast.compat.install("torchcodec")`` before
    transformers is imported.

    Raises
    ------
    ImportError
        transformers is not installed, or has no table of video decoders.

    Examples
    --------
    >>> import kinetics_fast.compat.transformers
    >>> kinetics_fast.compat.transformers.register()  # doctest: +SKIP
    """
    from transformers.video_utils import VIDEO_DECODERS

    VIDEO_DECODERS[_NAME] = read_video


def read_video(
    video_path: Any, sample_indices_fn: Callable[..., Any], **kwargs: Any
) -> tuple[npt.NDArray[np.uint8], Any]:
    """Decode the frames that a function chooses.

    Parameters
    ----------
    video_path : str, os.PathLike, bytes or binary file object
        The video.
    sample_indices_fn : callable
        Called with ``metadata=`` and the other arguments. Returns frame numbers.
    **kwargs
        Passed to `sample_indices_fn`.

    Returns
    -------
    frames : ndarray of uint8, shape (T, H, W, 3)
        RGB.
    metadata : transformers.video_utils.VideoMetadata
        The properties of the video, and the numbers of the frames in ``frames_indices``.

    Raises
    ------
    kinetics_fast.Error
        The video cannot be read, or has no such frame.

    Examples
    --------
    >>> def first_frames(metadata, **kwargs):
    ...     return range(4)
    >>> frames, metadata = read_video("abseiling.mp4", first_frames)  # doctest: +SKIP
    """
    from transformers.video_utils import VideoMetadata

    video = open_video(video_path)
    metadata = VideoMetadata(
        total_num_frames=len(video),
        fps=video.fps,
        width=video.width,
        height=video.height,
        duration=video.duration,
        video_backend=_NAME,
    )
    indices = np.asarray(sample_indices_fn(metadata=metadata, **kwargs))
    metadata.frames_indices = indices
    return decode(video, indices.tolist()), metadata
