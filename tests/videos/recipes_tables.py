"""Test videos whose containers lie or leave out: key flags, sample tables, indices; and sound between."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ffmpeg

from support.ffmpeg_cli import Facts, run
from videos import containers, matroska
from videos.containers import TABLE, listing, numbers, table, with_table, without_table
from videos.crafting import taken_apart
from videos.recipes import OPEN, SHORT, Make, Recipe, edited, encode, encode_as, encoded, pictures
from videos.recipes_formats import CODECS, coded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


SOUND = {
    "ts": ("h264", "aac"), "mpg": ("mpeg2video", "mp2"), "avi": ("mpeg4", "mp2"),
    "flv": ("flv1", "libmp3lame"), "asf": ("wmv2", "wmav2"), "webm": ("vp9", "libopus"),
}  # fmt: skip


def _late_sync(body: bytes) -> bytes:
    """Name the samples after the true key frames, beside the first."""
    return listing([1, *(number + 2 for number in numbers(body)[1:])])


def _cut_after(samples: int) -> Make:
    """Return a recipe whose file ends behind so many samples, though its header lists more."""

    def make(path: Path) -> None:
        encode(path, SHORT, movflags="faststart")
        data = path.read_bytes()
        size = sum(numbers(table(data, b"stsz")[4:])[:samples])
        path.write_bytes(data[: data.index(b"mdat") + 4 + size])

    return make


def _two_entries(path: Path) -> None:
    """Join two encodings whose parameter sets stand in a sample entry each."""
    halves = [path.with_name(f"{name}.mp4") for name in ("first", "second")]
    for half, x264 in zip(halves, ("ref=3", "ref=1:cabac=0:8x8dct=0"), strict=True):
        encode(half, f"keyint=10:min-keyint=10:scenecut=0:bframes=0:{x264}", pictures(30, "64x48"))
    names = path.with_name("names.txt")
    names.write_text("".join(f"file {half.name}\n" for half in halves))
    run(ffmpeg.input(str(names), f="concat").output(str(path), c="copy", fflags="+bitexact"))
    data = path.read_bytes()
    entry = table(halves[1].read_bytes(), b"stsd")[8:]
    sizes = numbers(table(data, b"stsz")[4:])
    (start,) = numbers(table(data, b"stco"))
    changes = {
        b"stsd": lambda body: body[:4] + struct.pack(">I", 2) + body[8:] + entry,
        b"stsc": lambda _: struct.pack(">II6I", 0, 2, 1, 30, 1, 2, 30, 2),
        b"stco": lambda _: listing([start, start + sum(sizes[:30])]),
    }
    for kind, change in changes.items():
        data = with_table(kind, change)(data)
    path.write_bytes(data)
    for file in (*halves, names):
        file.unlink()


def _stripped(path: Path) -> None:
    track, blocks = taken_apart(encoded(SHORT), path)
    path.write_bytes(matroska.write(replace(track, stripped=b"\0\0"), blocks))


def _without_index(data: bytes) -> bytes:
    """Take the index of an AVI away, which comes last."""
    at = data.index(b"idx1")
    return data[:4] + struct.pack("<I", at - 8) + data[8:at]


def _all_keys(data: bytes) -> bytes:
    at = data.index(b"idx1")
    index = bytearray(data[at:])
    index[12::16] = b"\x10" * len(index[12::16])
    return data[:at] + bytes(index)


def _avi(change: Callable[[bytes], bytes]) -> Make:
    def make(path: Path) -> None:
        coded("mpeg4")(path)
        path.write_bytes(change(path.read_bytes()))

    return make


def _with_sound(suffix: str) -> Make:
    codec, sound = SOUND[suffix]

    def make(path: Path) -> None:
        tone = ffmpeg.input("sine=frequency=440:duration=1.6", f="lavfi")
        options: dict[str, Any] = {"pix_fmt": "yuv420p", **CODECS[codec], "acodec": sound, "threads": 1}
        run(ffmpeg.output(tone, pictures(40, "64x48"), str(path), fflags="+bitexact", **options))

    return make


def _sync() -> dict[str, Recipe]:
    def untold(facts: Facts) -> bool:
        return not containers.find(facts.data, b"moov", *TABLE, b"stss")

    return {
        "no_sync_table.mp4": Recipe(
            "no table of key frames, which says that every sample is one",
            edited(SHORT, without_table(b"stss")),
            lambda f: untold(f) and len(f.entries) == 8,
        ),
        "no_sync_table_open.mp4": Recipe(
            "the same over recovery points",
            edited(OPEN, without_table(b"stss")),
            lambda f: untold(f) and len(f.entries) == 5,
        ),
        "late_sync_table.mp4": Recipe(
            "a table of key frames that are none",
            edited(SHORT, with_table(b"stss", _late_sync)),
            lambda f: numbers(table(f.data, b"stss"))[1] == f.entries[1] + 3,
        ),
        "empty_sync_table.mp4": Recipe(
            "an empty table of key frames",
            edited(SHORT, with_table(b"stss", lambda _: listing([]))),
            lambda f: numbers(table(f.data, b"stss")) == [] and len(f.entries) == 8,
        ),
        "no_sync_table_hevc.mp4": Recipe(
            "no table of key frames over HEVC",
            _edited_as("hevc", without_table(b"stss")),
            untold,
        ),
        "all_keys.avi": Recipe(
            "an index in which all are key frames",
            _avi(_all_keys),
            lambda f: f.data.count(b"00dc\x10\0\0\0") == 30,
        ),
        "no_index.avi": Recipe(
            "no index", _avi(_without_index), lambda f: b"idx1" not in f.data and len(f.shown) == 30
        ),
    }


def _edited_as(codec: str, change: Callable[[bytes], bytes]) -> Make:
    def make(path: Path) -> None:
        coded(codec)(path)
        path.write_bytes(change(path.read_bytes()))

    return make


def _layout() -> dict[str, Recipe]:
    return {
        "past_the_end.mp4": Recipe(
            "samples listed past the end of the file",
            _cut_after(40),
            lambda f: len(numbers(table(f.data, b"stsz")[4:])) == 60 and len(f.shown) == 40,
        ),
        "two_sample_entries.mp4": Recipe(
            "a sample entry for each half, with parameter sets of its own",
            _two_entries,
            lambda f: table(f.data, b"stsd")[7] == 2 and len(f.shown) == 60,
        ),
        "stripped.mkv": Recipe(
            "packets whose first bytes are in the header",
            _stripped,
            lambda f: b"\x42\x55" in f.data and len(f.shown) == 60,
        ),
        "fragment_each.mp4": Recipe(
            "a fragment for each picture",
            encoded(SHORT, movflags="frag_every_frame+empty_moov+default_base_moof"),
            lambda f: f.data.count(b"moof") == 60,
        ),
        "live.mkv": Recipe(
            "no sizes and no index, as live streams are written",
            lambda path: encode_as(path, pictures(30, "64x48"), vcodec="libx264", g=10, f="matroska", live=1),
            lambda f: b"\x1c\x53\xbb\x6b" not in f.data and b"\x18\x53\x80\x67\x01\xff\xff" in f.data,
        ),
        "h264.m2ts": Recipe(
            "transport packets of 192 bytes",
            coded("h264", mpegts_m2ts_mode=1),
            lambda f: f.data[4] == f.data[4 + 192] == 0x47,
        ),
    }


def _beside_sound() -> dict[str, Recipe]:
    return {
        f"sound.{suffix}": Recipe(
            "sound between the pictures",
            _with_sound(suffix),
            lambda f: "Audio" in f.info.split("Stream #")[1] and len(f.shown) == 40,
        )
        for suffix in SOUND
    }


def recipes() -> dict[str, Recipe]:
    """Return the recipes by file name."""
    return {**_sync(), **_layout(), **_beside_sound()}
