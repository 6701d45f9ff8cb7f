"""A frame index packs into bytes and back, believes no saved byte, and does without places in the file."""

from __future__ import annotations

import random

import media
import numpy as np
import oracle
import pytest

import kinetics_fast as kf
from kinetics_fast import _core

NAMES = [
    "b_pyramid_normal.mp4",
    "open_gop.mkv",
    "parameter_sets_change.mp4",
    "missing_pts.mkv",
    "edit_twice.mp4",
]
DIRECT = 1  # the flag of a packet that lies in the file as it is


def packed(video: kf.Video) -> bytes:
    return video._index.pack()


def with_index(video: kf.Video, index: bytes) -> kf.Video:
    other = kf.Video.__new__(kf.Video)
    other.__setstate__((video._source, _core.FrameIndex.unpack(index)))
    return other


@pytest.mark.parametrize("name", NAMES)
def test_an_unpacked_index_decodes_the_same_frames(name: str) -> None:
    video = kf.Video(media.make(name))
    again = with_index(video, packed(video))
    assert packed(again) == packed(video)
    assert np.array_equal(again.timestamps, video.timestamps)
    assert np.array_equal(again.keyframes, video.keyframes)
    assert np.array_equal(again[3], video[3])


@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_saved_index_is_refused_or_decodes_without_harm(name: str) -> None:
    video = kf.Video(media.make(name))
    good = packed(video)
    rng = random.Random(name)
    for _ in range(300):
        bad = bytearray(good)
        for _ in range(rng.randint(1, 4)):
            bad[rng.randrange(len(bad))] = rng.randrange(256)
        bad = bad[: rng.randint(1, len(bad))] if rng.random() < 0.2 else bad
        try:
            other = with_index(video, bytes(bad))
        except kf.CorruptError as error:
            assert error.stage == "index"  # noqa: PT017 (it may also be accepted)
            continue
        try:
            other.planes([0, len(other) // 2])
        except kf.Error as error:
            assert error.stage in {"open", "read", "decode", "plan"}  # noqa: PT017


def test_packets_that_do_not_lie_as_they_are_come_from_the_demuxer() -> None:
    path = media.make("open_gop.mkv")
    video = kf.Video(path)
    index = bytearray(packed(video))
    theirs = oracle.frames(path).planes
    # A packet's record begins with its flags; without the direct one its place means nothing. The records
    # follow the header, which ends with the number of packets.
    count = len(theirs)
    start = index.index(bytes([count]), 40) + 1
    at, cleared = start, 0
    while cleared < count:
        assert index[at] & DIRECT
        index[at] &= ~DIRECT
        cleared += 1
        at += 1
        for _ in range(3):  # position, size and order are numbers of 7 bits a byte
            while index[at] & 0x80:
                at += 1
            at += 1
    other = with_index(video, bytes(index))
    for frame in (0, 13, 24, count - 1):
        assert oracle.equal(other.planes([frame])[0], theirs[frame])
