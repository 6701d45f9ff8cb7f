"""Decodes every frame of some videos at a small size, and reports the damage of each video."""

from __future__ import annotations

from kinetics_fast import _core
from kinetics_fast._decode.index_request import IndexedSource
from kinetics_fast._decode.pixels import Pixels
from kinetics_fast._decode.request import DecodeRequest, Output
from kinetics_fast._decode.status import FrameStatus
from kinetics_fast.scan.verdict import reason_of

FRAMES_A_ROW = 32
SIZE = 8, 8  # pixels: hardly anything is converted, and the output stays small


def first_damage(videos: list[tuple[_core.Source, _core.FrameIndex]], threads: int = 0) -> list[str | None]:
    """Decode all frames of the videos in one request.

    Parameters
    ----------
    videos : list of (Source, FrameIndex)
        The videos.
    threads : int, optional
        Number of threads that decode; 0 means the number of CPUs.

    Returns
    -------
    list of str or None
        For each video: how many frames are damaged, which is the first and why; None if no frame is damaged.
    """
    if not videos:
        return []
    request = DecodeRequest()
    rows: list[tuple[int, list[int]]] = []  # the video and the frames of each row
    for number, pair in enumerate(videos):
        video = IndexedSource(*pair)
        last = len(video.frame_index) - 1
        for first in range(0, last + 1, FRAMES_A_ROW):
            frames = [min(frame, last) for frame in range(first, first + FRAMES_A_ROW)]
            request.add(video, len(rows), frames, None, False)
            rows.append((number, frames))
    output = Output(Pixels.of(color="gray", antialias=False), len(rows), FRAMES_A_ROW, SIZE)
    job = request.submit(output, _core.ThreadLimit(threads), None)
    job.wait()
    errors = job.collect(accept_damaged=False)
    status = output.status()
    damaged: list[set[int]] = [set() for _ in videos]
    reasons = [""] * len(videos)
    for row, error in sorted(errors.items()):
        number, frames = rows[row]
        reasons[number] = reasons[number] or reason_of(error)
        bad = status[row] != FrameStatus.OK
        damaged[number].update(frame for frame, is_bad in zip(frames, bad, strict=True) if is_bad)
    return [
        f"{len(bad)} of {len(index)} frames are damaged, the first is {min(bad)}: {reason}" if bad else None
        for (_, index), bad, reason in zip(videos, damaged, reasons, strict=True)
    ]
