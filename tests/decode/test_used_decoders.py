"""A decoder that has decoded other runs gives the frames, statuses and errors of a new decoder.

Every H.264 video is read in windows: in their order, from the end, and at random, while decoders are kept
from window to window and from video to video. Damaged files are read when a decoder of the whole file is at
hand. Decoders of other codecs are not used again.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

import kinetics_fast as kf
from support.used_decoders import new_decoders, taken
from tools import damage_variants
from videos import media

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

pytestmark = pytest.mark.ffmpeg

MOST = 60  # frames
LENGTH = 7  # of a window, in frames
FIRST = 300_000  # the number of the first variant


def read(video: kf.Video, frames: Sequence[int]) -> kf.Batch:
    return kf.decode_clips([kf.Clip(video, indices=frames)], threads=1, on_error="zero")


def difference(new: kf.Batch, used: kf.Batch) -> str:
    """Return in what the frames of a used decoder differ from those of a new one, or nothing."""
    if not np.array_equal(new.status, used.status):
        return f"status {used.status.tolist()} instead of {new.status.tolist()}"
    if [str(error) for error in new.errors.values()] != [str(error) for error in used.errors.values()]:
        return f"errors {used.errors} instead of {new.errors}"
    return "" if np.array_equal(new.frames, used.frames) else "other pixels"


def test_a_used_decoder_gives_the_frames_of_a_new_one(video_path: Path) -> None:
    video = kf.Video(video_path)
    if video.codec != "h264":
        return
    count = min(len(video), MOST)
    windows = [range(count)[first : first + LENGTH] for first in range(0, count, LENGTH)]
    with new_decoders():
        expected = [read(video, window) for window in windows]
    order = [*range(len(windows)), *reversed(range(len(windows)))]
    order += random.Random(video_path.name).choices(range(len(windows)), k=4)
    assert [
        found for number in order if (found := difference(expected[number], read(video, windows[number])))
    ] == []


@pytest.mark.parametrize("name", ["b_pyramid_strict.mp4", "decoding_times.mkv"])
def test_runs_of_h264_use_a_decoder_again(name: str) -> None:
    video = kf.Video(media.make(name))
    frames = [video.keyframes[-1], 0]
    with new_decoders():
        expected = read(video, frames)
    read(video, frames)
    before = taken()
    assert difference(expected, read(video, frames)) == ""
    assert taken() > before


def differences(number: int, folder: Path) -> list[str]:
    variant = damage_variants.variant(number)
    path = folder / variant.name
    path.write_bytes(variant.data)
    try:
        damaged = kf.Video(path)
    except kf.Error:
        return []
    if damaged.codec != "h264":
        return []
    every = list(range(min(len(damaged), MOST)))
    sets = [every, every[::5], every[number % 7 :: 40] or every, every[:1], every[-1:]]
    with new_decoders():
        expected = [read(damaged, frames) for frames in sets]
    whole = kf.Video(media.make(variant.name))
    found = []
    for frames, new in zip(sets, expected, strict=True):
        read(whole, [0])
        found += [difference(new, read(damaged, frames)) for _ in range(2)]
    return [f"{variant}: {what}" for what in found if what]


SLOW = pytest.param(4000, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])


@pytest.mark.parametrize("count", [60, SLOW])
def test_a_used_decoder_finds_the_damage_that_a_new_one_finds(count: int, tmp_path: Path) -> None:
    before = taken()
    numbers = range(FIRST, FIRST + count)
    assert [found for number in numbers for found in differences(number, tmp_path)] == []
    assert taken() > before
