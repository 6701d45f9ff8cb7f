"""Test videos with pixels that are not square, interlaced pictures, tagged colours, or two video streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ffmpeg

from videos.ffmpeg_cli import run
from videos.recipes import B_FRAMES, SHORT, Recipe, encode, encode_as, pictures, remuxed

if TYPE_CHECKING:
    from pathlib import Path

    from videos.recipes import Make, Proof

FRAMES = 20
SUFFIXES = ("mp4", "mkv", "ts")
# Another name for each property than any default has.
WIDE = "colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:range=tv:chromaloc=2"
OLD = "colorprim=bt470bg:transfer=bt470bg:colormatrix=bt470bg:range=pc:chromaloc=1"


def _anamorphic(path: Path) -> None:
    encode(path, SHORT, pictures(FRAMES).filter("setsar", "16/11"))


def _interlaced(first: str) -> Make:
    def make(path: Path) -> None:
        weave = pictures(2 * FRAMES).filter("tinterlace", {"tff": 4, "bff": 5}[first])
        encode(path, f"{B_FRAMES}:{first}=1", weave)

    return make


def _interlaced_mpeg2(first: str) -> Make:
    def make(path: Path) -> None:
        woven = pictures(2 * FRAMES).filter("tinterlace", {"tff": 4, "bff": 5}[first])
        encode_as(path, woven, vcodec="mpeg2video", flags="+ilme+ildct", bf=2, **{"b:v": "400k"})

    return make


def _tagged(tags: str, pix_fmt: str = "yuv420p") -> Make:
    """Return a recipe for a file whose tags are in the stream, and in the container if it can hold them."""
    return remuxed(lambda path: encode(path, f"{SHORT}:{tags}", pictures(FRAMES), pix_fmt=pix_fmt))


def _two_streams(path: Path) -> None:
    """Write a small stream of few frames, and then one of more and larger frames that is the default one."""
    small, large = pictures(12, "64x48", seed=3), pictures(30, "128x96", seed=4)
    settings: dict[str, Any] = {
        "vcodec": "libx264", "pix_fmt": "yuv420p", "preset": "fast", "threads": 1, "fflags": "+bitexact",
        "x264-params": SHORT, "crf:v:0": 40, "crf:v:1": 18,
        "disposition:v:0": "0", "disposition:v:1": "default",
    }  # fmt: skip
    run(ffmpeg.output(small, large, str(path), **settings))


def _says(*words: str) -> Proof:
    return lambda facts: all(word in facts.info for word in words)


def recipes() -> dict[str, Recipe]:
    """Return the recipes by file name."""
    orders = {"tff": "top", "bff": "bottom"}  # ffmpeg's muxer of Matroska says "top coded first (swapped)"
    return {
        **{
            f"anamorphic.{suffix}": Recipe("a sample aspect ratio of 16:11", _anamorphic, _says("SAR 16:11"))
            for suffix in (*SUFFIXES, "avi")
        },
        "anamorphic_turned.mp4": Recipe(
            "a sample aspect ratio of 16:11, and a display matrix that rotates by 90 degrees",
            remuxed(_anamorphic, before={"display_rotation": 90}),
            _says("SAR 16:11", "rotation of 90.00"),
        ),
        **{
            f"interlaced_{first}.{suffix}": Recipe(
                f"H.264 with the {order} field first", _interlaced(first), _says(f"{order} ", "first")
            )
            for first, order in orders.items()
            for suffix in SUFFIXES
        },
        **{
            f"interlaced_mpeg2_{first}.{suffix}": Recipe(
                f"MPEG-2 with the {order} field first",
                _interlaced_mpeg2(first),
                _says(f"{order} ", "first"),
            )
            for first, order in orders.items()
            for suffix in ("mkv", "ts")
        },
        **{
            f"tagged_wide.{suffix}": Recipe(
                "wide colours (BT.2020, PQ)", _tagged(WIDE), _says("bt2020nc/bt2020/smpte2084")
            )
            for suffix in SUFFIXES
        },
        **{
            f"tagged_old.{suffix}": Recipe(
                "old colours (BT.470, full range)", _tagged(OLD, "yuvj420p"), _says("pc, bt470bg, ")
            )
            for suffix in SUFFIXES
        },
        **{
            f"two_streams.{suffix}": Recipe(
                "two video streams of different sizes and numbers of frames",
                _two_streams,
                _says("64x48", "128x96", "#0:1"),
            )
            for suffix in SUFFIXES
        },
    }
