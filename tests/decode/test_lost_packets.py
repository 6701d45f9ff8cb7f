"""If a container silently lost a packet, the pictures that refer to its picture are reported as damaged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import kinetics_fast as kf
from tools import lost_packets
from videos import bitstream, media
from videos.ffmpeg_cli import Facts, remux

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

pytestmark = pytest.mark.ffmpeg

OK = kf.FrameStatus.OK
H264 = ["short_gop.mkv", "short_gop.mp4"]
OTHERS = [
    "open_gop.mp4",
    "fields_apart.mkv",
    "hevc.mkv",
    "hevc_slices.mkv",
    "mpeg2_header_in_b.mkv",
    "joined_packed.asf",
    "mpeg2video.mkv",
    "mpeg1video.ts",
    "av1_hierarchy.mkv",
]
UNTOLD = ["vp9.webm", "mpeg4.mkv"]
# Losses in which the first signs are few: the video, the first lost packet, and the number of lost packets.
HARD_TO_TELL = [
    ("edit_open_repeated.mp4", 37, 3),  # frame_num stays behind a recovery point
    ("leading_pictures.mkv", 8, 15),  # libavcodec shows the leading pictures of the first recovery point
    ("av1_odd_61x45.mkv", 6, 15),  # a frame is shown again, and the next order hint goes on
    ("joined_back_in_time.avi", 42, 15),  # the time of a B-VOP goes back behind another B-VOP
    ("hevc_end_of_sequence.mkv", 21, 2),  # pictures are shown that the whole video hides
    ("no_sync_table_hevc.mp4", 0, 1),  # the muxer of the copy moves all times by a frame
]
LEAVES_NO_TRACE = [
    ("edit_open_repeated.mp4", 63, 15),  # frame_num goes on where the stream goes back
    ("intra_refresh.mp4", 1, 15),  # frame_num is 0 behind the IDR picture, as if the encoder did not count
    ("av1_odd_61x45.mkv", 8, 15),  # only a frame is shown again behind the loss
    ("joined_back_in_time.avi", 14, 15),  # B-VOPs as of a video that was cut off at the I-VOP
]
LEADING = 2  # the number of leading B-pictures behind an entry in the MPEG videos
MPEG = ["mpeg2video.mpg", "mpeg2video.mkv", "mpeg1video.ts"]


def without_packet(folder: Path, source: Path, number: int) -> Path:
    path = folder / f"without-{number}{source.suffix}"
    drop: dict[str, Any] = {"bsf:v": rf"noise=drop='eq(n\,{number})'"}
    remux(source, path, **drop)
    assert len(Facts(path).packets) == len(Facts(source).packets) - 1
    return path


def read(path: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return status and frames of a full read, and assert that each frame has the same when read alone."""
    video = kf.Video(path)
    count = len(video)
    full = kf.decode_clips([kf.Clip(video, indices=range(count))], on_error="zero")
    for frame in range(count):
        alone = kf.decode_clips([kf.Clip(video, indices=[frame])], on_error="zero")
        assert alone.status[0, 0] == full.status[0, frame]
        assert np.array_equal(alone.frames[0, 0], full.frames[0, frame])
    return full.status[0], full.frames[0]


def assert_good_frames_are_originals(
    status: NDArray[np.uint8], frames: NDArray[np.uint8], source: Path
) -> None:
    originals = {frame.tobytes() for frame in kf.Video(source)[:]}
    assert all(frame.tobytes() in originals for frame in frames[status == OK])


def until_next_entry(source: Path, number: int) -> int:
    """Count the packets between this one and the next entry."""
    packets = Facts(source).packets
    return next(n for n in range(number + 1, len(packets)) if packets[n].key) - number - 1


@pytest.mark.parametrize("name", H264)
def test_h264_pictures_after_a_lost_reference_are_damaged(name: str, tmp_path: Path) -> None:
    source = media.make(name)
    facts = Facts(source)
    number = facts.kinds.index("P", facts.entries[2])
    status, frames = read(without_packet(tmp_path, source, number))
    assert (status != OK).sum() == until_next_entry(source, number)
    assert_good_frames_are_originals(status, frames, source)


@pytest.mark.parametrize("name", [*H264, *OTHERS])
def test_lost_packets_are_noticed(name: str) -> None:
    found, rows = lost_packets.check([media.make(name)], range(0, 1000, 13))
    (row,) = rows.values()
    assert found == {}
    assert row.cases >= 8
    assert row.bad_frames > 20
    assert row.good_frames > row.bad_frames


@pytest.mark.parametrize("name", UNTOLD)
def test_lost_packets_of_codecs_without_numbers_never_make_status_depend_on_company(name: str) -> None:
    found, rows = lost_packets.check([media.make(name)], range(0, 1000, 5))
    (row,) = rows.values()
    assert found == {}
    assert row.untold > 0


def lose(name: str, first: int, length: int, folder: Path) -> tuple[list[str], lost_packets.Row]:
    """Return the problems of one case, and the sums of its table."""
    source, row = media.make(name), lost_packets.Row()
    original = lost_packets.whole(source, folder)
    assert original is not None
    case = lost_packets.Case(0, source, first, length)
    return list(lost_packets.problems(case, original, folder, row)), row


@pytest.mark.parametrize(("name", "first", "length"), HARD_TO_TELL)
def test_losses_with_few_signs_are_noticed(name: str, first: int, length: int, tmp_path: Path) -> None:
    found, row = lose(name, first, length, tmp_path)
    assert found == []
    assert row.untold == 0
    assert row.good_frames > 0


@pytest.mark.parametrize(("name", "first", "length"), LEAVES_NO_TRACE)
def test_losses_that_leave_no_trace_are_named(name: str, first: int, length: int, tmp_path: Path) -> None:
    found, row = lose(name, first, length, tmp_path)
    assert found == []
    assert row.untold == 1


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_lost_packets_of_all_videos_are_noticed() -> None:
    found, rows = lost_packets.check([media.make(name) for name in media.NAMES], range(0, 1_000_000, 9))
    assert found == {}
    assert sum(row.cases for row in rows.values()) > 5000


@pytest.mark.parametrize("name", H264)
def test_a_lost_picture_that_nothing_refers_to_damages_none(name: str, tmp_path: Path) -> None:
    source = media.make(name)
    facts = Facts(source)
    status, frames = read(without_packet(tmp_path, source, facts.kinds.index("b", facts.entries[2])))
    assert (status == OK).all()
    assert_good_frames_are_originals(status, frames, source)


def test_a_stream_may_say_that_references_are_left_out(tmp_path: Path) -> None:
    source = media.make("short_gop.mp4")
    facts = Facts(source)
    lost = without_packet(tmp_path, source, facts.kinds.index("P", facts.entries[2]))
    data = lost.read_bytes()
    at = data.index(b"avcC") + 10
    sps = bitstream.Nal(data[at + 2 : at + 2 + int.from_bytes(data[at : at + 2], "big")])
    lost.write_bytes(data.replace(sps.data, bitstream.allowing_gaps(sps).data))
    status, _ = read(lost)
    assert (status == OK).all()


@pytest.mark.parametrize("name", MPEG)
def test_mpeg_pictures_after_a_lost_reference_are_damaged(name: str, tmp_path: Path) -> None:
    source = media.make(name)
    packets = Facts(source).packets
    entry = [n for n, packet in enumerate(packets) if packet.key][1]
    number = entry + LEADING + 1
    status, frames = read(without_packet(tmp_path, source, number))
    assert (status != OK).sum() == until_next_entry(source, number) + LEADING
    assert_good_frames_are_originals(status, frames, source)
