"""Files with absurd tables, times and packets take little time and memory, whatever the result is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.spending import spent
from videos import hostile_streams, hostile_tables, media

if TYPE_CHECKING:
    from pathlib import Path

    from support.child import Child

pytestmark = pytest.mark.ffmpeg

USE = """
import kinetics_fast as kf

def use(path):
    video = kf.Video(path)
    count = len(video)
    kf.decode_clips([kf.Clip(video, indices=[0, count // 2, count - 1])], size=8, on_error="zero")
    again = kf.Video(path)
    again.__setstate__(video.__getstate__())  # save and load the index
    # Plan all frames, decode hardly any.
    kf.decode_clips([kf.Clip(again, indices=range(count))], size=4, on_error="zero", timeout=0.05)
"""
MEBIBYTES = 160  # above the memory of a good file
SECONDS = 6  # of CPU time


def test_absurd_tables_cost_little(child: Child, tmp_path: Path) -> None:
    paths = [media.make("one_frame.mp4")]
    makers = {**hostile_tables.absurd(), **hostile_streams.absurd()}
    for name, write in makers.items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(write())
    usual, *rows = spent(child, USE, paths)
    assert [row.name for row in rows] == list(makers)
    allowed = usual.mebibytes + MEBIBYTES
    assert [row for row in rows if row.status or row.mebibytes > allowed or row.cpu_seconds > SECONDS] == []
