"""Wrong frames and hangs that users of PyAV, DALI, torchvision and others reported do not happen here.

Each test is named after the report: project, number, and what went wrong there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import kinetics_fast as kf
from support import colour
from support.colour import Signal, View
from support.right_frames import spread, wrong_frames
from videos import media, oracle

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.ffmpeg

OK = kf.FrameStatus.OK
UNEVEN = {
    "1364": "variable_frame_rate.mp4", "1041": "empty_packets.avi", "1775": "variable_frame_rate.mkv",
}  # fmt: skip
UNSORTED = ["mpeg4.avi", "b_pyramid_normal.mp4", "missing_pts.mkv", "duplicate_pts.mp4"]
MISSED = ["vp9_superframes.webm", "av1_shown_again.mkv", "hevc_sub_layers.mkv", "fields_apart.mkv"]


# PyAV


def test_pyav_349_avi_frames_are_zero_after_a_seek() -> None:
    path = media.make("mpeg4.avi")
    assert all(kf.Video(path)[frame].any() for frame in (29, 5, 17))
    assert wrong_frames(path, [29, 5, 17]) == []


def test_pyav_2044_good_frames_are_lost_when_the_stream_ends_in_garbage(tmp_path: Path) -> None:
    path = tmp_path / "garbage.ts"
    data = media.make("h264.ts").read_bytes()
    path.write_bytes(data + np.random.default_rng(3).bytes(4000))
    theirs = oracle.frames(media.make("h264.ts")).planes
    batch = kf.decode_clips([kf.Clip(path, indices=range(27))], accept_damaged=True)
    assert (batch.status == OK).all()
    assert all(oracle.equal(tuple(p), theirs[i]) for i, p in enumerate(kf.Video(path).planes(range(27))))


# DALI


@pytest.mark.parametrize("report", UNEVEN)
def test_dali_variable_frame_rate_is_refused_or_hangs(report: str) -> None:
    """DALI #1115, #3123 and #2778 are the same as #1364."""
    path = media.make(UNEVEN[report])
    assert wrong_frames(path, spread(path)) == []


@pytest.mark.parametrize("name", ["no_index.avi", "mpeg4_packed.avi", "vp8_alt_ref.avi"])
def test_dali_3825_avi_hangs(name: str) -> None:
    path = media.make(name)
    assert wrong_frames(path, spread(path)) == []


@pytest.mark.parametrize("name", ["long_gop.mp4", "open_gop.mp4", "intra_refresh.mp4", "hevc_open_gop.mkv"])
def test_dali_4606_frames_out_of_step_with_long_or_open_gops(name: str) -> None:
    """DALI #4606: one reader needs frequent key frames, the other gives wrong frames in open GOPs."""
    path = media.make(name)
    assert wrong_frames(path, spread(path, 20)) == []


# torchvision


@pytest.mark.parametrize("name", UNSORTED)
def test_torchvision_6752_length_is_not_the_number_of_frames(name: str) -> None:
    """Torchvision #6752, #1884, #2490: unsorted or missing pts give a wrong count."""
    path = media.make(name)
    video = kf.Video(path)
    assert len(video) == len(video.timestamps) == len(oracle.frames(path)) == len(video[:])


@pytest.mark.parametrize("width", [6, 10, 50, 98, 102, 126])
def test_torchvision_6600_widths_not_divisible_by_8_are_decoded_wrong(width: int) -> None:
    """Torchvision #6600 and #3534: at some widths swscale left a band or skewed the picture."""
    path = media.noise(width, 20)
    frames = oracle.frames(path)
    expected = colour.to_rgb(frames.planes[1], Signal.of(frames.formats[1], frames.colour), View())
    assert colour.distance(kf.Video(path)[1], expected) <= 1


@pytest.mark.parametrize("name", MISSED)
def test_torchvision_2660_an_index_misses_or_repeats_frames_for_some_codecs(name: str) -> None:
    path = media.make(name)
    count = len(oracle.frames(path))
    assert wrong_frames(path, range(count)) == []
    wanted = [count - 1, 0, count // 2, count // 2, 1, count - 1]
    assert wrong_frames(path, wanted) == []


# video_reader-rs, pyslowfast


def test_video_reader_rs_78_batches_near_gop_boundaries_are_wrong() -> None:
    path = media.make("short_gop.mp4")
    around = [key + step for key in oracle.keyframes(path)[1:] for step in (-1, 0, 1)]
    assert wrong_frames(path, around) == []
    assert wrong_frames(path, range(5, 60, 8)) == []


@pytest.mark.parametrize("name", ["late_start.mkv", "edit_empty.mp4", "leading_pictures.mkv"])
def test_video_reader_rs_21_no_frames_come_back(name: str) -> None:
    """video_reader-rs #21 and #28: files that do not begin at time zero, and variable frame rates."""
    path = media.make(name)
    assert len(kf.Video(path)[:]) == len(oracle.frames(path))
    assert wrong_frames(path, [0, 1, 2]) == []


def test_pyslowfast_373_test_clips_are_cut_at_the_wrong_times() -> None:
    """Pyslowfast #373 and #182: clips by time at 29.97 fps repeat or miss their first frames."""
    video = kf.Video(media.make("ntsc.mp4"))
    times = np.arange(40) * 1001 / 30000 + 0.001
    assert np.array_equal(video.frames_at(times), video.frames(range(40)))
