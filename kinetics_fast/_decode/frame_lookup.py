"""Which frames of a video are wanted: by number, as in a Python sequence, or by the time they are shown."""

from __future__ import annotations

from typing import Any

import numpy as np

from kinetics_fast._decode.index_request import IndexedSource
from kinetics_fast._decode.validation import frame_numbers
from kinetics_fast.errors import FrameRangeError


def numbered_frames(video: IndexedSource, numbers: Any) -> tuple[list[int], bool]:
    """Return frame numbers, of which negative ones count from the end, and whether a single one was given."""
    source, index = video
    wanted, single = frame_numbers(numbers)
    count = len(index)
    for number in wanted:
        if not -count <= number < count:
            what = f"the video has frames 0 to {count - 1}"
            missing = index.missing_packets
            if missing:
                what += f"; the file is truncated: {missing} frames that its header lists are missing"
            raise FrameRangeError(what, source.name, number, "plan")
    return [number % count for number in wanted], single


def frame_shown_at(video: IndexedSource, seconds: float) -> int:
    """Return the frame that is shown at a time."""
    source, index = video
    number = index.frame_at(seconds)
    if number is None:
        begin, end = float(index.timestamps()[0]), index.end
        what = f"no frame is shown at {seconds:.6g} s; the video lasts from {begin:.6g} s to {end:.6g} s"
        raise FrameRangeError(what, source.name, None, "plan")
    return number


def frames_shown_between(video: IndexedSource, start: float, stop: float) -> list[int]:
    """Return the frames that are shown at some time t, start <= t < stop."""
    if not start <= stop:
        raise ValueError(f"start must be at most stop, got {start} and {stop}")
    index = video.frame_index
    begins = index.timestamps()
    ends = np.append(begins[1:], index.end)
    numbers: list[int] = np.flatnonzero(np.maximum(begins, start) < np.minimum(ends, stop)).tolist()
    return numbers
