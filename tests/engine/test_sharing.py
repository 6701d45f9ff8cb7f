"""Clips of one video share its decoding: each needed packet is decoded once, and no other packet is."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

import numpy as np
import pytest

import kinetics_fast as kf
from videos import bitstream, media, oracle
from videos.ffmpeg_cli import Facts

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.ffmpeg

BOXES = [(0, 0, 64, 48), (10, 20, 100, 70), (64, 48, 64, 48)]
STARTS = [0, 3, 6, 9, 12, 15, 18, 21, 24, 27]


def thirty_clips(path: Path, stride: int = 4) -> list[kf.Clip]:
    """Return ten windows by three boxes, as in multi-view testing."""
    return [kf.Clip(path, start=start, frames=8, stride=stride, box=box) for start in STARTS for box in BOXES]


def needed_packets(name: str, wanted: set[int]) -> list[int]:
    """Return the packets that the wanted frames need, in a video with closed GOPs."""
    path = media.make(name)
    packets = Facts(path).packets
    times = oracle.frames(path).timestamps
    frame_of = {n: int(np.argmin(np.abs(times - p.pts))) for n, p in enumerate(packets) if p.pts is not None}
    entries = [n for n, packet in enumerate(packets) if bitstream.is_entry(packet.nals)]
    last: dict[int, int] = {}
    for packet, frame in frame_of.items():
        if frame in wanted:
            entry = entries[bisect_right(entries, packet) - 1]
            last[entry] = max(last.get(entry, 0), packet)
    stretches = [n for entry, end in last.items() for n in range(entry, end + 1)]
    return [n for n in stretches if bitstream.is_reference(packets[n].nals) or frame_of[n] in wanted]


@pytest.mark.parametrize(
    "name", ["long_gop.mp4", "fifteen_b.mp4", "fifteen_b.mkv", "short_gop.mp4", "slices.mp4"]
)
def test_thirty_clips_of_one_video_decode_each_needed_packet_once(name: str) -> None:
    clips = thirty_clips(media.make(name))
    batch = kf.decode_clips(clips, size=32)
    wanted = {start + 4 * i for start in STARTS for i in range(8)}
    assert batch.stats["packets_sent"] == len(needed_packets(name, wanted))
    assert batch.stats["frames_decoded"] == batch.stats["packets_sent"]


def test_overlapping_clips_in_one_gop_are_one_run() -> None:
    assert kf.decode_clips(thirty_clips(media.make("long_gop.mp4")), size=32).stats["runs"] == 1


def test_crops_of_a_window_cost_no_more_packets_than_the_window() -> None:
    path = media.make("b_pyramid_normal.mp4")
    one = kf.decode_clips([kf.Clip(path, start=5, frames=8, stride=3)])
    three = kf.decode_clips([kf.Clip(path, start=5, frames=8, stride=3, box=box) for box in BOXES], size=16)
    assert three.stats["packets_sent"] == one.stats["packets_sent"]


def test_unreferenced_pictures_that_are_not_requested_are_dropped() -> None:
    batch = kf.decode_clips([kf.Clip(media.make("fifteen_b.mp4"), start=0, frames=4, stride=16)])
    assert batch.stats["packets_dropped"] == 2 * 15
    assert batch.stats["packets_sent"] == 4


def test_packets_between_two_windows_with_an_entry_between_are_not_decoded() -> None:
    batch = kf.decode_clips([kf.Clip(media.make("short_gop.mp4"), indices=[0, 57])])
    assert batch.stats["packets_sent"] == len(needed_packets("short_gop.mp4", {0, 57})) <= 5


def test_shared_clips_are_the_same_bytes_as_clips_decoded_alone() -> None:
    clips = thirty_clips(media.make("open_gop.mp4"))
    together = kf.decode_clips(clips, size=32)
    for row in range(0, len(clips), 7):
        assert np.array_equal(kf.decode_clips([clips[row]], size=32).frames[0], together.frames[row])


def test_stats_count_the_bytes_that_were_read() -> None:
    path = media.make("short_gop.mp4")
    stats = kf.decode_clips([kf.Clip(path, start=0, frames=4)]).stats
    assert 0 < stats["bytes_read"] <= 2 * path.stat().st_size
