"""Test videos that no muxer writes: the container contradicts the bytes of the packets.

Each video breaks one wrong shortcut of an index: to trust key flags, to take parameter sets from the header
only, or to drop an unreferenced picture together with the parameter sets in its packet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from videos import bitstream, matroska
from videos.bitstream import PPS, SPS, Nal
from videos.ffmpeg_cli import Facts, Packet
from videos.matroska import Block, sized
from videos.recipes import B_FRAMES, OPEN, SHORT, Recipe, encode

if TYPE_CHECKING:
    from pathlib import Path

Craft = Callable[[list[Block], list[Nal]], tuple[list[Block], list[Nal]]]


def _crafted(x264: str, craft: Craft) -> Callable[[Path], None]:
    """Return a recipe that encodes, then writes the blocks and header parameter sets that `craft` returns."""

    def make(path: Path) -> None:
        encode(path, x264 + ":repeat-headers=1")
        packets = Facts(path).packets
        sets = [nal for nal in packets[0].nals if nal.type in (SPS, PPS)]
        blocks, held = craft([_block(packet) for packet in packets], sets)
        track = matroska.Track(matroska.AVC, matroska.decoder_record(sets[0], held))
        path.write_bytes(matroska.write(track, blocks))

    return make


def _block(packet: Packet) -> Block:
    if packet.pts is None:
        raise ValueError("every packet must have a timestamp")
    slices = [nal for nal in packet.nals if nal.type not in (SPS, PPS)]
    return Block(round(packet.pts * 1000), packet.key, sized(slices))


def _false_keys(blocks: list[Block], sets: list[Nal]) -> tuple[list[Block], list[Nal]]:
    """Set the key flag on every third packet, besides the true key frames."""
    return [replace(block, key=block.key or n % 3 == 0) for n, block in enumerate(blocks)], sets


def _unflagged_keys(blocks: list[Block], sets: list[Nal]) -> tuple[list[Block], list[Nal]]:
    """Set the key flag on every third packet, and clear it on all true key frames but the first."""
    return [
        replace(block, key=n % 3 == 0 and (n == 0 or not block.key)) for n, block in enumerate(blocks)
    ], sets


def _no_header(blocks: list[Block], sets: list[Nal]) -> tuple[list[Block], list[Nal]]:
    """Put the parameter sets in front of the first picture and nowhere else."""
    first = Block(blocks[0].time, True, sized(sets) + blocks[0].data)
    return [first, *blocks[1:]], []


def _set_in_b(blocks: list[Block], sets: list[Nal]) -> tuple[list[Block], list[Nal]]:
    """Put a PPS that every later picture needs into the packet of a B-frame with nal_ref_idc 0."""
    at = next(n for n, block in enumerate(blocks) if n > 12 and not _is_reference(block))
    second = bitstream.under_second_pps(next(nal for nal in sets if nal.type == PPS))
    carrier = replace(blocks[at], data=blocks[at].data + sized([second]))
    later = [replace(block, data=_under_second_pps(block.data)) for block in blocks[at + 1 :]]
    return [*blocks[:at], carrier, *later], sets


def _is_reference(block: Block) -> bool:
    return bitstream.is_reference(bitstream.split_avcc(block.data))


def _under_second_pps(data: bytes) -> bytes:
    nals = bitstream.split_avcc(data)
    return sized([bitstream.under_second_pps(nal) if nal.type in (1, 5) else nal for nal in nals])


def _carrier(facts: Facts) -> list[int]:
    return [n for n, types in enumerate(facts.nal_types) if PPS in types]


def recipes() -> dict[str, Recipe]:
    """Return the recipes by file name."""

    def false_claims(facts: Facts) -> set[int]:
        return set(matroska.claimed_keys(facts.data)) - set(facts.entries)

    def true_claims(facts: Facts) -> set[int]:
        return set(matroska.claimed_keys(facts.data)) & set(facts.entries)

    def lies_beside_true_ones(facts: Facts) -> bool:
        return len(false_claims(facts)) >= 10 and len(true_claims(facts)) == len(facts.entries) >= 3

    def lies_alone(facts: Facts) -> bool:
        return len(false_claims(facts)) >= 10 and true_claims(facts) == {0} and len(facts.entries) >= 3

    return {
        "false_keys.mkv": Recipe(
            "key flags on packets that are not key frames",
            _crafted(SHORT, _false_keys),
            lies_beside_true_ones,
        ),
        "false_keys_open.mkv": Recipe(
            "key flags on packets that are not key frames, in open GOPs",
            _crafted(OPEN, _false_keys),
            lies_beside_true_ones,
        ),
        "unflagged_keys.mkv": Recipe(
            "key flags on packets that are not key frames, and on the first key frame only",
            _crafted(SHORT, _unflagged_keys),
            lies_alone,
        ),
        "sets_not_in_header.mkv": Recipe(
            "parameter sets in front of the first picture only",
            _crafted(SHORT, _no_header),
            lambda f: _carrier(f) == [0] and len(f.entries) >= 7,
        ),
        "set_in_unreferenced.mkv": Recipe(
            "a PPS that later pictures need, in the packet of a B-frame with nal_ref_idc 0",
            _crafted(B_FRAMES + ":b-pyramid=none:cabac=0", _set_in_b),
            lambda f: len(_carrier(f)) == 1 and f.kinds[_carrier(f)[0]] == "b",
        ),
        "set_in_unreferenced_short.mkv": Recipe(
            "a PPS in the packet of a B-frame with nal_ref_idc 0, with entries behind it",
            _crafted(SHORT + ":cabac=0", _set_in_b),
            lambda f: len(_carrier(f)) == 1 and f.entries[-1] > _carrier(f)[0],
        ),
    }
