"""A crop has the same pixels whether the rest of the pictures is decoded or left out.

Without the deblocking filter, H.264 pictures that no other picture refers to are decoded where a crop needs
them. A row with the whole frames in the same call makes the decoder decode everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast import _core
from videos import media
from videos.ffmpeg_cli import remux
from videos.recipes import encode, pictures

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.ffmpeg

FRAMES = 24
NO_FILTER = "no-deblock=1:bframes=5:b-adapt=0:b-pyramid=none:scenecut=0"
STREAMS = {
    "intra macroblocks": "crf=40:cabac=0",
    "residuals": "crf=12",
    "small partitions": "crf=20:partitions=all:no-8x8dct=1:ref=4",
    "temporal direct": "crf=24:direct=temporal:weightb=1",
    "slices": "crf=24:slices=4:cabac=0",
    "constrained intra": "crf=30:constrained-intra=1",
    "lossless": "qp=0",
    "fields": "crf=24:interlaced=1",
    "deblocked": "crf=24:no-deblock=0",
}


def assert_same_in_company(video: kf.Video, seed: int, rounds: int = 6) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(rounds):
        frames = rng.choice(len(video), 8, replace=False)
        size = rng.integers(1, [video.width, video.height])
        corner = rng.random(2) * ([video.width, video.height] - size)
        if rng.random() < 0.5:
            corner = np.floor(corner)
        crop = kf.Clip(video, indices=frames.tolist(), box=(*corner.tolist(), *size.tolist()))
        whole = kf.Clip(video, indices=frames.tolist())
        alone = kf.decode_clips([crop], size=32)
        both = kf.decode_clips([crop, whole], size=32)
        assert np.array_equal(alone.status[0], both.status[0])
        assert np.array_equal(alone.frames[0], both.frames[0])


@pytest.mark.parametrize("name", STREAMS)
def test_a_crop_is_that_of_the_whole_frame(name: str, tmp_path: Path) -> None:
    path = tmp_path / "stream.mp4"
    profile: dict[str, Any] = {"profile:v": "high444"} if name == "lossless" else {}
    encode(path, f"{NO_FILTER}:{STREAMS[name]}", pictures(FRAMES), **profile)
    assert_same_in_company(kf.Video(path), seed=len(name))


@pytest.mark.parametrize("name", ["not_deblocked.mp4", "crop_left_122x90.mp4", "rotated_90.mp4"])
def test_a_crop_of_a_test_video(name: str) -> None:
    assert_same_in_company(kf.Video(media.make(name)), seed=5)


def test_the_cropping_of_the_sps_shifts_the_macroblocks(tmp_path: Path) -> None:
    path = tmp_path / "cropped.mp4"
    cropping: dict[str, Any] = {"bsf:v": "h264_metadata=crop_left=12:crop_right=2:crop_top=6:crop_bottom=4"}
    remux(media.make("not_deblocked.mp4"), path, **cropping)
    video = kf.Video(path)
    assert (video.width, video.height) == (114, 86)
    assert_same_in_company(video, seed=8)


def test_several_decoder_threads_leave_the_same_out() -> None:
    _core.force_decoder_threads(3)
    try:
        assert_same_in_company(kf.Video(media.make("not_deblocked.mp4")), seed=6)
    finally:
        _core.force_decoder_threads(0)


def test_damage_outside_of_the_crop_counts() -> None:
    data = bytearray(media.make("not_deblocked.mkv").read_bytes())
    rng = np.random.default_rng(7)
    statuses = set()
    for _ in range(12):
        damaged = bytearray(data)
        for at in rng.integers(len(data) // 4, len(data), 6):
            damaged[at] ^= 1 << int(rng.integers(8))
        try:
            video = kf.Video(bytes(damaged))
        except kf.Error:
            continue
        if (video.width, video.height) != (128, 96):
            continue
        frames = list(range(len(video)))
        crop = kf.Clip(video, indices=frames, box=(40, 40, 16, 16))
        alone = kf.decode_clips([crop], size=16, on_error="zero")
        both = kf.decode_clips([crop, kf.Clip(video, indices=frames)], size=16, on_error="zero")
        assert np.array_equal(alone.status[0], both.status[0])
        assert np.array_equal(alone.frames[0], both.frames[0])
        statuses.update(alone.status[0].tolist())
    assert statuses >= {kf.FrameStatus.OK, kf.FrameStatus.DAMAGED}
