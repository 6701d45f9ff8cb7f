"""Decodes every frame of some videos, small, and says of each whether something is wrong with it."""

from __future__ import annotations

import numpy as np

from kinetics_fast import _core
from kinetics_fast._decode.clip import Clip
from kinetics_fast._decode.decode_clips import decode_clips
from kinetics_fast._decode.status import FrameStatus
from kinetics_fast._decode.video import Video
from kinetics_fast.scan.verdict import reason_of

FRAMES_A_CLIP = 32
SIZE = 8  # pixels a side: next to nothing is converted, and memory stays small


def first_damage(videos: list[tuple[_core.Source, _core.FrameIndex]]) -> list[str | None]:
    """Decode all frames of the videos.

    Parameters
    ----------
    videos : list of (Source, FrameIndex)
        The videos, which are decoded in one call.

    Returns
    -------
    list of str or None
        For each: how many frames are damaged, which is the first and why; None where all are well.
    """
    if not videos:
        return []
    clips: list[Clip] = []
    number_of: list[int] = []
    for number, (source, index) in enumerate(videos):
        video = Video.of(source, index)
        for first in range(0, len(index), FRAMES_A_CLIP):
            frames = np.minimum(np.arange(first, first + FRAMES_A_CLIP), len(index) - 1)
            clips.append(Clip(video, indices=frames))
            number_of.append(number)
    batch = decode_clips(clips, size=SIZE, color="gray", antialias=False, on_error="zero")
    damaged: list[set[int]] = [set() for _ in videos]
    words: list[str] = [""] * len(videos)
    for row, error in batch.errors.items():
        number = number_of[row]
        words[number] = words[number] or reason_of(error)
        damaged[number].update(batch.indices[row][batch.status[row] != FrameStatus.OK].tolist())
    return [
        f"{len(bad)} of {len(videos[number][1])} frames are damaged, the first is {min(bad)}: {words[number]}"
        if bad
        else None
        for number, bad in enumerate(damaged)
    ]
