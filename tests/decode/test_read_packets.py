"""An index made with `read_packets` also states which packets are droppable, and is otherwise the same."""

from __future__ import annotations

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast import _core
from videos import bitstream, ffmpeg_cli, media, oracle

pytestmark = pytest.mark.ffmpeg

SCANNED = ["b_pyramid_normal.mp4", "fifteen_b.mp4", "long_gop.mp4", "open_gop.mkv", "set_in_unreferenced.mkv"]
MAX_PIXELS = 1 << 27


def scan(path: str, *, read_packets: bool = True) -> _core.FrameIndex:
    ticket = _core.submit_index([_core.Source(path.encode())], MAX_PIXELS, None, read_packets)
    ticket.wait()
    (index,) = ticket.result()
    assert isinstance(index, _core.FrameIndex)
    return index


@pytest.mark.parametrize("name", SCANNED)
def test_share_of_droppable_packets_is_that_of_unreferenced_ones(name: str) -> None:
    path = media.make(name)
    packets = ffmpeg_cli.Facts(path).packets
    plain = {1, 6, 9, 12}
    droppable = [not bitstream.is_reference(p.nals) and {n.type for n in p.nals} <= plain for p in packets]
    assert 0 < sum(droppable) < len(packets)
    assert scan(str(path)).droppable_share == pytest.approx(sum(droppable) / len(packets))


def test_share_is_known_where_packets_were_read_and_only_there() -> None:
    path = media.make("b_pyramid_strict.mp4")
    assert scan(str(path), read_packets=False).droppable_share is None
    assert scan(str(path)).droppable_share is not None
    assert scan(str(path), read_packets=False).droppable_share is None  # whoever read the file before


@pytest.mark.parametrize("name", SCANNED)
def test_a_scanned_index_decodes_the_same_frames(name: str) -> None:
    path = media.make(name)
    video = kf.Video.__new__(kf.Video)
    video.__setstate__((kf.Video(path)._source, scan(str(path))))
    theirs = oracle.frames(path).planes
    for stride in (1, 4, 9):
        wanted = range(2, len(theirs), stride)
        ours = video.planes(wanted)
        assert all(oracle.equal(ours[n], theirs[i]) for n, i in enumerate(wanted))


def test_spacing_and_bytes_are_those_of_the_stream() -> None:
    path = media.make("short_gop.mp4")
    index = scan(str(path), read_packets=False)
    assert index.keyframe_spacing == len(index) / len(index.keyframes())
    assert np.isclose(index.keyframe_spacing, 8, atol=0.6)
    assert 0 < index.bytes < path.stat().st_size
    assert index.bytes == sum(
        4 + len(nal.data) for packet in ffmpeg_cli.Facts(path).packets for nal in packet.nals
    )
