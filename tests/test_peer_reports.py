"""Wrong frames, hangs and losses that users of other readers reported cannot happen here.

Each test is named after the report: project, number, what went wrong there. The files have what the reports
describe; ffmpeg says which frames are right.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import colour
import ffmpeg_cli
import media
import numpy as np
import oracle
import pytest
from colour import Signal, View
from recipes import SHORT, encode, pictures

import kinetics_fast as kf

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from conftest import Child

OK = kf.FrameStatus.OK
SPINNING = {
    "373": "past_the_end.mp4", "375": "edit_mid_gop.mp4", "269": "mpeg4_not_coded.mkv",
    "363": "hevc_broken_link.mkv", "154": "mpeg4_packed.avi",
}  # fmt: skip
EOF_RETRIES = ["fifteen_b.mp4", "hevc_sub_layers.mp4", "av1_shown_again.mp4", "open_gop.mkv"]
ODD_TIMES = [
    "duplicate_pts.mp4", "duplicate_pts.mkv", "vp8_alt_ref.webm", "negative_pts.mp4", "missing_pts.mkv",
]  # fmt: skip
LEADING = ["open_gop.mp4", "hevc_open_gop.mkv", "mpeg2_open_gop.ts", "fields_open.mkv"]
UNEVEN = {
    "1364": "variable_frame_rate.mp4", "1041": "empty_packets.avi", "1775": "variable_frame_rate.mkv",
}  # fmt: skip
UNSORTED = ["mpeg4.avi", "b_pyramid_normal.mp4", "missing_pts.mkv", "duplicate_pts.mp4"]
MISSED = ["vp9_superframes.webm", "av1_shown_again.mkv", "hevc_sub_layers.mkv", "fields_apart.mkv"]


def wrong_frames(path: Path, indices: Iterable[int]) -> list[int]:
    """Return which of these frames, read in one call and each alone, are not ffmpeg's."""
    wanted, theirs, video = list(indices), oracle.frames(path).planes, kf.Video(path)
    pairs = zip(wanted, video.planes(wanted), strict=True)
    together = [i for i, planes in pairs if not oracle.equal(planes, theirs[i])]
    return together + [i for i in wanted if not oracle.equal(tuple(video.planes([i])[0]), theirs[i])]


def spread(path: Path, count: int = 12) -> list[int]:
    """Return indices over all of a video, its first and last frame among them."""
    numbers: list[int] = np.linspace(0, len(kf.Video(path)) - 1, count).round().astype(int).tolist()
    return numbers


# decord


@pytest.mark.parametrize("report", SPINNING)
def test_decord_get_batch_spins_where_the_header_promises_more_frames(report: str) -> None:
    """The loop that skips frames has no end once the decoder is empty."""
    path = media.make(SPINNING[report])
    assert len(kf.Video(path)) == len(oracle.frames(path))
    assert wrong_frames(path, spread(path)) == []
    with pytest.raises(kf.FrameRangeError):
        kf.Video(path)[len(oracle.frames(path))]


@pytest.mark.parametrize("name", EOF_RETRIES)
def test_decord_156_last_frames_take_too_long_to_retrieve(name: str) -> None:
    """Decord #156, #143, #248, #135: the last frames come out only when the decoder is drained."""
    path = media.make(name)
    count = len(oracle.frames(path))
    assert wrong_frames(path, [count - 1, count - 2, count - 3]) == []


@pytest.mark.parametrize("name", ODD_TIMES)
def test_decord_54_wrong_frame_after_seek(name: str) -> None:
    """Decord #54, #91, #100: seeking by pts misses where they are unsorted, equal, negative, or VP8's."""
    path = media.make(name)
    backwards = list(range(len(oracle.frames(path))))[::-5]
    assert wrong_frames(path, backwards) == []


