"""Test videos with repeated or reversed edits, and with equal, wrong or missing timestamps."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ffmpeg

from videos import containers
from videos.containers import with_table
from videos.crafting import crafted
from videos.recipes import (
    B_FRAMES,
    LONG,
    OPEN,
    SHORT,
    Make,
    Recipe,
    edited,
    encode_as,
    encoded,
    pictures,
    remuxed,
)
from videos.recipes_formats import coded

if TYPE_CHECKING:
    from collections.abc import Callable

    from videos.ffmpeg_cli import Facts
    from videos.matroska import Block


CROSSED = "setts=dts=DTS-2*DURATION:pts='PTS+DURATION*if(eq(mod(N,10),9),1,if(eq(mod(N,10),0)*gt(N,0),-1,0))'"


THIRTY = "an elementary stream whose headers state 30 frames per second"


def _bare(codec: str) -> Make:
    return lambda path: encode_as(path, pictures(24, "64x48").filter("fps", 30), vcodec=codec)


def _still(frames: int) -> Any:
    return ffmpeg.input("color=gray:size=64x48:rate=30", f="lavfi").trim(end_frame=frames)


def _edits(*rows: tuple[int, int]) -> Callable[[bytes], bytes]:
    """Return the edit that writes an edit list: (duration in ms, first frame); a frame lasts 512 ticks."""
    body = containers.edit_list([(duration, 1024 + frame * 512) for duration, frame in rows])
    return lambda data: containers.edit_moov(data, (b"trak", b"edts", b"elst"), lambda _: body)


def _same_composition(body: bytes) -> bytes:
    """Give every fifth sample the presentation time of the sample in front of it in the file."""
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
            "an edit list with the same segment three times",
            edited(SHORT, _edits((640, 16), (640, 16), (640, 16))),
            lambda f: repeats(f) and len(f.packets) > 40,
        ),
        "edit_repeated_mid_gop.mp4": Recipe(
            "an edit list with the same segment three times, from the middle of a GOP",
            edited(LONG, _edits((400, 20), (400, 20), (400, 20))),
            repeats,
        ),
        "edit_backwards.mp4": Recipe(
            "an edit list with segments in reverse order",
            edited(SHORT, _edits((480, 40), (480, 20), (480, 0))),
            repeats,
        ),
        "edit_open_repeated.mp4": Recipe(
            "an edit list with a segment that begins at leading pictures, twice, and another segment",
            edited(OPEN, _edits((480, 22), (480, 22), (320, 4))),
            repeats,
        ),
        **{
            name: Recipe(
                "B-frames, and decoding times stored as presentation times",
                remuxed(make, bsf="setts=pts=DTS"),
                lambda f: f.times == sorted(f.times) and "B" in f.picture_types,
            )
            for name, make in {
                "decoding_times.mp4": encoded(B_FRAMES),
                "decoding_times.mkv": encoded(OPEN),
                "decoding_times_hevc.mp4": coded("hevc"),
            }.items()
        },
        "bare.h264": Recipe(THIRTY, _bare("libx264"), lambda f: not f.times and len(f.shown) > 24),
        "bare.hevc": Recipe(THIRTY, _bare("libx265"), lambda f: not f.times and len(f.shown) > 24),
        "first_time.mpg": Recipe(
            "a timestamp for the first of two pictures only",
            lambda path: encode_as(path, _still(2), vcodec="mpeg2video"),
            lambda f: len(f.times) < len(f.shown) == 2,
        ),
        "times_cross_keys.mp4": Recipe(
            "key frames with an earlier presentation time than the picture in front of them",
            remuxed(encoded("keyint=10:min-keyint=10:scenecut=0:bframes=0"), bsf=CROSSED),
            lambda f: [f.times[n - 1] > f.times[n] for n in f.entries[1:]] == [True] * 5,
        ),
        "edit_mpeg1.mp4": Recipe(
            "an edit that begins in the middle of a GOP, which FFmpeg applies one picture late",
            remuxed(coded("mpeg1video", g=30), before={"ss": 0.5}),
            lambda f: sum(p.discarded for p in f.packets) >= 10,
        ),
        "duplicate_pts.mp4": Recipe(
            "pictures with the same timestamp",
            edited(B_FRAMES, with_table(b"ctts", _same_composition), movflags="negative_cts_offsets"),
            lambda f: len(set(f.times)) < len(f.times) and len(f.shown) == 60,
        ),
        "duplicate_pts.mkv": Recipe(
            "three pictures per timestamp",
            crafted(encoded("bframes=0:scenecut=0:keyint=12"), _same_times),
            lambda f: len(set(f.times)) * 3 == len(f.times) and len(f.shown) == 60,
        ),
        "duplicate_pts_vp9.mkv": Recipe(
            "three pictures per timestamp",
            crafted(coded("vp9"), _same_times),
            lambda f: len(set(f.times)) * 3 == len(f.times) and len(f.shown) == 30,
        ),
    }
