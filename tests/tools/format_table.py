"""Writes docs/formats.md: what is read, what is left out and what an entry is, measured on the test videos.

PYTHONPATH=tests python -m tools.format_table > docs/formats.md
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import kinetics_fast as kf
from kinetics_fast import _core
from kinetics_fast._decode.source import open_source
from support import media, oracle
from videos import recipes_colour, recipes_vc1
from videos.recipes_formats import CONTAINERS, DEMUXERS, FRAGMENTED, PIXEL_FORMATS, UNCOMPRESSED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_PIXELS = 1 << 27
PLAIN = CONTAINERS | recipes_vc1.CONTAINERS
PERIODIC = "an I-picture behind a sequence header"
INTRA = "an I-picture"
# What the rules say of each codec; what they come to is measured.
DROPPED = {
    "h264": "packets whose slices all have nal_ref_idc 0 and that hold nothing to keep; both fields or none",
    "hevc": "sub-layer non-reference pictures of the highest sub-layer, without parameter sets",
    "vp8": "nothing", "vp9": "nothing: a frame that refreshes no picture hands on contexts",
    "av1": "temporal units whose frames refresh nothing, without a sequence header or a frame shown again",
    "mpeg4": "B-VOPs without a header", "mpeg2video": "B-pictures without a sequence header",
    "mpeg1video": "B-pictures without a sequence header", "mjpeg": "every picture",
    "msmpeg4v2": "nothing", "msmpeg4v3": "nothing", "wmv1": "nothing", "wmv2": "nothing", "flv1": "nothing",
    "h263": "nothing", "wmv3": "B-pictures but intra ones, by which rounding is reset",
    "vc1": "B-pictures without an entry-point header", "vp6f": "nothing", "rawvideo": "every picture",
}  # fmt: skip
ENTRIES = {
    "h264": "an IDR picture, or a recovery point with count 0 and exact_match", "hevc": "an IRAP picture",
    "vp8": "a key frame", "vp9": "a key frame", "av1": "a shown key frame behind a sequence header",
    "mpeg4": "an I-VOP", "mpeg2video": PERIODIC, "mpeg1video": PERIODIC, "mjpeg": "every picture",
    "msmpeg4v2": INTRA, "msmpeg4v3": INTRA, "wmv1": INTRA, "wmv2": INTRA, "flv1": INTRA, "h263": INTRA,
    "wmv3": INTRA, "vc1": "an I-picture, or an I-field and one that refers to nothing else",
    "vp6f": "a key frame", "rawvideo": "every picture",
}  # fmt: skip
HEAD = """# Formats

Every test video (`tests/videos/recipes_*.py` says how each is made and proved) is read whole and compared
with ffmpeg. This page is what came of it. `PYTHONPATH=tests python -m tools.format_table > docs/formats.md`
writes it, and a test fails where it is out of date. "exact" means that every picture is ffmpeg's to the bit,
"drops" that there are packets which are not decoded unless their own pictures are wanted.
"""


@dataclass(frozen=True)
class Reading:
    """What reading one video came to."""

    frames: int
    wrong: int
    drops: bool

    def __str__(self) -> str:
        if self.wrong:
            return f"{self.wrong} of {self.frames} wrong"
        return "exact, drops" if self.drops else "exact"


@cache
def reading(name: str) -> Reading:
    path = media.make(name)
    theirs, video = oracle.frames(path).planes, kf.Video(path)
    ours = video.planes(range(len(video)))
    pairs = zip(ours, theirs, strict=False)
    wrong = sum(not oracle.equal(a, b) for a, b in pairs) + abs(len(ours) - len(theirs))
    ticket = _core.submit_index([open_source(path)], MAX_PIXELS, None, read_packets=True)
    ticket.wait()
    (index,) = ticket.result()
    if isinstance(index, Exception):
        raise index
    return Reading(len(theirs), wrong, bool(index.droppable_share))


def rows(cells: Iterable[Iterable[str]]) -> Iterator[str]:
    for number, row in enumerate(cells):
        found = list(row)
        yield "| " + " | ".join(found) + " |"
        if number == 0:
            yield "|" + "---|" * len(found)


def _containers() -> Iterator[list[str]]:
    suffixes = [*DEMUXERS, "fragmented mp4"]
    yield ["codec", *suffixes]
    for codec, names in PLAIN.items():
        held = {suffix: f"{codec}.{suffix}" for suffix in names.split()}
        if codec == "h264":
            held |= {
                "mp4": "short_gop.mp4",
                "mkv": "short_gop.mkv",
                "3gp": "",
                "fragmented mp4": "fragmented.mp4",
            }
        if codec in FRAGMENTED:
            held["fragmented mp4"] = f"{codec}_fragmented.mp4"
        yield [codec, *(str(reading(held[suffix])) if held.get(suffix) else "" for suffix in suffixes)]
    yield ["vp6f", *(str(reading(f"vp6.{s}")) if s in ("mkv", "avi", "flv") else "" for s in suffixes)]


def _rules() -> Iterator[list[str]]:
    yield ["codec", "left out unless wanted", "entry"]
    for codec, dropped in DROPPED.items():
        yield [codec, dropped, ENTRIES[codec]]


def _pixel_formats() -> Iterator[list[str]]:
    yield ["codec", "pixel formats beside 8-bit 4:2:0"]
    h264 = ["yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le", "yuv444p10le", "gray", "gray10le", "gbrp"]
    named = {"h264": {name: f"{name}.mp4" for name in h264}}
    for codec, names in PIXEL_FORMATS.items():
        suffix = "webm" if codec == "vp9" else "mkv"
        named[codec] = {name: f"{codec}_{name}.{suffix}" for name in names.split()}
    named["rawvideo"] = {name: f"raw_{name}.{suffix}" for name, suffix in UNCOMPRESSED.items()}
    for codec, videos in named.items():
        yield [codec, ", ".join(name + _unless_exact(video) for name, video in videos.items())]


def _unless_exact(video: str) -> str:
    made = reading(video)
    return f" ({made})" if made.wrong else ""


def _peculiar() -> Iterator[list[str]]:
    plain = {f"{codec}.{suffix}" for codec, names in PLAIN.items() for suffix in names.split()}
    yield ["video", "what is peculiar", "read"]
    for name in media.NAMES:
        if name not in plain and not name.startswith("raw_") and name not in recipes_colour.names():
            yield [name, media.RECIPES[name].about, str(reading(name))]


def page() -> str:
    parts = [
        HEAD,
        "## Codecs and containers\n", *rows(_containers()),
        "\n## What is left out and where a run may begin\n", *rows(_rules()),
        "\n## Pixel formats\n", *rows(_pixel_formats()),
        "\n## Peculiarities\n", *rows(_peculiar()),
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    print(page(), end="")
