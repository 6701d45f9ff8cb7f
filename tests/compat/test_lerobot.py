"""LeRobot's decode_video_frames."""

from __future__ import annotations

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.compat.frames import nearest_frames
from kinetics_fast.compat.lerobot import decode_video_frames
from support.smooth import smooth_video
from videos import media

pytest.importorskip("torch")
pytestmark = pytest.mark.ffmpeg


def test_frames_are_floats_of_the_nearest_frames_in_the_order_asked_for() -> None:
    video = kf.Video(smooth_video())
    frames = decode_video_frames(smooth_video(), [0.4004, 0.0, 2.36, 0.4], 1e-3)
    wanted = video.frames([10, 0, 59, 10], layout="TCHW", dtype="float32")
    assert np.array_equal(frames.numpy(), wanted)
    eight_bits = decode_video_frames(smooth_video(), [0.4], 1e-3, return_uint8=True)
    assert np.array_equal(eight_bits.numpy(), video.frames([10], layout="TCHW"))


@pytest.mark.parametrize("time", [0.02, -1.0, 2.4, 99.0])
def test_a_time_too_far_from_every_frame_is_an_error(time: float) -> None:
    with pytest.raises(ValueError, match=r"timestamps\[1\] = .* tolerance_s is 0\.01"):
        decode_video_frames(smooth_video(), [0.0, time], 0.01)


def test_the_tolerance_itself_is_too_far() -> None:
    time = float(kf.Video(smooth_video()).timestamps[10]) + 0.015625
    with pytest.raises(ValueError, match="tolerance_s"):
        decode_video_frames(smooth_video(), [time], time - float(kf.Video(smooth_video()).timestamps[10]))


def test_depth_maps_are_refused() -> None:
    with pytest.raises(ValueError, match="is_depth must be False"):
        decode_video_frames(smooth_video(), [0.0], 0.01, is_depth=True)


@pytest.mark.parametrize("name", ["open_gop.mp4", "one_frame.mp4", "edit_initial.mp4"])
def test_the_nearest_frame_is_the_one_with_the_smallest_distance(name: str) -> None:
    video = kf.Video(media.make(name))
    times = np.random.default_rng(0).uniform(-1, video.duration + 1, 200)
    distances = np.abs(video.timestamps[None] - times[:, None])
    assert np.array_equal(nearest_frames(video, times.tolist()), distances.argmin(1))
