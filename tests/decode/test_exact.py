"""Every frame of every video equals ffmpeg's frame, in any order and with any other frames requested.

Each rule that keeps dropping and seeking exact has videos made to break it (`recipes_*.py`). So these tests
fail if a rule is removed.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

import kinetics_fast as kf
from support.expectations import HIDDEN_KEYS, UNFLAGGED, UNTIMED, is_rated
from videos import oracle
from videos.ffmpeg_cli import Facts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

pytestmark = pytest.mark.ffmpeg

FEW = 12


@cache
def opened(path: Path) -> kf.Video:
    return kf.Video(path)


def assert_exact(path: Path, indices: Sequence[int]) -> None:
    """Assert that the frames requested in one call equal ffmpeg's frames."""
    theirs = oracle.frames(path).planes
    ours = opened(path).planes(indices)
    assert len(ours) == len(indices)
    assert [i for i, planes in zip(indices, ours, strict=True) if not oracle.equal(planes, theirs[i])] == []


def some(path: Path, seed: int) -> list[int]:
    """Return all frame numbers of a test video in random order, or some numbers of a long real clip."""
    count = len(oracle.frames(path))
    order: list[int] = np.random.default_rng(seed).permutation(count).tolist()
    return order if count <= 60 else order[:FEW]


def test_length_is_the_number_of_frames_ffmpeg_shows(video_path: Path) -> None:
    assert len(opened(video_path)) == len(oracle.frames(video_path))


def test_planes_read_forward_equal_ffmpeg(video_path: Path) -> None:
    assert_exact(video_path, range(len(oracle.frames(video_path))))


def test_planes_read_in_reverse_equal_ffmpeg(video_path: Path) -> None:
    assert_exact(video_path, range(len(oracle.frames(video_path)))[::-1])


def test_planes_read_one_at_a_time_in_reverse_equal_ffmpeg(video_path: Path) -> None:
    for index in sorted(some(video_path, seed=1), reverse=True):
        assert_exact(video_path, [index])


def test_planes_read_one_at_a_time_in_random_order_equal_ffmpeg(video_path: Path) -> None:
    for index in some(video_path, seed=2):
        assert_exact(video_path, [index])


def test_planes_of_random_frames_with_repeats_equal_ffmpeg(video_path: Path) -> None:
    count = len(oracle.frames(video_path))
    for seed in range(4):
        assert_exact(video_path, np.random.default_rng(seed).integers(0, count, 7).tolist())


@pytest.mark.parametrize("stride", [1, 2, 3, 8, 17])
def test_planes_of_strided_windows_equal_ffmpeg(video_path: Path, stride: int) -> None:
    count = len(oracle.frames(video_path))
    for start in range(0, min(count, 60), 7):
        assert_exact(video_path, range(start, min(start + 8 * stride, count), stride))


def test_frames_alone_in_a_window_and_in_a_full_read_are_the_same_bytes(video_path: Path) -> None:
    video = opened(video_path)
    whole = video.frames(range(len(video)))
    assert np.array_equal(video.frames(range(0, len(video), 5)), whole[::5])
    clips = [kf.Clip(video_path, indices=[index]) for index in sorted(some(video_path, seed=3)[:FEW])]
    batch = kf.decode_clips(clips)
    assert np.array_equal(batch.frames[:, 0], whole[batch.indices[:, 0]])
    for clip in clips[:3]:
        alone = kf.decode_clips([clip])
        assert np.array_equal(alone.frames[0, 0], whole[alone.indices[0, 0]])


def test_timestamps_come_from_the_container(video_path: Path) -> None:
    ours = opened(video_path).timestamps
    assert ours.dtype == np.float64
    if video_path.name in UNTIMED:
        return
    if is_rated(video_path):
        stored = [packet.dts for packet in Facts(video_path).packets]
        assert (np.diff(ours) > 0).all()
        assert set(ours.round(6)) <= {round(time, 6) for time in stored if time is not None}
    else:  # times never decrease, whatever the container says
        theirs = np.sort(oracle.frames(video_path).timestamps)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9)


def test_keyframes_are_the_frames_that_entries_begin_with(video_path: Path) -> None:
    if video_path.name not in UNTIMED:
        ours = opened(video_path).keyframes
        theirs = HIDDEN_KEYS.get(video_path.name, oracle.keyframes(video_path))
        assert ours.dtype == np.int64
        assert ours.tolist() == theirs or (video_path.name in UNFLAGGED and set(ours.tolist()) <= set(theirs))


def test_format_and_size_are_those_of_the_first_frame(video_path: Path) -> None:
    video, theirs = opened(video_path), oracle.frames(video_path)
    height, width = theirs.planes[0][0].shape
    shown = (height, width) if video.rotation % 180 == 0 else (width, height)
    assert (video.height, video.width) == shown
    assert video.codec == Facts(video_path).codec
    assert video.pixel_format.replace("yuvj", "yuv") == theirs.stored.replace("yuvj", "yuv")
    assert [plane.dtype for plane in video.planes([0])[0]] == [plane.dtype for plane in theirs.planes[0]]
