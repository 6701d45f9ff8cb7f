"""Memory stays flat while files come and go, though each one leaves its index in the cache."""

from __future__ import annotations

import os
from pathlib import Path

import media

import kinetics_fast as kf

CALLS = 400
INDEX_BYTES = 2500  # of these videos, in the cache


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_memory_stays_flat_over_many_files(tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    path.write_bytes(media.make("b_pyramid_normal.mp4").read_bytes())

    def read_as_new(calls: int) -> None:
        for number in range(calls):
            os.utime(path, ns=(number, number))  # another file to the cache
            kf.decode_clips([kf.Clip(path, indices=[7, 31, 55])], size=32)

    read_as_new(CALLS)
    before = resident_bytes()
    read_as_new(CALLS)
    assert resident_bytes() - before < CALLS * INDEX_BYTES + (2 << 20)
