"""A decoder for ``webdataset.WebDataset(...).decode(HANDLER)``."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import kinetics_fast as kf
from kinetics_fast.compat.frames import decode
from kinetics_fast.compat.reading import open_video

if TYPE_CHECKING:
    from typing import Literal

__all__ = ["video"]

_EXTENSIONS = frozenset(["avi", "h264", "m4v", "mjpeg", "mkv", "mov", "mp4", "mpg", "ogv", "webm", "wmv"])


def video(
    frames: int | None = None, stride: int = 1, place: Literal["center", "random"] = "center", **pixels: Any
) -> Callable[[str, bytes], Any]:
    """Return a handler that makes a clip, or a `kinetics_fast.Video`, of the videos in a sample.

    Parameters
    ----------
    frames : int, optional
        Frames of the clip. Without it, the handler returns a `kinetics_fast.Video`, and nothing is decoded.
    stride : int
        Distance from one frame to the next.
    place : {"center", "random"}
        Where the clip is in the video. ``random`` draws with the module `random`, which a DataLoader seeds
        differently in each worker. In a video that is shorter than the clip, the last frame is repeated.
    **pixels
        ``size``, ``layout``, ``dtype`` and so on, as for `kinetics_fast.Video.frames`.

    Returns
    -------
    callable
        Takes a key and bytes. Returns an array (T, H, W, 3), by default of uint8, or None if the key is not
        one of a video (avi, h264, m4v, mjpeg, mkv, mov, mp4, mpg, ogv, webm, wmv).

    Raises
    ------
    ValueError
        `frames` or `stride` is below 1, or `place` is not known.

    Examples
    --------
    >>> from pathlib import Path
    >>> from kinetics_fast.compat.webdataset import video
    >>> handler = video(frames=16, stride=4, size=112)
    >>> handler("abseiling.mp4", Path("abseiling.mp4").read_bytes()).shape
    (16, 112, 112, 3)
    >>> handler("abseiling.json", b"{}") is None
    True
    """
    for name, value in (("frames", frames), ("stride", stride)):
        if value is not None and value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}")
    if place not in ("center", "random"):
        raise ValueError(f"place must be 'center' or 'random', got {place!r}")

    def handle(key: str, data: bytes) -> Any:
        if key.rpartition(".")[2].lower() not in _EXTENSIONS:
            return None
        opened = open_video(data)
        if frames is None:
            return opened
        return decode(opened, _window(opened, frames, stride, place), **pixels)

    return handle


def _window(opened: kf.Video, frames: int, stride: int, place: str) -> list[int]:
    free = max(len(opened) - ((frames - 1) * stride + 1), 0)
    start = random.randint(0, free) if place == "random" else free // 2
    return [min(start + number * stride, len(opened) - 1) for number in range(frames)]
