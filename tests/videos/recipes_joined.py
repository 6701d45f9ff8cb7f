"""Test videos joined out of others without a new encoding, as editors do that only copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ffmpeg

from support.ffmpeg_cli import Facts, run
from videos.recipes import Make, Recipe, encode_as, remuxed
from videos.recipes_formats import coded

if TYPE_CHECKING:
    from pathlib import Path

HEAD = b"\0\0\1\x20"  # of an MPEG-4 layer


def joined(*parts: Make, inside: str = "mkv", **points: float) -> Make:
    """Return a recipe that copies parts one after the other; `points` bound the last one."""

    def make(path: Path) -> None:
        files = [path.with_name(f"part{number}.{inside}") for number in range(len(parts))]
        for part, file in zip(parts, files, strict=True):
            part(file)
        names = path.with_name("names.txt")
        lines = [f"file {file.name}" for file in files]
        names.write_text("\n".join([*lines, *(f"{name} {seconds}" for name, seconds in points.items())]))
        run(ffmpeg.input(str(names), f="concat").output(str(path), c="copy", fflags="+bitexact"))
        for file in (*files, names):
            file.unlink()

    return make


def _in_band(b_frames: int, **options: str) -> Make:
    """Return a recipe whose header stands in front of every I-VOP."""
    return remuxed(coded("mpeg4", 24, bf=b_frames, **options), bsf="dump_extra=freq=keyframe")


def _packed(path: Path) -> None:
    """One P-VOP comes behind the last I-VOP."""
    scene = ffmpeg.input("testsrc2=size=64x48:rate=25", f="lavfi").trim(end_frame=30)
    encode_as(path, scene, vcodec="libxvid", g=12, bf=2)


def recipes() -> dict[str, Recipe]:
    """Return the recipes by file name."""
    seconds = coded("mpeg4", 40, g=8, sc_threshold=0)

    def b_set_in(facts: Facts) -> bool:
        heads = [n for n, packet in enumerate(facts.packets) if HEAD in packet.data]
        first, second = facts.picture_types[:24], facts.picture_types[24:]
        return "B" not in first and second.count("B") > 8 and len(heads) >= 3

    return {
        "joined_mpeg4.mpg": Recipe(
            "another header at an I-VOP, in a container that has none of its own",
            joined(_in_band(0), _in_band(0, flags="+qpel+mv4"), inside="avi"),
            lambda f: len({p.data[p.data.index(HEAD) :][:12] for p in f.packets if HEAD in p.data}) == 2,
        ),
        "joined_packed.asf": Recipe(
            "packets of two VOPs, which FFmpeg's parser takes apart, and empty ones",
            joined(_packed, _packed, inside="avi"),
            lambda f: "B" in f.picture_types and [len(p.data) for p in f.packets].count(6) > 8,
        ),
        "joined_back_in_time.avi": Recipe(
            "a copy whose group of VOPs says that it is earlier",
            joined(seconds, seconds, inside="avi", inpoint=0.59),
            lambda f: "B" in f.picture_types and len(f.shown) > 50,
        ),
        "joined_mpeg4.mp4": Recipe(
            "B-VOPs behind a header in the middle, and none before",
            joined(_in_band(0), _in_band(2)),
            b_set_in,
        ),
    }
