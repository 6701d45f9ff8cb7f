"""Test videos whose containers have wrong or missing key flags, tables or indices, or audio besides video."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ffmpeg

from videos import containers, matroska
from videos.containers import TABLE, listing, numbers, table, with_table, with_tables, without_table
from videos.crafting import taken_apart
from videos.ffmpeg_cli import Facts, run
from videos.recipes import (
    OPEN,
    SHORT,
    Make,
    Recipe,
    concatenated,
    edited,
    encode,
    encode_as,
    encoded,
    pictures,
)
from videos.recipes_formats import CODECS, coded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


SOUND = {
    "ts": ("h264", "aac"), "mpg": ("mpeg2video", "mp2"), "avi": ("mpeg4", "mp2"),
    "flv": ("flv1", "libmp3lame"), "asf": ("wmv2", "wmav2"), "webm": ("vp9", "libopus"),
}  # fmt: skip


def _late_sync(body: bytes) -> bytes:
    """List the second sample behind every key frame instead of the key frame, except for the first."""
    return listing([1, *(number + 2 for number in numbers(body)[1:])])


def _cut_after(samples: int) -> Make:
    """Return a recipe for a file that ends after `samples` samples, though its header lists more."""

    def make(path: Path) -> None:
        encode(path, SHORT, movflags="faststart")
        data = path.read_bytes()
        size = sum(numbers(table(data, b"stsz")[4:])[:samples])
        path.write_bytes(data[: data.index(b"mdat") + 4 + size])

    return make


def _two_entries(path: Path) -> None:
    """Join two encodings; the parameter sets of each stand in a sample entry of their own."""
    halves = [path.with_name(f"{name}.mp4") for name in ("first", "second")]
    for half, x264 in zip(halves, ("ref=3", "ref=1:cabac=0:8x8dct=0"), strict=True):
        encode(half, f"keyint=10:min-keyint=10:scenecut=0:bframes=0:{x264}", pictures(30, "64x48"))
    concatenated(halves, path)
    data = path.read_bytes()
    entry = table(halves[1].read_bytes(), b"stsd")[8:]
    sizes = numbers(table(data, b"stsz")[4:])
    (start,) = numbers(table(data, b"stco"))
    first = table(data, b"stsd")
    bodies = {
        b"stsd": first[:4] + struct.pack(">I", 2) + first[8:] + entry,
        b"stsc": struct.pack(">II6I", 0, 2, 1, 30, 1, 2, 30, 2),
        b"stco": listing([start, start + sum(sizes[:30])]),
    }
    path.write_bytes(with_tables(data, bodies))
    for half in halves:
        half.unlink()


def _stripped(path: Path) -> None:
    track, blocks = taken_apart(encoded(SHORT), path)
    path.write_bytes(matroska.write(replace(track, stripped=b"\0\0"), blocks))


def _without_index(data: bytes) -> bytes:
    """Remove the index of an AVI, which is the last chunk."""
    at = data.index(b"idx1")
    return data[:4] + struct.pack("<I", at - 8) + data[8:at]


def _all_keys(data: bytes) -> bytes:
    at = data.index(b"idx1")
    index = bytearray(data[at:])
    index[12::16] = b"\x10" * len(index[12::16])
    return data[:at] + bytes(index)


def _edited_as(codec: str, change: Callable[[bytes], bytes]) -> Make:
    def make(path: Path) -> None:
        coded(codec)(path)
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
            "no stss box, which means that every sample is a sync sample",
            edited(SHORT, without_table(b"stss")),
            lambda f: untold(f) and len(f.entries) == 8,
        ),
        "no_sync_table_open.mp4": Recipe(
            "no stss box, in open GOPs",
            edited(OPEN, without_table(b"stss")),
            lambda f: untold(f) and len(f.entries) == 5,
        ),
        "late_sync_table.mp4": Recipe(
            "an stss box that lists samples which are not key frames",
            edited(SHORT, with_table(b"stss", _late_sync)),
            lambda f: numbers(table(f.data, b"stss"))[1] == f.entries[1] + 3,
        ),
        "empty_sync_table.mp4": Recipe(
            "an empty stss box",
            edited(SHORT, with_table(b"stss", lambda _: listing([]))),
            lambda f: numbers(table(f.data, b"stss")) == [] and len(f.entries) == 8,
        ),
        "no_sync_table_hevc.mp4": Recipe(
            "no stss box, with HEVC",
            _edited_as("hevc", without_table(b"stss")),
            untold,
        ),
        "all_keys.avi": Recipe(
            "an idx1 index that flags every packet as a key frame",
            _edited_as("mpeg4", _all_keys),
            lambda f: f.data.count(b"00dc\x10\0\0\0") == 30,
        ),
        "no_index.avi": Recipe(
            "no idx1 index",
            _edited_as("mpeg4", _without_index),
            lambda f: b"idx1" not in f.data and len(f.shown) == 30,
        ),
    }


def _layout() -> dict[str, Recipe]:
    return {
        "past_the_end.mp4": Recipe(
            "a sample table that lists samples past the end of the file",
            _cut_after(40),
            lambda f: len(numbers(table(f.data, b"stsz")[4:])) == 60 and len(f.shown) == 40,
        ),
        "two_sample_entries.mp4": Recipe(
            "two sample entries, one per half, each with its own parameter sets",
            _two_entries,
            lambda f: table(f.data, b"stsd")[7] == 2 and len(f.shown) == 60,
        ),
        "stripped.mkv": Recipe(
            "header stripping: the first bytes of all packets stand in the track header",
            _stripped,
            lambda f: b"\x42\x55" in f.data and len(f.shown) == 60,
        ),
        "fragment_each.mp4": Recipe(
            "one movie fragment per picture",
            encoded(SHORT, movflags="frag_every_frame+empty_moov+default_base_moof"),
            lambda f: f.data.count(b"moof") == 60,
        ),
        "live.mkv": Recipe(
            "elements of unknown size and no index, as live streams are written",
            lambda path: encode_as(path, pictures(30, "64x48"), vcodec="libx264", g=10, f="matroska", live=1),
            lambda f: b"\x1c\x53\xbb\x6b" not in f.data and b"\x18\x53\x80\x67\x01\xff\xff" in f.data,
        ),
        "h264.m2ts": Recipe(
            "transport stream packets of 192 bytes",
            coded("h264", mpegts_m2ts_mode=1),
            lambda f: f.data[4] == f.data[4 + 192] == 0x47,
        ),
    }


def _beside_sound() -> dict[str, Recipe]:
    return {
        f"sound.{suffix}": Recipe(
            "audio packets between the video packets",
            _with_sound(suffix),
            lambda f: "Audio" in f.info.split("Stream #")[1] and len(f.shown) == 40,
        )
        for suffix in SOUND
    }


def recipes() -> dict[str, Recipe]:
    """Return the recipes by file name."""
    return {**_sync(), **_layout(), **_beside_sound()}
