"""The video reading of ``torchvision.io``, which torchvision removed in 0.26."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kinetics_fast.compat.frames import replace
from kinetics_fast.compat.torchvision.video import read_video, read_video_timestamps
from kinetics_fast.compat.torchvision.video_reader import VideoReader

__all__ = ["VideoReader", "patch", "read_video", "read_video_timestamps"]


def patch(peer: Any) -> Callable[[], None]:
    """Put `read_video`, `read_video_timestamps` and `VideoReader` into ``torchvision.io``.

    Parameters
    ----------
    peer : module
        ``torchvision.io``.

    Returns
    -------
    callable
        Puts the old functions back.

    Examples
    --------
    >>> import torchvision.io  # doctest: +SKIP
    >>> undo = patch(torchvision.io)  # doctest: +SKIP
    """
    ours = (read_video, read_video_timestamps, VideoReader)
    return replace(peer, {function.__name__: function for function in ours})
