"""Threads inside a decoder change nothing: frames, statuses and errors are those of one thread.

Videos without damage are compared over their whole length, damaged ones also in sparse frames and one frame:
what is missing there, other frames cannot show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import kinetics_fast as kf
from support.helped import helped
from tools import damage_variants
from videos import media

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.ffmpeg

MOST = 100  # frames
CODECS = {"h264", "hevc", "av1", "vp9"}  # whose decoders can have threads
FIRST = 200_000  # the number of the first variant


def read(video: kf.Video, frames: list[int], threads: int) -> kf.Batch:
    with helped(threads):
        return kf.decode_clips([kf.Clip(video, indices=frames)], on_error="zero")


def differs(video: kf.Video, frames: list[int], threads: int) -> str:
    """Return in what a read with threads inside the decoder differs from one without, or nothing."""
    alone, together = read(video, frames, 1), read(video, frames, threads)
    if not np.array_equal(alone.status, together.status):
        return f"status {together.status.tolist()} instead of {alone.status.tolist()}"
    if [str(error) for error in alone.errors.values()] != [str(error) for error in together.errors.values()]:
        return f"errors {together.errors} instead of {alone.errors}"
    return "" if np.array_equal(alone.frames, together.frames) else "other pixels"


def test_a_helped_decoder_gives_the_frames_of_one_thread(video_path: Path) -> None:
    video = kf.Video(video_path)
    for frames in (list(range(min(len(video), MOST))), [len(video) - 1]):
        assert differs(video, frames, threads=3) == ""


@pytest.mark.parametrize("name", ["b_pyramid_strict.mp4", "hevc.mkv", "av1.mp4", "vp9.webm"])
def test_a_helped_decoder_that_meets_no_trouble_sends_each_packet_once(name: str) -> None:
    video = kf.Video(media.make(name))
    frames = list(range(len(video)))
    assert read(video, frames, 3).stats["packets_sent"] == read(video, frames, 1).stats["packets_sent"]


def differences(number: int, folder: Path) -> list[str]:
    variant = damage_variants.variant(number)
    path = folder / variant.name
    path.write_bytes(variant.data)
    try:
        video = kf.Video(path)
    except kf.Error:
        return []
    every = list(range(min(len(video), MOST)))
    sets = [every, every[::5], every[number % 7 :: 40]] if video.codec in CODECS else []
    found = [differs(video, frames, threads) for frames in filter(None, sets) for threads in (2, 5)]
    return [f"{variant}: {difference}" for difference in found if difference]


SLOW = pytest.param(6000, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])


@pytest.mark.parametrize("count", [120, SLOW])
def test_a_helped_decoder_finds_the_damage_that_one_thread_finds(count: int, tmp_path: Path) -> None:
    numbers = range(FIRST, FIRST + count)
    assert [found for number in numbers for found in differences(number, tmp_path)] == []
