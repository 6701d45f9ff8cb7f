"""A frame index packs into bytes and back, trusts no saved byte, and works without file positions."""

from __future__ import annotations

import random
import zlib
from pathlib import Path

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast import _core
from kinetics_fast._decode.source import as_local
from kinetics_fast._decode.video import video_of
from videos import media, oracle

pytestmark = pytest.mark.ffmpeg

NAMES = [
    "b_pyramid_normal.mp4",
    "open_gop.mkv",
    "parameter_sets_change.mp4",
    "missing_pts.mkv",
    "edit_twice.mp4",
]


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
    path = media.make("stripped.mkv")
    video = kf.Video(path)
    other = with_index(video, packed(video))
    theirs = oracle.frames(path).planes
    for frame in (0, 13, 24, len(theirs) - 1):
        assert oracle.equal(other.planes([frame])[0], theirs[frame])
    count = len(theirs)
    batch = kf.decode_clips([kf.Clip(other, indices=range(count))])
    assert batch.stats["bytes_read"] < video._index.bytes / 10  # a prefix may be there by chance


def test_a_saved_index_of_a_training_clip_is_two_or_three_bytes_a_frame() -> None:
    video = kf.Video(media.make("b_pyramid_normal.mp4"))
    saved = zlib.compress(packed(video))  # as the index file of a data set keeps it
    assert len(saved) < 100 + 3 * len(video)


def test_a_scanned_and_saved_index_of_any_video_gives_its_frames(video_path: Path) -> None:
    video = kf.Video(video_path.read_bytes())  # not the file, whose cached index would change
    ticket = _core.submit_index([as_local(video._source)], 1 << 27, None, read_packets=True)
    ticket.wait()
    (scanned,) = ticket.result()
    assert isinstance(scanned, _core.FrameIndex)
    again = video_of(video._source, _core.FrameIndex.unpack(scanned.pack()))
    assert again._index.pack() == scanned.pack()
    assert np.array_equal(again.timestamps, video.timestamps)
    some = [*range(0, len(video), 7), len(video) - 1]
    for ours, theirs in zip(again.planes(some), video.planes(some), strict=True):
        assert oracle.equal(ours, theirs)
