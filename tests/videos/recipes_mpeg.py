"""MPEG-1, MPEG-2 and JPEG test videos: open GOPs, headers in unusual places, fields, empty packets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from videos import matroska
from videos.crafting import after, crafted, joined, taken_apart
from videos.ffmpeg_cli import Facts
from videos.matroska import Block
from videos.recipes import Proof, Recipe, encode_as, has_sizes, pictures, remuxed
from videos.recipes_formats import B_PICTURES, coded

if TYPE_CHECKING:
    from pathlib import Path


PICTURE, SEQUENCE, GROUP = b"\0\0\1\0", b"\0\0\1\xb3", b"\0\0\1\xb8"
OPEN = {**B_PICTURES, "flags": "-cgop"}
FLAT = ",".join(["16"] * 64)


def _mpeg2_header_in_b(first: list[Block], second: list[Block]) -> list[Block]:
    """Join streams; the sequence header of the second stands in front of the last B-picture of the first."""
    cut = second[0].data.index(GROUP)
    carrier = replace(first[-1], data=second[0].data[:cut] + first[-1].data)
    return after([*first[:-1], carrier], [_without_sequence(block) for block in second])


def _header_once(first: list[Block], second: list[Block]) -> list[Block]:
    return after(first, [second[0], *(_without_sequence(block) for block in second[1:])])


def _without_sequence(block: Block) -> Block:
    start = block.data.startswith(SEQUENCE)
    return replace(block, data=block.data[block.data.index(GROUP) :]) if start else block


def _sequences(facts: Facts) -> list[int]:
    return [n for n, p in enumerate(facts.packets) if SEQUENCE in p.data]


def _picture_kinds(facts: Facts) -> str:
    return "".join("?IPB"[p.data[p.data.index(PICTURE) + 5] >> 3 & 7] for p in facts.packets)


def _without_tables(blocks: list[Block]) -> list[Block]:
    """Remove the Huffman tables, which are those of the standard, from JPEG pictures, as AVI cameras do."""

    def bare(data: bytes) -> bytes:
        at = data.index(b"\xff\xc4")
        while data[at : at + 2] == b"\xff\xc4":
            data = data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4], "big") :]
        return data

    return [replace(block, data=bare(block.data)) for block in blocks]


def _two_fields(path: Path) -> None:
    """Write packets of two JPEG pictures; each picture is a field of half the height."""
    fields = [
        taken_apart(lambda p, seed=seed: _mjpeg(p, seed), path)  # type: ignore[misc]
        for seed in (3, 4)
    ]
    (track, top), (_, bottom) = fields
    marker = [b"\xff\xd8\xff\xe0\0\x10AVI1" + bytes([polarity]) + bytes(9) for polarity in (1, 2)]
    blocks = [
        replace(a, data=marker[0] + a.data[2:] + marker[1] + b.data[2:])
        for a, b in zip(top, bottom, strict=True)
    ]
    path.write_bytes(matroska.write(replace(track, height=48), blocks))


def _mjpeg(path: Path, seed: int, size: str = "64x24") -> None:
    encode_as(path, pictures(20, size, seed), vcodec="mjpeg", pix_fmt="yuvj420p")


def _gaps(path: Path) -> None:
    """Write pictures at uneven times; a container with a fixed rate fills the gaps with empty packets."""
    source = pictures(30, "64x48").filter("setpts", "(N+floor(N/4)*2)/25/TB")
    encode_as(path, source, vcodec="mpeg4", g=8, fps_mode="passthrough")


def _has(kinds: str) -> Proof:
    return lambda facts: kinds in _picture_kinds(facts)


def _mpeg2() -> dict[str, Recipe]:
    opened = coded("mpeg2video", 40, **OPEN)
    flat = coded("mpeg2video", 24, intra_matrix=FLAT)
    return {
        **{
            f"mpeg2_open_gop.{suffix}": Recipe(
                "open GOPs: leading B-pictures, which refer to a picture in front of the entry",
                opened,
                lambda f: [0, 0] in [p.values("closed_gop") * 2 for p in f.headers],
            )
            for suffix in ("mpg", "ts", "mkv")
        },
        "mpeg1_open_gop.mpg": Recipe(
            "open GOPs: leading B-pictures, which refer to a picture in front of the entry",
            coded("mpeg1video", 40, **OPEN),
            _has("IBB"),
        ),
        "mpeg2_starts_open.mkv": Recipe(
            "a stream that begins with an open GOP, whose leading B-pictures cannot be decoded",
            crafted(opened, lambda blocks: blocks[10:]),
            lambda f: _picture_kinds(f).startswith("IBB") and f.times[1] < f.times[0],
        ),
        "mpeg2_interlaced.mkv": Recipe(
            "frame pictures with progressive_frame 0",
            coded("mpeg2video", 30, flags="+ildct+ilme"),
            lambda f: all(p.values("progressive_frame") == [0] for p in f.headers),
        ),
        "mpeg2_header_once.mkv": Recipe(
            "a different sequence header in the middle of the stream, sent once",
            joined(coded("mpeg2video", 24), flat, _header_once),
            lambda f: _sequences(f) == [0, 10, 22, 24] and _picture_kinds(f).count("I") == 6,
        ),
        "mpeg2_header_in_b.mkv": Recipe(
            "a sequence header that later pictures need, in the packet of a B-picture",
            joined(coded("mpeg2video", 24), flat, _mpeg2_header_in_b),
            lambda f: _sequences(f) == [0, 10, 22, 23] and _picture_kinds(f)[23:25] == "BI",
        ),
        "mpeg2_size_changes.mkv": Recipe(
            "the picture size changes from 64x48 to 96x64",
            joined(coded("mpeg2video", 24), _large_mpeg2, after),
            has_sizes("64x48", "96x64"),
        ),
    }


def _large_mpeg2(path: Path) -> None:
    encode_as(path, pictures(24, "96x64"), vcodec="mpeg2video", **B_PICTURES)


def _others() -> dict[str, Recipe]:
    standard = coded("mjpeg", 20, huffman="default")
    return {
        "mjpeg_no_tables.mkv": Recipe(
            "JPEG pictures without Huffman tables",
            crafted(standard, _without_tables),
            lambda f: all(b"\xff\xc4" not in p.data for p in f.packets) and len(f.shown) == 20,
        ),
        "mjpeg_fields.mkv": Recipe("two fields per packet", _two_fields, lambda f: f.sizes == ["64x48"] * 20),
        "mjpeg_size_changes.mkv": Recipe(
            "the picture size changes from 64x48 to 96x64",
            joined(coded("mjpeg", 20), lambda path: _mjpeg(path, 3, "96x64"), after),
            has_sizes("64x48", "96x64"),
        ),
        "empty_packets.avi": Recipe(
            "empty packets where no new picture is shown",
            _gaps,
            lambda f: f.data.count(b"00dc\0\0\0\0") >= 10 and len(f.shown) == 30,
        ),
        "timestamps_wrap.ts": Recipe(
            "timestamps that wrap around at 2^33",
            remuxed(coded("mpeg2video", 40), output_ts_offset=95442),
            lambda f: len(f.shown) == 40 and min(f.times) < 0 < max(f.times),
        ),
    }


def recipes() -> dict[str, Recipe]:
    """Return the recipes by file name."""
    return {**_mpeg2(), **_others()}
