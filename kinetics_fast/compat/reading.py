"""What several drop-ins share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

import kinetics_fast as kf

if TYPE_CHECKING:
    from collections.abc import Callable

# Errors that say that a file cannot be read as a video. A ResourceError is the machine's fault and none of
# them.
UNREADABLE = (kf.OpenError, kf.UnsupportedError, kf.CorruptError)


def open_video(source: Any) -> kf.Video:
    """Open the video stream of a source."""
    return kf.Video(source)


def decode(
    video: kf.Video, indices: Iterable[int], threads: int | None = None, **pixels: Any
) -> npt.NDArray[Any]:
    """Decode frames by number on at most `threads` threads; None means all CPUs of this process."""
    numbers = list(indices)
    if threads is None or not numbers:
        return video.frames(numbers, **pixels)
    frames: npt.NDArray[Any] = kf.decode_clips(
        [kf.Clip(video, indices=numbers)], threads=threads, **pixels
    ).frames[0]
    return frames


def nearest_frames(video: kf.Video, seconds: Sequence[float]) -> npt.NDArray[np.intp]:
    """Return the number of the frame that begins nearest to each time; of two equally near, the earlier."""
    times = np.asarray(seconds, np.float64)
    begins = video.timestamps
    after = begins.searchsorted(times).clip(1, max(len(begins) - 1, 1))
    before = after - 1
    last = len(begins) - 1
    nearer: npt.NDArray[np.intp] = np.where(
        begins[after.clip(max=last)] - times < times - begins[before], after.clip(max=last), before
    )
    return nearer


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
