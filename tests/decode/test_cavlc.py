"""H.264 without CABAC: the change of FFmpeg in cmake/ decodes every kind of block as ffmpeg does.

The first streams have long codes. Blocks of 4:2:2 chroma and of 10 bits, long codes, and the last blocks of a
slice go through the code that the change leaves as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import kinetics_fast as kf
from videos import oracle
from videos.recipes import encode, pictures

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.ffmpeg

STREAMS: dict[str, tuple[str, dict[str, Any]]] = {
    "lossless": ("qp=0", {"profile:v": "high444"}),
    "long levels": ("qp=1:bframes=2", {}),
    "no 8x8 transform": ("qp=8:8x8dct=0:partitions=all", {}),
    "8x8 transform": ("qp=14:8x8dct=1:bframes=2", {}),
    "intra 16x16": ("qp=30:keyint=1:partitions=none", {}),
    "few levels": ("qp=34:bframes=3", {}),
    "baseline": ("qp=20", {"profile:v": "baseline"}),
    "field macroblocks": ("qp=18:interlaced=1", {}),
    "slices": ("qp=18:slices=6", {}),
    "4:2:2": ("qp=16", {"pix_fmt": "yuv422p"}),
    "4:4:4": ("qp=16", {"pix_fmt": "yuv444p"}),
    "10 bits": ("qp=16", {"pix_fmt": "yuv420p10le"}),
}


@pytest.mark.parametrize("name", STREAMS)
def test_frames_equal_those_of_ffmpeg(tmp_path: Path, name: str) -> None:
    path = tmp_path / "cavlc.mp4"
    x264, options = STREAMS[name]
    encode(path, f"cabac=0:{x264}", pictures(20), **options)
    theirs, video = oracle.frames(path).planes, kf.Video(path)
    assert len(theirs) == len(video) == 20
    ours = video.planes(range(20))
    assert all(oracle.equal(a, b) for a, b in zip(theirs, ours, strict=True))
    assert (kf.decode_clips([kf.Clip(video, start=0, frames=20)]).status == kf.FrameStatus.OK).all()