@pytest.mark.parametrize("name", LEADING)
def test_decord_78_key_frames_counted_in_decode_order(name: str) -> None:
    """Decord pull requests #78 and #142: with leading pictures the two orders number frames differently."""
    path = media.make(name)
    assert kf.Video(path).keyframes.tolist() == oracle.keyframes(path)
    around = sorted({key + step for key in oracle.keyframes(path) for step in (-2, -1, 0, 1)} - {-2, -1})
    assert wrong_frames(path, around) == []


def test_decord_119_a_frame_that_cannot_be_decoded_is_replaced_in_silence(tmp_path: Path) -> None:
    path, bad = spoilt(tmp_path)
    batch = kf.decode_clips([kf.Clip(path, indices=range(60))], on_error="zero")
    status = batch.status[0]
    assert status[bad] != OK
    assert 0 in batch.errors
    with pytest.raises(kf.CorruptError):
        kf.Video(path)[bad]


@pytest.mark.parametrize("width", [340, 342, 426, 454])
def test_decord_25_width_454_aborts_the_process(width: int, tmp_path: Path) -> None:
    """Decord #25: widths that are no multiple of 16, the usual ones of Kinetics."""
    path = tmp_path / "wide.mp4"
    encode(path, SHORT, pictures(6, f"{width}x256"))
    assert kf.Video(path)[:].shape == (6, 256, width, 3)
    assert wrong_frames(path, range(6)) == []


# torchcodec, lerobot


def spoilt(folder: Path) -> tuple[Path, int]:
    """Return a video of closed GOPs of eight with half of a P-frame zeroed, and the number of that frame."""
    facts = ffmpeg_cli.Facts(media.make("short_gop.mp4"))
    packet = facts.packets[facts.kinds.index("P", facts.entries[3])]
    slice_data = packet.nals[-1].data
    end = facts.data.index(slice_data) + len(slice_data)
    at = end - len(slice_data) // 2
    path = folder / "spoilt.mp4"
    path.write_bytes(facts.data[:at] + bytes(end - at) + facts.data[end:])
    times = oracle.frames(facts.path).timestamps
    return path, int(np.argmin(np.abs(times - (packet.pts or 0))))


