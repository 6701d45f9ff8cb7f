"""Writes docs/formats.md: the result of reading every test video, and the rules of each codec.

PYTHONPATH=tests python -m tools.format_table > docs/formats.md
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import kinetics_fast as kf
from kinetics_fast import _core
from kinetics_fast._decode.source import local_source
from videos import media, oracle, recipes_colour, recipes_container, recipes_vc1
from videos.recipes_formats import (
    CONTAINERS,
    DEMUXERS,
    FRAGMENTED,
    PIXEL_FORMATS,
    UNCOMPRESSED,
    name_of_format,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_PIXELS = 1 << 27
PLAIN = CONTAINERS | recipes_vc1.CONTAINERS
PERIODIC = "an I-picture behind a sequence header"
INTRA = "an I-picture"
CONCEALED = "nothing, because libavcodec conceals damage with the picture that was decoded before"
# The rules of each codec. The tables of results are measured.
DROPPED = {
    "h264": "packets whose slices all have nal_ref_idc 0, without a NAL unit to keep; both fields or neither",
    "hevc": "sub-layer non-reference pictures of the highest sub-layer, in packets without parameter sets",
    "vp8": "nothing",
    "vp9": "nothing, because a frame that refreshes no reference still passes on its probability contexts",
    "av1": "temporal units that refresh no reference and hold no sequence header and no show_existing_frame",
    "mpeg4": "B-VOPs in packets without a header",
    "mpeg2video": "B-pictures in packets without a sequence header",
    "mpeg1video": "B-pictures in packets without a sequence header",
    "mjpeg": "every picture",
    **dict.fromkeys(("msmpeg4v2", "msmpeg4v3", "wmv1", "wmv2", "flv1", "h263"), "nothing"),
    **dict.fromkeys(("wmv3", "vc1"), CONCEALED),
    "vp6f": "nothing",
    "rawvideo": "every picture",
}
ENTRIES = {
    "h264": "an IDR picture, or a recovery point with count 0 and exact_match", "hevc": "an IRAP picture",
    "vp8": "a key frame", "vp9": "a key frame", "av1": "a shown key frame behind a sequence header",
    "mpeg4": "an I-VOP", "mpeg2video": PERIODIC, "mpeg1video": PERIODIC, "mjpeg": "every picture",
    "msmpeg4v2": INTRA, "msmpeg4v3": INTRA, "wmv1": INTRA, "wmv2": INTRA, "flv1": INTRA, "h263": INTRA,
    "wmv3": INTRA, "vc1": "an I-picture, or an I-field whose second field refers to no other field",
    "vp6f": "a key frame with two partitions", "rawvideo": "every picture",
}  # fmt: skip
HEAD = """# Formats

kinetics_fast reads every frame of every test video, and each frame is compared with the frame of ffmpeg.
This page lists the results. `tests/videos/recipes_*.py` describes how each video is made and how its property
is proved.

- "exact": every picture equals the picture of ffmpeg bit for bit.
- "drops": the video has packets that are decoded only if their own pictures are requested.

The command `PYTHONPATH=tests python -m tools.format_table > docs/formats.md` writes this page. A test fails
if the page is out of date.
"""


@dataclass(frozen=True)
class Reading:
    """The result of reading one video."""

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
    ticket = _core.submit_index([local_source(path)], MAX_PIXELS, None, read_packets=True)
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
    yield ["codec", "packets that are decoded only if requested", "entry"]
    for codec, dropped in DROPPED.items():
        yield [codec, dropped, ENTRIES[codec]]


def _pixel_formats() -> Iterator[list[str]]:
    yield ["codec", "pixel formats besides 8-bit 4:2:0"]
    named = {"h264": {name: f"{name}.mp4" for name in recipes_container.PIXEL_FORMATS.split()}}
    for codec, names in PIXEL_FORMATS.items():
        named[codec] = {name: name_of_format(codec, name) for name in names.split()}
    named["rawvideo"] = {name: f"raw_{name}.{suffix}" for name, suffix in UNCOMPRESSED.items()}
    for codec, videos in named.items():
        yield [codec, ", ".join(name + _unless_exact(video) for name, video in videos.items())]


def _unless_exact(video: str) -> str:
    made = reading(video)
    return f" ({made})" if made.wrong else ""


def _peculiar() -> Iterator[list[str]]:
    plain = {f"{codec}.{suffix}" for codec, names in PLAIN.items() for suffix in names.split()}
    yield ["video", "property", "result"]
    for name in media.NAMES:
        if name not in plain and not name.startswith("raw_") and name not in recipes_colour.names():
            yield [name, media.RECIPES[name].about, str(reading(name))]


def page() -> str:
    parts = [
        HEAD,
        "## Codecs and containers\n", *rows(_containers()),
        "\n## Dropped packets and entries\n",
        "An entry is a picture at which decoding can start.\n", *rows(_rules()),
        "\n## Pixel formats\n", *rows(_pixel_formats()),
        "\n## Videos with a special property\n", *rows(_peculiar()),
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    print(page(), end="")
