"""H.264 test videos with field pictures: field pairs, field pairs mixed with frames, one field per packet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from videos import bitstream, field_encoder, matroska
from videos.field_encoder import FIELD_ROWS, B, I, P, Picture
from videos.matroska import Block, sized
from videos.recipes import Recipe, remuxed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from videos.ffmpeg_cli import Facts
    from videos.recipes import Make

GROUP = 9  # pictures from one I-picture to the next: I B B P B B P B B in presentation order
COUNT = 34


def _pictures(fields: Callable[[int], bool], opened: bool) -> list[tuple[int, Picture]]:
    """Return the presentation number of each picture and the picture, in coded order.

    Two B-pictures are shown before every third picture. In closed GOPs, P-pictures are shown before the next
    IDR picture instead.
    """
    found: list[tuple[int, Picture]] = []
    start = 0
    for shown in range(0, COUNT, 3):
        first, between = shown % GROUP == 0, range(max(shown - 2, 0), shown)
        idr = shown == 0 or (first and not opened)
        if idr:
            found += [(n, Picture(n - start, P, fields(n))) for n in between]
            start = shown
        found.append((shown, Picture(shown - start, I if first else P, fields(shown), idr)))
        if not idr:
            found += [(n, Picture(n - start, B, fields(n))) for n in between]
    return found


def fielded(fields: Callable[[int], bool], opened: bool = False, apart: bool = False) -> Make:
    """Return a recipe for a Matroska file; with `apart`, each field has a packet of its own."""

    def make(path: Path) -> None:
        pictures = _pictures(fields, opened)
        coded = field_encoder.encode([picture for _, picture in pictures], np.random.default_rng(11))
        sets = field_encoder.parameter_sets()
        blocks = []
        for (shown, picture), nals in zip(pictures, coded, strict=True):
            packets = _apart(nals) if apart else [nals]
            blocks += [Block(40 * shown, picture.idr, sized(packet)) for packet in packets]
        track = matroska.Track(matroska.AVC, matroska.decoder_record(sets[0], sets), 64, 32 * FIELD_ROWS)
        path.write_bytes(matroska.write(track, blocks))

    return make


def _apart(nals: list[bitstream.Nal]) -> list[list[bitstream.Nal]]:
    return [nals[:-1], nals[-1:]] if len(nals) > 1 and nals[-2].type != bitstream.SEI else [nals]


def structures(facts: Facts) -> list[list[int]]:
    """Return the picture structures of the slices of each packet: 0 frame, 1 top field, 2 bottom field."""
    found = []
    for packet in facts.headers:
        flags = [
            (
                unit.find("field_pic_flag").value,
                [f.value for f in unit.fields if f.name == "bottom_field_flag"],
            )
            for unit in packet.units
            if unit.name == "Slice Header"
        ]
        found.append([1 + bottom[0] if field else 0 for field, bottom in flags])
    return found


def recipes() -> dict[str, Recipe]:
    """Return the recipes by file name."""
    always, in_turn = (lambda n: True), (lambda n: n % 5 in (0, 2, 3))  # noqa: ARG005

    def paired(facts: Facts) -> bool:
        return all(found == [1, 2] for found in structures(facts)) and len(facts.shown) == COUNT

    def mixed(facts: Facts) -> bool:
        found = structures(facts)
        return [0] in found and [1, 2] in found and len(facts.shown) == COUNT == len(found)

    def apart(facts: Facts) -> bool:
        found = structures(facts)
        return found.count([1]) == found.count([2]) >= COUNT // 2 and len(facts.shown) == COUNT

    return {
        "fields.mkv": Recipe("a pair of fields in every packet", fielded(always), paired),
        "fields_mixed.mkv": Recipe(
            "packets with a pair of fields and packets with a frame", fielded(in_turn), mixed
        ),
        "fields_mixed.mp4": Recipe(
            "packets with a pair of fields and packets with a frame",
            remuxed(fielded(in_turn), suffix=".mkv"),
            mixed,
        ),
        "fields_apart.mkv": Recipe("one field per packet", fielded(always, apart=True), apart),
        "fields_apart_mixed.mkv": Recipe(
            "fields and frames, one per packet", fielded(in_turn, apart=True), apart
        ),
        "fields_mixed.ts": Recipe(
            "fields and frames, one per packet", remuxed(fielded(in_turn), suffix=".mkv"), apart
        ),
        "fields_open.mkv": Recipe(
            "recovery points and leading pictures, coded as fields and as frames",
            fielded(in_turn, opened=True),
            lambda f: mixed(f) and f.recovery_counts.count(0) == 3,
        ),
        "fields_open_apart.mkv": Recipe(
            "recovery points and leading pictures, one field per packet",
            fielded(always, opened=True, apart=True),
            lambda f: apart(f) and f.recovery_counts.count(0) == 3,
        ),
    }
