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
EXCLUDED = {
    "edit_open_repeated.mp4": "the copy of the whole video is damaged",
    "av1_shown_again.mkv": "frames that are shown again look like frames whose packets are lost",
    "av1_shown_again.mp4": "the same",
    "hevc_end_of_sequence.mkv": "without the end of the sequence, pictures are shown that the whole hides",
    "leading_pictures.mkv": "where a sequence is lost, leading pictures are shown that the whole hides",
    "joined_back_in_time.avi": "B-pictures behind a loss look like those of a sequence that was cut off",
}
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
    found, rows = lost_packets.check([media.make(name)], range(0, 1000, 13))
    (row,) = rows.values()
    assert found == {}
    assert row.untold > 0


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_lost_packets_of_all_videos_are_noticed() -> None:
    sources = [media.make(name) for name in media.NAMES if name not in EXCLUDED]
    found, rows = lost_packets.check(sources, range(0, 1_000_000, 9))
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
