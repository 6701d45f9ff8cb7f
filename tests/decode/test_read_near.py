"""In streams that split packets into pieces, decoding starts near the wanted frames and stays exact."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import kinetics_fast as kf
from videos.recipes import encode_as, pictures

if TYPE_CHECKING:
    from pathlib import Path

    from support.child import Child

pytestmark = pytest.mark.ffmpeg

FRAMES = 400
CODECS: dict[str, dict[str, Any]] = {
    "wmv2.asf": {"vcodec": "wmv2", "g": 12, "qscale:v": 2},
    "h264.asf": {"vcodec": "libx264", "g": 12, "crf": 10, "threads": 1},
    "mpeg2.ts": {"vcodec": "mpeg2video", "g": 12, "bf": 2, "qscale:v": 2},
    "mpeg2.mpg": {"vcodec": "mpeg2video", "g": 12, "bf": 2, "qscale:v": 2, "f": "vob"},
}

READING = """
import json, sys
import kinetics_fast as kf

video = kf.Video(sys.argv[1])
def read():
    with open("/proc/self/io") as counts:
        return int(counts.readline().split()[1])
video.planes([len(video) - 1])  # what is loaded late is loaded
before = read()
video.planes([len(video) - 2])
print(json.dumps(read() - before))
"""


@pytest.fixture(scope="module", params=CODECS)
def long_video(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("long") / request.param
    encode_as(path, pictures(FRAMES), **CODECS[request.param])
    return path


def test_frames_read_from_near_are_those_of_a_whole_read(long_video: Path) -> None:
    video = kf.Video(long_video)
    whole = video.planes(range(len(video)))
    assert len(video) > FRAMES - 2
    for start in (90, 211, 300, len(video) - 3):
        for frame, expected in zip(
            video.planes(range(start, start + 3)), whole[start : start + 3], strict=True
        ):
            assert all(np.array_equal(a, b) for a, b in zip(frame, expected, strict=True))


def test_a_clip_costs_a_part_of_the_file(long_video: Path, child: Child) -> None:
    size = long_video.stat().st_size
    assert size > 1 << 20
    assert json.loads(child(READING, long_video)) < size / 4
