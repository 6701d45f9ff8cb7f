"""Test videos whose edits repeat or run backwards, and whose pictures share their times."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import TYPE_CHECKING

import containers
from containers import with_table
from crafting import crafted
from recipes import B_FRAMES, LONG, OPEN, SHORT, Recipe, edited, encoded
from recipes_formats import coded

if TYPE_CHECKING:
    from collections.abc import Callable

    from ffmpeg_cli import Facts
    from matroska import Block


def _edits(*rows: tuple[int, int]) -> Callable[[bytes], bytes]:
    """Put these segments in: milliseconds, and the time in frames of 512 ticks that they begin at."""
    body = containers.edit_list([(duration, 1024 + frame * 512) for duration, frame in rows])
    return lambda data: containers.edit_moov(data, (b"trak", b"edts", b"elst"), lambda _: body)


def _same_composition(body: bytes) -> bytes:
    """Show every fifth sample at the time of the one before it in the file."""
    (count,) = struct.unpack_from(">I", body, 4)
    rows = [struct.unpack_from(">Ii", body, 8 + 8 * n) for n in range(count)]
    offsets = [offset for repeat, offset in rows for _ in range(repeat)]
    moved = [offsets[n - 1] - 512 if n % 5 == 4 else offset for n, offset in enumerate(offsets)]
    return struct.pack(">II", 0, len(moved)) + b"".join(struct.pack(">Ii", 1, offset) for offset in moved)


def _same_times(blocks: list[Block]) -> list[Block]:
    return [replace(block, time=block.time - block.time % 120) for block in blocks]


def recipes() -> dict[str, Recipe]:
    """Return the recipes by file name."""

    def repeats(facts: Facts) -> bool:
        return len(facts.edits[0]) >= 3 and len(facts.shown) > 24

    return {
        "edit_repeated.mp4": Recipe(
            "the same segment three times",
            edited(SHORT, _edits((640, 16), (640, 16), (640, 16))),
            lambda f: repeats(f) and len(f.packets) > 40,
        ),
        "edit_repeated_mid_gop.mp4": Recipe(
            "the same segment three times, from the middle of a GOP",
            edited(LONG, _edits((400, 20), (400, 20), (400, 20))),
            repeats,
        ),
        "edit_backwards.mp4": Recipe(
            "segments in the reverse order", edited(SHORT, _edits((480, 40), (480, 20), (480, 0))), repeats
        ),
        "edit_open_repeated.mp4": Recipe(
            "a segment that begins at leading pictures, twice, and another",
            edited(OPEN, _edits((480, 22), (480, 22), (320, 4))),
            repeats,
        ),
        "duplicate_pts.mp4": Recipe(
            "pictures at the same time",
            edited(B_FRAMES, with_table(b"ctts", _same_composition), movflags="negative_cts_offsets"),
            lambda f: len(set(f.times)) < len(f.times) and len(f.shown) == 60,
        ),
        "duplicate_pts.mkv": Recipe(
            "three pictures at each time",
            crafted(encoded("bframes=0:scenecut=0:keyint=12"), _same_times),
            lambda f: len(set(f.times)) * 3 == len(f.times) and len(f.shown) == 60,
        ),
        "duplicate_pts_vp9.mkv": Recipe(
            "three pictures at each time",
            crafted(coded("vp9"), _same_times),
            lambda f: len(set(f.times)) * 3 == len(f.times) and len(f.shown) == 30,
        ),
    }
