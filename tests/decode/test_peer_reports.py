"""Wrong frames, hangs and losses that users of decord and torchcodec reported do not happen here.

Each test is named after the report: project, number, and what went wrong there. The files have the properties
that the reports describe, and ffmpeg's frames are the expected ones.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import numpy as np
import pytest

import kinetics_fast as kf
from support.right_frames import spread, wrong_frames
from videos import ffmpeg_cli, media, oracle
from videos.recipes import SHORT, encode, pictures

if TYPE_CHECKING:
    from pathlib import Path

    from support.child import Child

pytestmark = pytest.mark.ffmpeg

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


# decord


@pytest.mark.parametrize("report", SPINNING)
def test_decord_get_batch_spins_where_the_header_promises_more_frames(report: str) -> None:
    """In decord, the loop that skips frames never ends once the decoder is empty."""
    path = media.make(SPINNING[report])
    assert len(kf.Video(path)) == len(oracle.frames(path))
    assert wrong_frames(path, spread(path)) == []
    with pytest.raises(kf.FrameRangeError):
        kf.Video(path)[len(oracle.frames(path))]


@pytest.mark.parametrize("name", EOF_RETRIES)
def test_decord_156_last_frames_take_too_long_to_retrieve(name: str) -> None:
    """Decord #156, #143, #248, #135: the decoder returns the last frames only when it is drained."""
    path = media.make(name)
    count = len(oracle.frames(path))
    assert wrong_frames(path, [count - 1, count - 2, count - 3]) == []


@pytest.mark.parametrize("name", ODD_TIMES)
def test_decord_54_wrong_frame_after_seek(name: str) -> None:
    """Decord #54, #91, #100: seeking by pts fails if pts are unsorted, equal or negative, and with VP8."""
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
    """Decord #25: widths that are not multiples of 16, which are usual in Kinetics."""
    path = tmp_path / "wide.mp4"
    encode(path, SHORT, pictures(6, f"{width}x256"))
    assert kf.Video(path)[:].shape == (6, 256, width, 3)
    assert wrong_frames(path, range(6)) == []


# torchcodec, lerobot


def spoilt(folder: Path) -> tuple[Path, int]:
    """Return a video with closed GOPs of eight and a half-zeroed P-frame, and the number of that frame."""
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
    """Torchcodec #505 and #165: from the next entry on, the frames after the damage are good again."""
    path, bad = spoilt(tmp_path)
    status = kf.decode_clips([kf.Clip(path, indices=range(60))], on_error="zero").status[0]
    entry = min(key for key in kf.Video(path).keyframes.tolist() if key > bad)
    assert (status[entry:] == OK).all()
    assert (status[: bad - bad % 8 - 2] == OK).all()
    theirs = oracle.frames(media.make("short_gop.mp4")).planes
    assert oracle.equal(tuple(kf.Video(path).planes([entry])[0]), theirs[entry])


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_torchcodec_677_approximate_mode_samples_other_frames(suffix: str) -> None:
    """Torchcodec #677 and #1077, lerobot #3696: a uniform time grid picks wrong frames if the rate varies."""
    path = media.make(f"variable_frame_rate.{suffix}")
    times, video = oracle.frames(path).timestamps, kf.Video(path)
    between = (times[:-1] + times[1:]) / 2
    assert np.array_equal(video.frames_at(between), video.frames(range(len(times) - 1)))
    np.testing.assert_allclose(video.timestamps, times, rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", ["edit_mid_gop.mp4", "edit_open_gop.mp4", "edit_repeated_mid_gop.mp4"])
def test_torchcodec_1502_a_discarded_key_frame_shifts_the_frames_after_it(name: str) -> None:
    """Torchcodec #1502: frame 0 was the frame at 0.2 s, and the last frames were missing."""
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
    """Torchcodec #179: a seek to a leading picture reaches its entry, which has a later time."""
    path = media.make(name)
    leading = [key - step for key in oracle.keyframes(path)[1:] for step in (3, 2, 1)]
    assert wrong_frames(path, leading) == []


@pytest.mark.parametrize("name", ["mpeg4.avi", "h264.avi", "missing_pts.mkv", "sound.avi"])
def test_torchcodec_1363_the_last_frame_is_out_of_reach_without_pts(name: str) -> None:
    """Torchcodec #1363: a video with B-frames and without pts."""
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
    """Torchcodec #766 and lerobot #2488: forked workers shared one file offset."""
    child(SHARED_DECODER, media.make("short_gop.mp4"), options=("-W", "ignore::DeprecationWarning"))


def test_torchcodec_720_bytes_are_freed_under_the_decoder() -> None:
    data = bytearray(media.make("short_gop.mp4").read_bytes())
    video = kf.Video(bytes(data))
    data[:] = bytes(len(data))
    del data
    gc.collect()
    whole = oracle.frames(media.make("short_gop.mp4")).planes
    assert oracle.equal(tuple(video.planes([37])[0]), whole[37])
