"""The drop-in for OpenCV's VideoCapture, beside the real class."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.compat.opencv import VideoCapture
from support.smooth import LEVELS, assert_same_frames, distance, smooth_video, turned_video

pytestmark = pytest.mark.ffmpeg


def frames_of(capture: Any) -> np.ndarray[Any, np.dtype[np.uint8]]:
    frames: list[Any] = []
    while True:
        ok, frame = capture.read()
        if not ok:
            assert frame is None
            return np.stack(frames)
        frames.append(frame)


@pytest.mark.parametrize("make", [smooth_video, turned_video])
def test_a_loop_over_read_gives_the_frames_of_opencv(make: Any) -> None:
    assert_same_frames(frames_of(VideoCapture(str(make()))), frames_of(cv2.VideoCapture(str(make()))))


def test_frames_are_exact_and_bgr() -> None:
    path = smooth_video()
    assert np.array_equal(frames_of(VideoCapture(path)), kf.Video(path)[:][..., ::-1])


@pytest.mark.parametrize(
    "name",
    ["FRAME_COUNT", "FPS", "FRAME_WIDTH", "FRAME_HEIGHT", "FOURCC", "CONVERT_RGB", "SAR_NUM", "SAR_DEN",
     "ORIENTATION_META", "ORIENTATION_AUTO", "POS_FRAMES", "POS_MSEC", "BRIGHTNESS"],
)  # fmt: skip
@pytest.mark.parametrize("make", [smooth_video, turned_video])
def test_properties_are_those_of_opencv(make: Any, name: str) -> None:
    number = getattr(cv2, f"CAP_PROP_{name}")
    ours, theirs = VideoCapture(str(make())), cv2.VideoCapture(str(make()))
    for _ in range(4):
        assert ours.get(number) == pytest.approx(theirs.get(number)), name
        ours.read()
        theirs.read()


def test_positions_after_seeking_are_those_of_opencv() -> None:
    ours, theirs = VideoCapture(str(smooth_video())), cv2.VideoCapture(str(smooth_video()))
    rng = np.random.default_rng(0)
    for value in [*rng.uniform(-5, 65, 40), 0, 59, 60, 2.7]:
        for capture in (ours, theirs):
            assert capture.set(cv2.CAP_PROP_POS_FRAMES, value)
        assert ours.get(cv2.CAP_PROP_POS_FRAMES) == theirs.get(cv2.CAP_PROP_POS_FRAMES), value
        assert ours.get(cv2.CAP_PROP_POS_MSEC) == pytest.approx(theirs.get(cv2.CAP_PROP_POS_MSEC)), value
        (ok, frame), (their_ok, their_frame) = ours.read(), theirs.read()
        assert ok == their_ok, value
        if frame is not None:
            assert distance(frame, their_frame) <= LEVELS, value


def test_a_time_means_the_nearest_frame() -> None:
    ours, theirs = VideoCapture(str(smooth_video())), cv2.VideoCapture(str(smooth_video()))
    for milliseconds in (0, 10, 19, 21, 1019, 1021, 2350, 2399, 5000, -40):
        for capture in (ours, theirs):
            capture.set(cv2.CAP_PROP_POS_MSEC, milliseconds)
        assert ours.get(cv2.CAP_PROP_POS_FRAMES) == theirs.get(cv2.CAP_PROP_POS_FRAMES), milliseconds


def test_a_ratio_is_a_position_and_other_properties_cannot_be_set() -> None:
    capture = VideoCapture(str(smooth_video()))
    assert capture.set(cv2.CAP_PROP_POS_AVI_RATIO, 0.5)
    assert capture.get(cv2.CAP_PROP_POS_FRAMES) == 30
    assert capture.get(cv2.CAP_PROP_POS_AVI_RATIO) == 0.5
    assert not capture.set(cv2.CAP_PROP_FPS, 10)


def test_retrieve_decodes_the_grabbed_frame_as_often_as_it_is_called() -> None:
    video = kf.Video(smooth_video())
    capture = VideoCapture(str(smooth_video()))
    assert capture.retrieve() == (False, None)
    assert capture.grab()
    assert capture.grab()
    for _ in range(2):
        ok, frame = capture.retrieve()
        assert ok
        assert frame is not None
        assert np.array_equal(frame, video[1][..., ::-1])
    assert capture.get(cv2.CAP_PROP_POS_FRAMES) == 2


def test_a_file_that_cannot_be_read_is_not_opened(tmp_path: Path) -> None:
    text = tmp_path / "text.mp4"
    text.write_text("not a video")
    for source in (tmp_path / "missing.mp4", str(text), None):
        capture = VideoCapture(source)
        assert not capture.isOpened()
        assert capture.read() == (False, None)
        assert not capture.grab()
        assert capture.get(cv2.CAP_PROP_FPS) == -1
        assert not capture.set(cv2.CAP_PROP_POS_FRAMES, 0)


def test_a_capture_can_be_released_and_opened_again() -> None:
    capture = VideoCapture(str(smooth_video()))
    capture.read()
    capture.release()
    assert not capture.isOpened()
    assert capture.open(str(smooth_video()), cv2.CAP_FFMPEG)
    assert capture.get(cv2.CAP_PROP_POS_FRAMES) == 0
    assert capture.getBackendName() == "KINETICS_FAST"


def test_a_camera_is_refused_with_a_reason() -> None:
    with pytest.raises(TypeError, match=r"got 0: cameras are not read; use cv2\.VideoCapture"):
        VideoCapture(0)