def test_torchcodec_505_one_bad_spot_loses_the_rest_of_the_video(tmp_path: Path) -> None:
    """Torchcodec #505 and #165: what comes after the damage is good again from the next entry on."""
    path, bad = spoilt(tmp_path)
    status = kf.decode_clips([kf.Clip(path, indices=range(60))], on_error="zero").status[0]
    entry = min(key for key in kf.Video(path).keyframes.tolist() if key > bad)
    assert (status[entry:] == OK).all()
    assert (status[: bad - bad % 8 - 2] == OK).all()
    theirs = oracle.frames(media.make("short_gop.mp4")).planes
    assert oracle.equal(tuple(kf.Video(path).planes([entry])[0]), theirs[entry])


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_torchcodec_677_approximate_mode_samples_other_frames(suffix: str) -> None:
    """Torchcodec #677 and #1077, lerobot #3696: frames by a uniform grid are others where the rate varies."""
    path = media.make(f"variable_frame_rate.{suffix}")
    times, video = oracle.frames(path).timestamps, kf.Video(path)
    between = (times[:-1] + times[1:]) / 2
    assert np.array_equal(video.frames_at(between), video.frames(range(len(times) - 1)))
    np.testing.assert_allclose(video.timestamps, times, rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", ["edit_mid_gop.mp4", "edit_open_gop.mp4", "edit_repeated_mid_gop.mp4"])
def test_torchcodec_1502_a_discarded_key_frame_shifts_the_frames_after_it(name: str) -> None:
    """Torchcodec #1502: frame 0 was the one at 0.2 s, and the end came early."""
    path = media.make(name)
    video = kf.Video(path)
    assert len(video) == len(oracle.frames(path))
    assert video.timestamps[0] == pytest.approx(oracle.frames(path).timestamps[0])
    assert wrong_frames(path, [0, 1, len(video) - 1]) == []


def test_torchcodec_1339_a_stale_frame_after_a_backward_seek_near_the_end_of_hevc() -> None:
    path = media.make("hevc_open_gop.mp4")
    last = len(oracle.frames(path)) - 1
    for frame in (last, 3, last - 1, 0, last, 20, last - 2):
        assert wrong_frames(path, [frame]) == []


@pytest.mark.parametrize("name", ["hevc_open_gop.mp4", "hevc_radl.mp4", "hevc_starts_with_cra.mkv"])
def test_torchcodec_179_ffmpeg_seeks_past_the_target_in_hevc(name: str) -> None:
    """Torchcodec #179: leading pictures are earlier than the entry that a seek to them lands on."""
    path = media.make(name)
    leading = [key - step for key in oracle.keyframes(path)[1:] for step in (3, 2, 1)]
    assert wrong_frames(path, leading) == []


@pytest.mark.parametrize("name", ["mpeg4.avi", "h264.avi", "missing_pts.mkv", "sound.avi"])
def test_torchcodec_1363_the_last_frame_is_out_of_reach_without_pts(name: str) -> None:
    """Torchcodec #1363: no pts and B-frames."""
    path = media.make(name)
    assert len(kf.Video(path)) == len(oracle.frames(path))
    assert wrong_frames(path, [len(kf.Video(path)) - 1]) == []


SHARED_DECODER = """
import os, sys
import numpy as np
import kinetics_fast as kf

video = kf.Video(sys.argv[1])
whole = video.frames(range(60))
children = []
for seed in range(4):
    child = os.fork()
    if child == 0:
        rng = np.random.default_rng(seed)
        good = all(
            np.array_equal(video.frames(indices), whole[indices]) for indices in rng.integers(0, 60, (20, 4))
        )
        os._exit(0 if good else 1)
    children.append(child)
assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
"""


def test_torchcodec_766_workers_that_share_a_decoder_disturb_each_other(child: Child) -> None:
    """Torchcodec #766 and lerobot #2488: forked workers moved one file offset under each other."""
    child(SHARED_DECODER, media.make("short_gop.mp4"), options=("-W", "ignore::DeprecationWarning"))


def test_torchcodec_720_bytes_are_freed_under_the_decoder() -> None:
    data = bytearray(media.make("short_gop.mp4").read_bytes())
    video = kf.Video(bytes(data))
    data[:] = bytes(len(data))
    del data
    gc.collect()
    whole = oracle.frames(media.make("short_gop.mp4")).planes
    assert oracle.equal(tuple(video.planes([37])[0]), whole[37])


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
    """DALI #4606: one reader wants a key frame every few frames, the other gives wrong ones for open GOPs."""
    path = media.make(name)
    assert wrong_frames(path, spread(path, 20)) == []


# torchvision


@pytest.mark.parametrize("name", UNSORTED)
def test_torchvision_6752_length_is_not_the_number_of_frames(name: str) -> None:
    """Torchvision #6752, #1884, #2490: pts that are not in order, or not there, upset the count."""
    path = media.make(name)
    video = kf.Video(path)
    assert len(video) == len(video.timestamps) == len(oracle.frames(path)) == len(video[:])


@pytest.mark.parametrize("width", [6, 10, 50, 98, 102, 126])
def test_torchvision_6600_widths_not_divisible_by_8_are_decoded_wrong(width: int) -> None:
    """Torchvision #6600 and #3534: swscale left a band, or bent the picture, at some widths."""
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
    """video_reader-rs #21 and #28: files that do not begin at time zero, rates that vary."""
    path = media.make(name)
    assert len(kf.Video(path)[:]) == len(oracle.frames(path))
    assert wrong_frames(path, [0, 1, 2]) == []


def test_pyslowfast_373_test_clips_are_cut_at_the_wrong_times() -> None:
    """Pyslowfast #373 and #182: clips by time at 29.97 frames a second repeat or miss their first frames."""
    video = kf.Video(media.make("ntsc.mp4"))
    times = np.arange(40) * 1001 / 30000 + 0.001
    assert np.array_equal(video.frames_at(times), video.frames(range(40)))
