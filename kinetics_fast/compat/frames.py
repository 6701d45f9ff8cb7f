"""What several drop-ins share: decoding, frames by time, replacing functions of a peer."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

import kinetics_fast as kf

# Errors that say that a file cannot be read as a video. A ResourceError is the machine's fault, and not among
# them.
UNREADABLE = (kf.OpenError, kf.UnsupportedError, kf.CorruptError)


def decode(
    video: kf.Video, indices: Iterable[int], threads: int | None = None, **pixels: Any
) -> npt.NDArray[Any]:
    """Decode frames by number, (T, H, W, 3) by default. Negative numbers count from the end.

    Other readers return damaged frames without a word. The drop-ins return damaged frames, too, but warn.

    Parameters
    ----------
    video : kf.Video
        The video.
    indices : iterable of int
        Frame numbers.
    threads : int, optional
        Number of threads; None means the number of CPUs.
    **pixels
        ``size``, ``layout``, ``dtype`` and so on, as for `kinetics_fast.decode_clips`.
    """
    numbers = [number + len(video) if number < 0 else number for number in indices]
    if not numbers:
        return video.frames([], **pixels)
    frames: npt.NDArray[Any] = decode_views([kf.Clip(video, indices=numbers)], threads, **pixels)[0]
    return frames


def decode_views(clips: Sequence[kf.Clip], threads: int | None = None, **pixels: Any) -> npt.NDArray[Any]:
    """Decode clips of one video, with the pixel arguments of `kinetics_fast.decode_clips`; warn of damage."""
    batch = kf.decode_clips(clips, threads=threads, accept_damaged=True, **pixels)
    if batch.status.any():
        what = "frames are damaged; the decoder has concealed the damage"
        warnings.warn(f"{clips[0].source!r}: {what}", stacklevel=4)
    return batch.frames


def nearest_frames(video: kf.Video, seconds: Sequence[float]) -> npt.NDArray[np.intp]:
    """Return the number of the frame that begins nearest to each time; of two equally near, the earlier."""
    times = np.asarray(seconds, np.float64)
    begins = video.timestamps
    after = begins.searchsorted(times).clip(max=len(begins) - 1)
    before = (after - 1).clip(min=0)
    nearest: npt.NDArray[np.intp] = np.where(begins[after] - times < times - begins[before], after, before)
    return nearest


def replace(owner: Any, attributes: dict[str, Any]) -> Callable[[], None]:
    """Replace attributes of a module, and return a function that puts back what was there."""
    missing = object()
    old = {name: getattr(owner, name, missing) for name in attributes}
    for name, value in attributes.items():
        setattr(owner, name, value)

    def undo() -> None:
        for name, value in old.items():
            if value is missing:
                delattr(owner, name)
            else:
                setattr(owner, name, value)

    return undo
