"""The drop-in for PyTorchVideo's EncodedVideo."""

from __future__ import annotations

import csv
import types
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.compat import pytorchvideo as ours
from support.smooth import smooth_video

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.ffmpeg


@pytest.mark.parametrize(
    ("start", "end", "frames"),
    [
        (0, 2.4, range(60)),
        (0, float("inf"), range(60)),
        (Fraction(10, 25), Fraction(12, 25), range(10, 12)),
        (0.399, 0.401, [10]),
        (0.401, 0.439, []),
        (0.4 + 0.5 / 12800, 0.45, [11]),  # half a tick after frame 10
        (-1, 0.1, range(3)),
        (3, 5, []),
        (2.36, 9, [59]),
    ],
)
def test_a_clip_has_the_frames_that_begin_in_it(start: Any, end: Any, frames: Any) -> None:
    clip = ours.EncodedVideo.from_path(smooth_video()).get_clip(start, end)
    assert clip["audio"] is None
    if not len(frames):
        assert clip["video"] is None
        return
    assert clip["video"].dtype == torch.float32
    assert np.array_equal(clip["video"].numpy(), kf.Video(smooth_video()).frames(frames, layout="CTHW"))


def test_properties() -> None:
    video = ours.EncodedVideo.from_path(str(smooth_video()), decode_audio=False, decoder="pyav")
    facts = (video.name, video.duration, video.rate, video.pix_fmt)
    assert facts == (smooth_video().name, 2.4, Fraction(25), "yuv420p")
    assert video.bit_rate == kf.Video(smooth_video()).bit_rate
    video.close()
    assert video.get_clip(0, 1)["video"].shape == (3, 25, 120, 160)


def test_a_file_object_and_no_pictures() -> None:
    with smooth_video().open("rb") as file:
        video = ours.EncodedVideo(file, "name", False, decode_video=False, perform_seek=False)
    assert video.name == "name"
    assert video.get_clip(0, 1) == {"video": None, "audio": None}


def test_errors_have_the_types_of_pytorchvideo(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ours.EncodedVideo.from_path(tmp_path / "missing.mp4")
    (tmp_path / "text.mp4").write_text("no video")
    with pytest.raises(RuntimeError, match=r"cannot read the video text\.mp4"):
        ours.EncodedVideo.from_path(tmp_path / "text.mp4")


def test_every_decoder_of_the_peer_is_replaced_and_put_back() -> None:
    peer: Any = types.SimpleNamespace(select_video_class=len)
    undo = ours.patch(peer)
    assert peer.select_video_class("decord") is ours.EncodedVideo
    undo()
    assert peer.select_video_class is len


def test_the_data_set_of_pytorchvideo_gives_the_same_clips(tmp_path: Path) -> None:
    data = pytest.importorskip("pytorchvideo.data", exc_type=ImportError)
    with (tmp_path / "train.csv").open("w") as file:
        csv.writer(file, delimiter=" ").writerows([[smooth_video(), 3], [smooth_video(), 4]])
    samples = []
    for make in (data.labeled_video_dataset, ours.labeled_video_dataset):
        sampler = data.make_clip_sampler("uniform", 0.5)
        order = torch.utils.data.SequentialSampler
        samples.append(list(make(str(tmp_path / "train.csv"), sampler, order, decode_audio=False)))
    theirs, mine = samples
    assert len(theirs) == len(mine) == 8
    for real, sample in zip(theirs, mine, strict=True):
        assert real.keys() == sample.keys()
        assert (real["label"], real["video_name"]) == (sample["label"], sample["video_name"])
        assert real["video"].shape == sample["video"].shape
        assert (real["video"] - sample["video"]).abs().mean() <= 2
