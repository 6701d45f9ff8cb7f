"""The handler for webdataset."""

from __future__ import annotations

import random
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.compat.webdataset import video
from support.smooth import smooth_video

pytestmark = pytest.mark.ffmpeg


def content() -> bytes:
    return smooth_video().read_bytes()


@pytest.mark.parametrize(
    "key", [".mp4", "mp4", "a.b.MP4", "x.mkv", ".avi", "mov", "webm", "wmv", "mjpeg", "h264"]
)
def test_keys_of_videos_are_handled(key: str) -> None:
    assert isinstance(video()(key, content()), kf.Video)


@pytest.mark.parametrize("key", [".jpg", "cls", "mp4.json", ""])
def test_other_keys_are_left_to_other_handlers(key: str) -> None:
    assert video()(key, content()) is None


def test_a_clip_is_in_the_middle() -> None:
    clip = video(frames=8, stride=4, size=(48, 64))("mp4", content())
    wanted = kf.Video(smooth_video()).frames(range(15, 15 + 32, 4), size=(48, 64))
    assert np.array_equal(clip, wanted)


def test_a_random_clip_is_drawn_with_the_random_module() -> None:
    handle = video(frames=8, stride=4, place="random")
    opened = kf.Video(smooth_video())
    for seed in range(4):
        random.seed(seed)
        start = random.randint(0, 60 - 29)
        random.seed(seed)
        assert np.array_equal(handle("mp4", content()), opened.frames(range(start, start + 32, 4)))


def test_a_clip_longer_than_the_video_repeats_the_last_frame() -> None:
    clip = video(frames=4, stride=25)("mp4", content())
    assert np.array_equal(clip, kf.Video(smooth_video()).frames([0, 25, 50, 59]))


@pytest.mark.parametrize("arguments", [{"frames": 0}, {"frames": 4, "stride": 0}, {"place": "left"}])
def test_wrong_arguments_are_refused_when_the_handler_is_made(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be"):
        video(**arguments)


def test_webdataset_decodes_with_the_handler(tmp_path: Path) -> None:
    webdataset = pytest.importorskip("webdataset")
    with tarfile.open(tmp_path / "shard.tar", "w") as shard:
        shard.add(smooth_video(), "one.mp4")
    shards = webdataset.WebDataset(str(tmp_path / "shard.tar"), shardshuffle=False)
    (sample,) = shards.decode(video(frames=8, stride=4))
    assert sample["mp4"].shape == (8, 120, 160, 3)
