"""HEVC test videos: sub-layers, leading pictures, ends of sequence, parameter sets in unusual places."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from videos import matroska
from videos.bitstream import split_avcc
from videos.crafting import Craft, after, crafted, joined, matters, taken_apart
from videos.matroska import Block
from videos.recipes import Make, Proof, Recipe, encode_as, has_sizes, pictures, remuxed
from videos.recipes_formats import X265

if TYPE_CHECKING:
    from pathlib import Path

    from videos.ffmpeg_cli import Facts

TSA_N, TSA_R, RADL_N, RADL_R, RASL_N, RASL_R = 2, 3, 6, 7, 8, 9
BLA, IDR_W_RADL, IDR, CRA = 16, 19, 20, 21
VPS, SPS, PPS = 32, 33, 34
END = b"\0\0\0\2\x48\1"  # an end-of-sequence NAL unit behind its length
CLOSED = "keyint=12:min-keyint=12:bframes=3:b-adapt=0:open-gop=0:"
OPEN = "keyint=12:min-keyint=12:bframes=3:b-adapt=0:open-gop=1:"
TAG: dict[str, Any] = {"tag:v": "hev1"}
TILES = {"kvazaar-params": "period=16,gop=8,tiles=1x2,slices=tiles,threads=0,owf=0"}
LAYERS = "keyint=24:min-keyint=24:bframes=7:b-adapt=0:temporal-layers=3:"


def hevc(x265: str, frames: int = 40, size: str = "64x48", **options: Any) -> Make:
    settings = {"vcodec": "libx265", "x265-params": X265 + x265.rstrip(":"), **options}
    return lambda path: encode_as(path, pictures(frames, size), **settings)


def type_of(nal: bytes) -> int:
    return nal[0] >> 1 & 63


def with_type(nal: bytes, kind: int) -> bytes:
    return bytes([nal[0] & 0x81 | kind << 1]) + nal[1:]


def nals_of(block: Block) -> list[bytes]:
    return [nal.data for nal in split_avcc(block.data)]


def with_nals(block: Block, nals: list[bytes]) -> Block:
    return replace(block, data=b"".join(len(nal).to_bytes(4, "big") + nal for nal in nals))


def layers(facts: Facts) -> list[list[tuple[int, int]]]:
    """Return nal_unit_type and TemporalId of the NAL units of each packet."""
    return [
        [
            (kind, tid - 1)
            for kind, tid in zip(p.values("nal_unit_type"), p.values("nuh_temporal_id_plus1"), strict=True)
        ]
        for p in facts.headers
    ]


def kinds(facts: Facts) -> list[int]:
    """Return the nal_unit_type of the slices of each packet."""
    return [next(kind for kind, _ in packet if kind < VPS) for packet in layers(facts)]


def _edit_types(change: dict[int, int]) -> Craft:
    def craft(blocks: list[Block]) -> list[Block]:
        return [
            with_nals(
                block, [with_type(nal, change.get(type_of(nal), type_of(nal))) for nal in nals_of(block)]
            )
            for block in blocks
        ]

    return craft


def _end_before_second_entry(blocks: list[Block]) -> list[Block]:
    at = [n for n, block in enumerate(blocks) if type_of(nals_of(block)[-1]) == CRA][1]
    end = [*nals_of(blocks[at - 1]), END[4:]]
    return [*blocks[: at - 1], with_nals(blocks[at - 1], end), *blocks[at:]]


def _second_layer(blocks: list[Block]) -> list[Block]:
    """Give each picture a copy of itself in layer 1, which a decoder of the base layer ignores."""
    return [
        with_nals(block, nals_of(block) + [bytes([nal[0], nal[1] | 8]) + nal[2:] for nal in nals_of(block)])
        for block in blocks
    ]


def _without_sets(block: Block) -> Block:
    return with_nals(block, [nal for nal in nals_of(block) if type_of(nal) not in (VPS, SPS, PPS)])


def _sets_once(first: list[Block], second: list[Block]) -> list[Block]:
    """Join streams; the parameter sets of the second stand only in front of its first picture."""
    first = [_without_sets(block) for block in first]
    return after(first, [second[0], *map(_without_sets, second[1:])])


def _sets_before(first: list[Block], second: list[Block]) -> list[Block]:
    """Join streams; the parameter sets of the second stand in the last, unreferenced packet of the first."""
    sets = [nal for nal in nals_of(second[0]) if type_of(nal) in (VPS, SPS, PPS)]
    carrier = with_nals(first[-1], nals_of(first[-1]) + sets)
    return after([*first[:-1], carrier], [_without_sets(block) for block in second])


def _sets_not_in_header(path: Path) -> None:
    track, blocks = taken_apart(hevc(CLOSED + "repeat-headers=1"), path)
    bare = replace(track, private=track.private[:22] + b"\0")
    path.write_bytes(matroska.write(bare, [blocks[0], *map(_without_sets, blocks[1:])]))


def _skipped(facts: Facts) -> int:
    return sum(kind in (RASL_N, RASL_R) for kind in kinds(facts))


def _has_types(*expected: int) -> Proof:
    return lambda facts: set(expected) <= set(kinds(facts))


def _carriers(facts: Facts) -> list[int]:
    return [n for n, packet in enumerate(layers(facts)) if (PPS, 0) in packet]


def _layered() -> dict[str, Recipe]:
    def three_layers(facts: Facts) -> bool:
        found = {pair for packet in layers(facts) for pair in packet}
        return {(TSA_R, 1), (TSA_N, 2)} <= found and not any(tid > 2 for _, tid in found)

    def unreferenced_in_the_middle(facts: Facts) -> bool:
        middle, highest = (
            [n for n, packet in enumerate(layers(facts)) if packet[-1] == (TSA_N, tid)] for tid in (1, 2)
        )
        return matters(facts, middle) and bool(highest) and not matters(facts, highest)

    return {
        "hevc_sub_layers.mkv": Recipe("three temporal sub-layers", hevc(LAYERS), three_layers),
        "hevc_sub_layers.mp4": Recipe("three temporal sub-layers", hevc(LAYERS), three_layers),
        "hevc_sub_layers_middle.mkv": Recipe(
            "sub-layer non-reference pictures that a higher sub-layer refers to",
            crafted(hevc(LAYERS), _edit_types({TSA_R: TSA_N})),
            unreferenced_in_the_middle,
        ),
        "hevc_second_layer.mkv": Recipe(
            "a second layer (nuh_layer_id 1), which is not shown",
            crafted(hevc(OPEN), _second_layer),
            lambda f: all({nal.data[1] >> 3 for nal in p.nals} == {0, 1} for p in f.packets),
        ),
    }


def _leading() -> dict[str, Recipe]:
    return {
        **{
            f"hevc_open_gop.{suffix}": Recipe(
                "RASL pictures, which refer to pictures in front of the entry",
                hevc(OPEN),
                _has_types(CRA, RASL_R, RASL_N),
            )
            for suffix in ("mp4", "mkv", "ts")
        },
        "hevc_radl.mkv": Recipe(
            "RADL pictures, which can be decoded from the entry",
            hevc(CLOSED + "radl=2"),
            _has_types(IDR_W_RADL, RADL_R, RADL_N),
        ),
        "hevc_radl.mp4": Recipe(
            "RADL pictures, which can be decoded from the entry",
            hevc(CLOSED + "radl=2"),
            _has_types(IDR_W_RADL, RADL_R, RADL_N),
        ),
        "hevc_starts_with_cra.mkv": Recipe(
            "a stream that begins with a CRA picture, whose RASL pictures cannot be decoded",
            remuxed(hevc(OPEN), before={"ss": 0.8}, avoid_negative_ts="make_non_negative"),
            lambda f: kinds(f)[:2] == [CRA, RASL_R] and len(f.shown) == len(f.packets) - 3,
        ),
        "hevc_broken_link.mkv": Recipe(
            "BLA pictures in the middle, whose RASL pictures are not shown",
            crafted(hevc(OPEN), _edit_types({CRA: BLA})),
            lambda f: BLA in kinds(f) and len(f.shown) == len(f.packets) - _skipped(f),
        ),
        "hevc_end_of_sequence.mkv": Recipe(
            "an end-of-sequence NAL unit, after which RASL pictures are not shown",
            crafted(hevc(OPEN), _end_before_second_entry),
            lambda f: f.data.count(END) == 1 and len(f.shown) <= len(f.packets) - 3,
        ),
        "hevc_intra_refresh.mkv": Recipe(
            "intra refresh by columns: the first picture is the only entry",
            hevc("keyint=12:intra-refresh=1:bframes=0"),
            lambda f: kinds(f)[0] == IDR and set(kinds(f)[1:]) == {1},
        ),
    }


def _sets() -> dict[str, Recipe]:
    one = hevc(CLOSED + "repeat-headers=1:bframes=2", 24)
    other = hevc(CLOSED + "repeat-headers=1:no-signhide=1:no-sao=1:ref=1:bframes=0", 24)
    large = hevc(CLOSED + "repeat-headers=1", 24, "96x64")
    return {
        "hevc_sets_change.mkv": Recipe(
            "new parameter sets in the middle of the stream, sent once",
            joined(one, other, _sets_once),
            lambda f: _carriers(f) == [24] and kinds(f).count(IDR) + kinds(f).count(CRA) >= 4,
        ),
        "hevc_set_in_unreferenced.mkv": Recipe(
            "the next parameter sets, in the packet of a sub-layer non-reference picture",
            joined(one, other, _sets_before),
            lambda f: _carriers(f)[-1] == 23 and kinds(f)[23] % 2 == 0 and kinds(f)[24] == IDR,
        ),
        "hevc_size_changes.mkv": Recipe(
            "the picture size changes from 64x48 to 96x64",
            joined(one, large, _sets_once),
            has_sizes("64x48", "96x64"),
        ),
        "hevc_sets_not_in_header.mkv": Recipe(
            "parameter sets in front of the first picture only",
            _sets_not_in_header,
            lambda f: _carriers(f) == [0] and b"Error" not in f.data,
        ),
        "hevc_in_band.mp4": Recipe(
            "parameter sets in front of every entry, sample entry hev1",
            hevc(CLOSED + "repeat-headers=1", **TAG),
            lambda f: b"hev1" in f.data and len(_carriers(f)) == 4,
        ),
        "hevc_slices.mkv": Recipe(
            "two tiles per picture, each tile a slice, and a hash SEI message behind them",
            lambda path: encode_as(path, pictures(40, "128x128"), vcodec="libkvazaar", **TILES),
            lambda f: all(sum(kind < VPS for kind, _ in packet) == 2 for packet in layers(f)),
        ),
        "hevc_fields.mkv": Recipe(
            "every picture is a field",
            hevc(CLOSED + "interlace=tff"),
            lambda f: all({1, 2} & set(p.values("pic_struct")) for p in f.headers),
        ),
    }


def recipes() -> dict[str, Recipe]:
    """Return the recipes by file name."""
    return {**_layered(), **_leading(), **_sets()}
