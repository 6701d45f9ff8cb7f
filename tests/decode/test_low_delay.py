"""MPEG-4 part 2 that says low_delay and has B-VOPs: libavcodec shows each picture once it is decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import kinetics_fast as kf
from videos import oracle
from videos.recipes import encode_as, pictures

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.ffmpeg

VOL = b"\0\0\1\x20"
LOW_DELAY = 8 * len(VOL) + 17  # behind what comes before, vol_control_parameters and chroma_format


def with_low_delay(data: bytes) -> bytes:
    """Set low_delay in every VOL, which has an is_object_layer_identifier of 0 and vol_control_parameters."""
    edited, at = bytearray(data), data.find(VOL)
    while at >= 0:
        bits = f"{int.from_bytes(data[at : at + 8], 'big'):064b}"
        shift = 7 if bits[8 * len(VOL) + 9] == "1" else 0  # verid and priority
        if bits[LOW_DELAY + shift - 3] != "1":
            raise ValueError("the VOL must have vol_control_parameters")
        place = at * 8 + LOW_DELAY + shift
        edited[place // 8] |= 0x80 >> place % 8
        at = data.find(VOL, at + 1)
    return bytes(edited)


@pytest.fixture(scope="module", params=["avi", "mp4", "mkv"])
def path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file: Path = tmp_path_factory.mktemp("low_delay") / f"low_delay.{request.param}"
    encode_as(file, pictures(40), vcodec="mpeg4", bf=2, g=12)
    file.write_bytes(with_low_delay(file.read_bytes()))
    return file


def test_every_frame_read_forward_and_alone_equals_ffmpeg(path: Path) -> None:
    theirs, video = oracle.frames(path).planes, kf.Video(path)
    assert len(video) == len(theirs) == 40
    for ours in (video.planes(range(40)), [video.planes([i])[0] for i in reversed(range(40))][::-1]):
        assert all(oracle.equal(a, b) for a, b in zip(theirs, ours, strict=True))


def test_no_frame_is_damaged_in_any_window(path: Path) -> None:
    clips = [kf.Clip(path, start=start, frames=8) for start in range(0, 33, 4)]
    assert (kf.decode_clips(clips).status == 0).all()
