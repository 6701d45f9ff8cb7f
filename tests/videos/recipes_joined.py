"""Test videos that join other videos without encoding again, as editors do that only copy packets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ffmpeg

from videos.ffmpeg_cli import Facts
from videos.recipes import Make, Recipe, concatenated, encode_as, remuxed
from videos.recipes_formats import coded
from videos.recipes_mpeg4 import VOL

if TYPE_CHECKING:
    from pathlib import Path


def joined(*parts: Make, inside: str = "mkv", **points: float) -> Make:
    """Return a recipe that copies the parts one after the other; `points` bound the last part."""

    def make(path: Path) -> None:
        files = [path.with_name(f"part{number}.{inside}") for number in range(len(parts))]
        for part, file in zip(parts, files, strict=True):
            part(file)
        concatenated(files, path, **points)
        for file in files:
            file.unlink()

    return make


def _in_band(b_frames: int, **options: str) -> Make:
    """Return a recipe with the VOL header in front of every I-VOP."""
    return remuxed(coded("mpeg4", 24, bf=b_frames, **options), bsf="dump_extra=freq=keyframe")


def _packed(path: Path) -> None:
    """Write a packed bitstream with one P-VOP behind the last I-VOP."""
    scene = ffmpeg.input("testsrc2=size=64x48:rate=25", f="lavfi").trim(end_frame=30)
    encode_as(path, scene, vcodec="libxvid", g=12, bf=2)


def recipes() -> dict[str, Recipe]:
    """Return the recipes by file name."""
    seconds = coded("mpeg4", 40, g=8, sc_threshold=0)

    def b_set_in(facts: Facts) -> bool:
        heads = [n for n, packet in enumerate(facts.packets) if VOL in packet.data]
        first, second = facts.picture_types[:24], facts.picture_types[24:]
        return "B" not in first and second.count("B") > 8 and len(heads) >= 3

    return {
        "joined_mpeg4.mpg": Recipe(
            "a different VOL header at an I-VOP, in a container without codec headers",
            joined(_in_band(0), _in_band(0, flags="+qpel+mv4"), inside="avi"),
            lambda f: len({p.data[p.data.index(VOL) :][:12] for p in f.packets if VOL in p.data}) == 2,
        ),
        "joined_packed.asf": Recipe(
            "packets of two VOPs, which FFmpeg's parser splits, and packets with an uncoded VOP",
            joined(_packed, _packed, inside="avi"),
            lambda f: "B" in f.picture_types and [len(p.data) for p in f.packets].count(6) > 8,
        ),
        "joined_back_in_time.avi": Recipe(
            "two copies in a row: the GOV header of the second states an earlier time",
            joined(seconds, seconds, inside="avi", inpoint=0.59),
            lambda f: "B" in f.picture_types and len(f.shown) > 50,
        ),
        "joined_mpeg4.mp4": Recipe(
            "B-VOPs only behind a VOL header in the middle",
            joined(_in_band(0), _in_band(2)),
            b_set_in,
        ),
    }
