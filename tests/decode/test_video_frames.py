"""`Video` gives frames by list and by interval, with the pixel arguments of `decode_clips`, and their pts."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import kinetics_fast as kf
from videos import media

if TYPE_CHECKING:
    from pathlib import Path

    from videos.media import Pixels

pytestmark = pytest.mark.ffmpeg

TIMED = ["variable_frame_rate.mp4", "negative_pts.mp4", "edit_empty.mp4", "open_gop.mkv"]


@pytest.mark.parametrize("key", [[5], [7, -1, 7], [], np.array([3, 1]), np.array([2], np.uint8)], ids=str)
def test_a_list_or_an_array_in_brackets_gives_those_frames(video: kf.Video, whole: Pixels, key: Any) -> None:
    assert np.array_equal(video[key], whole[np.asarray(key, int)])


def test_a_scalar_array_in_brackets_is_one_frame(video: kf.Video, whole: Pixels) -> None:
    assert np.array_equal(video[np.array(5)], whole[5])


OPTIONS: list[dict[str, Any]] = [
    {"size": 20},
    {"size": (20, 30), "layout": "TCHW"},
    {"layout": "CTHW", "dtype": "float32", "mean": [0.4, 0.5, 0.6], "std": 0.25},
    {"layout": "CTHW", "dtype": "float16", "color": "gray"},
    {"size": (33, 40), "color": "bgr", "interpolation": "bicubic", "antialias": False},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_the_pixels_of_a_video_are_those_of_decode_clips(video: kf.Video, options: dict[str, Any]) -> None:
    wanted = [7, 40, 7, 0]
    expected = kf.decode_clips([kf.Clip(video, indices=wanted)], **options).frames[0]
    times = video.timestamps[wanted] + 1e-6
    for frames in (video.frames(wanted, **options), video.frames_at(times, **options)):
        assert frames.dtype == expected.dtype
        assert frames.shape == expected.shape
        assert np.array_equal(frames, expected)
    window = kf.decode_clips([kf.Clip(video, start=3, frames=4)], **options).frames[0]
    between = video.frames_between(video.timestamps[3], video.timestamps[7], **options)
    assert np.array_equal(between, window)


@pytest.mark.parametrize(
    ("layout", "one", "none"),
    [("THWC", (8, 9, 3), (0, 8, 9, 3)), ("TCHW", (3, 8, 9), (0, 3, 8, 9)), ("CTHW", (3, 8, 9), (3, 0, 8, 9))],
)
def test_one_frame_has_no_axis_of_time_and_no_frames_have_an_empty_one(
    video: kf.Video, layout: Any, one: tuple[int, ...], none: tuple[int, ...]
) -> None:
    single = video.frames(-1, (8, 9), layout, "float32")
    assert single.shape == one
    assert single.dtype == np.float32
    assert np.array_equal(single, video.frames([59], (8, 9), layout, "float32").reshape(one))
    empty = video.frames([], (8, 9), layout, "float16")
    assert empty.shape == none
    assert empty.dtype == np.float16


@pytest.mark.parametrize("name", TIMED)
def test_an_interval_has_the_frames_that_its_times_have(name: str) -> None:
    video = kf.Video(media.make(name))
    whole, begins = video[:], video.timestamps
    end = float(begins[0] + video.duration)
    edges = [-math.inf, float(begins[0]) - 1, *begins[[0, 1, 7, 20, -1]].tolist(), end, end + 1, math.inf]
    inside = [float(begins[7] + begins[8]) / 2, float(begins[20] + begins[21]) / 2]
    for start in (*edges, *inside):
        for stop in (edge for edge in (*edges, *inside) if edge >= start):
            # The times at which what is shown changes, and the beginning of the interval.
            times = [t for t in [start, *begins.tolist()] if start <= t < stop and begins[0] <= t < end]
            shown = sorted({int(np.searchsorted(begins, t, "right")) - 1 for t in times})
            assert np.array_equal(video.frames_between(start, stop, size=4), video.frames(shown, size=4)), (
                start,
                stop,
            )
    assert np.array_equal(video.frames_between(begins[0], end), whole)


def test_the_frame_that_is_shown_at_the_start_belongs_to_an_interval_and_the_one_at_its_end_does_not(
    video: kf.Video, whole: Pixels
) -> None:
    t = video.timestamps
    assert np.array_equal(video.frames_between(t[4], t[6]), whole[4:6])
    assert np.array_equal(video.frames_between(t[4] + 0.001, t[6] + 0.001), whole[4:7])
    assert np.array_equal(video.frames_between(t[4] + 0.001, t[4] + 0.002), whole[4:5])
    assert len(video.frames_between(t[4], t[4])) == 0
    assert len(video.frames_between(99.0, 100.0)) == 0


@pytest.mark.parametrize("name", TIMED)
def test_pts_times_the_time_base_are_the_timestamps(name: str) -> None:
    video = kf.Video(media.make(name))
    assert isinstance(video.time_base, Fraction)
    assert video.pts.dtype == np.int64
    assert len(video.pts) == len(video)
    exact = [float(int(pts) * video.time_base) for pts in video.pts]
    np.testing.assert_allclose(video.timestamps, exact, rtol=1e-15, atol=0)
    with pytest.raises(ValueError, match="read-only"):
        video.pts[0] = 1


def test_ticks_are_those_of_the_container(path: Path) -> None:
    video = kf.Video(path)
    assert video.time_base == Fraction(1, 12800)
    assert np.diff(video.pts).tolist() == [512] * 59
