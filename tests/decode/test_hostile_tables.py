"""Files whose tables, times and packets are absurd take little time and memory, whatever is made of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from videos import hostile_streams, hostile_tables, media

if TYPE_CHECKING:
    from pathlib import Path

    from support.child import Child

pytestmark = pytest.mark.ffmpeg

SPENDING = """
import json, os, sys, time
import kinetics_fast as kf

def use(path):
    video = kf.Video(path)
    count = len(video)
    kf.decode_clips([kf.Clip(video, indices=[0, count // 2, count - 1])], size=8, on_error="zero")
    again = kf.Video(path)
    again.__setstate__(video.__getstate__())  # saved and loaded
    # Planned as a whole, hardly decoded.
    kf.decode_clips([kf.Clip(again, indices=range(count))], size=4, on_error="zero", timeout=0.05)

for path in sys.argv[1:]:
    child = os.fork()
    if child == 0:
        try:
            use(path)
        except kf.Error:
            pass
        os._exit(0)
    _, status, used = os.wait4(child, 0)
    row = [os.path.basename(path), status, used.ru_maxrss >> 10, used.ru_utime + used.ru_stime]
    print(json.dumps(row), flush=True)
"""
MEBIBYTES = 160  # beyond what a good file takes
SECONDS = 6  # of one processor


def test_absurd_tables_cost_little(child: Child, tmp_path: Path) -> None:
    paths = [media.make("one_frame.mp4")]
    makers = {**hostile_tables.absurd(), **hostile_streams.absurd()}
    for name, write in makers.items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(write())
    usual, *rows = [json.loads(line) for line in child(SPENDING, *paths).splitlines()]
    assert [row[0] for row in rows] == list(makers)
    assert [row for row in rows if row[1] or row[2] > usual[2] + MEBIBYTES or row[3] > SECONDS] == []
