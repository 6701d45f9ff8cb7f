"""VC-1 test videos: WMV3 and WVC1 in every container, with all kinds of pictures and headers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from videos.crafting import matters
from videos.recipes import Recipe, has_sizes
from videos.vc1_encoder import BOTH, FAR, FIELDS, FRAME, NEAR, PROGRESSIVE
from videos.vc1_headers import FRAME_CODE, Sequence
from videos.vc1_streams import Stream, coded, copied, sound, written

if TYPE_CHECKING:
    from videos.recipes import Proof

MAIN, SIMPLE = Sequence(), Sequence(b_pictures=False)
ADVANCED, INTERLACED = Sequence(advanced=True), Sequence(advanced=True, interlaced=True)
OTHER = replace(ADVANCED, loop_filter=True)
OPEN = "IPBBPBBIBBPBBPPIPBBPBPBIBBPBBP"  # some I-pictures have leading B-pictures
PAIRED = OPEN.replace("I", "2")
CONTAINERS = {"wmv3": "mov mkv avi asf", "vc1": "mp4 mov mkv avi ts asf"}


def _recipe(about: str, stream: Stream, more: Proof = lambda _: True) -> Recipe:
    return Recipe(about, written(stream), sound(stream, more))


def _in_containers() -> dict[str, Recipe]:
    streams = {"wmv3": coded(MAIN, OPEN), "vc1": coded(ADVANCED, OPEN)}
    return {
        f"{codec}.{suffix}": Recipe(f"{codec} in {suffix}", copied(streams[codec]), sound(streams[codec]))
        for codec, suffixes in CONTAINERS.items()
        for suffix in suffixes.split()
    }


def _main() -> dict[str, Recipe]:
    rounded = coded(MAIN, "IPbPbbPPBbPPIbbPbPBPPP")
    flags = Sequence(resolutions=True, interpolation=True, loop_filter=True)
    return {
        "wmv3_simple.mkv": _recipe("simple profile: no B-pictures", coded(SIMPLE, "IPPPPPIPPPPPIPP")),
        "wmv3_intra_b.mkv": _recipe(
            "BI-pictures, on which the rounding of later pictures depends", rounded, lambda f: matters(f, [2])
        ),
        "wmv3_range_reduction.mkv": _recipe(
            "range reduction: some pictures are coded with half the range",
            coded(Sequence(range_reduction=True), OPEN, reduced=lambda n: n % 3 == 1),
        ),
        "wmv3_flags.mkv": _recipe("MULTIRES, FINTERPFLAG and LOOPFILTER set", coded(flags, OPEN)),
        "wmv3_fades.mkv": _recipe("intensity compensation", coded(MAIN, OPEN, fade=lambda n: n % 2 == 0)),
    }


def _nothing_new() -> dict[str, Recipe]:
    """Return videos with packets of one byte: no new picture is shown, but the rounding control changes."""
    plain, led = coded(SIMPLE, "IPPsPPssPIPPsPP"), coded(MAIN, "IPBPBsPBBPIBBsPPBBPsPBPP")
    as_p = replace(led, packets=[b"\x20" if len(packet) == 1 else packet for packet in led.packets])

    def shows_fewer(stream: Stream) -> Proof:
        return lambda facts: (
            len(facts.shown) + stream.letters.count("s") == len(facts.packets) == len(stream.packets)
        )

    return {
        "wmv3_nothing_new.mkv": Recipe(
            "skipped pictures: packets of one byte", written(plain), shows_fewer(plain)
        ),
        "wmv3_nothing_new.asf": Recipe(
            "skipped pictures: packets of one byte", copied(plain), shows_fewer(plain)
        ),
        "wmv3_nothing_new_led.mkv": Recipe(
            "skipped pictures (packets of one byte) behind the leading pictures of an entry",
            written(as_p),
            shows_fewer(led),
        ),
    }


def _advanced() -> dict[str, Recipe]:
    plain = coded(ADVANCED, OPEN)
    once = plain.bare(1, FRAME_CODE)
    filtered, large = coded(OTHER, "IPBBPBBPBBP"), coded(replace(ADVANCED, size=(96, 64)), "IPBBPIBBP")
    in_b = coded(ADVANCED, "IPBBPBBPBBPBBP").bare(1, FRAME_CODE)
    return {
        "vc1_intra_b.mkv": _recipe("BI-pictures", coded(ADVANCED, "IPbPbbPPBbPIbbPbPBP")),
        "vc1_skipped.mkv": _recipe("skipped pictures", coded(ADVANCED, "IPsPBBPssPbPIPsBBPsBIPP")),
        "vc1_flags.mkv": _recipe(
            "every optional field about display in the picture headers",
            coded(replace(ADVANCED, flags=True), OPEN),
        ),
        "vc1_slices.mkv": _recipe("two slices per picture", coded(ADVANCED, OPEN, sliced=lambda _: True)),
        "vc1_bare.mkv": _recipe("no start codes and no headers in the packets", plain.bare()),
        "vc1_header_once.mkv": _recipe("sequence and entry-point headers in the first packet only", once),
        "vc1_header_changes.mkv": _recipe(
            "new sequence and entry-point headers in the middle of the stream, sent once",
            once.with_header(15, OTHER.sequence() + OTHER.entry_point()),
        ),
        "vc1_header_in_b.mkv": _recipe(
            "an entry-point header that later pictures need, in the packet of a B-picture",
            in_b.with_header(5, OTHER.entry_point()),
        ),
        "vc1_size_changes.mkv": Recipe(
            "the picture size changes from 64x64 to 96x64",
            written(filtered.followed_by(large)),
            has_sizes("64x64", "96x64"),
        ),
        "vc1_starts_open.mkv": Recipe(
            "a stream that begins with pictures that cannot be decoded",
            written(plain.cut(5)),
            lambda f: len(f.shown) < len(f.packets) == 25,
        ),
        "vc1_starts_in_the_middle.ts": Recipe(
            "no sequence header in front of the first pictures",
            copied(plain.cut(4)),
            lambda f: len(f.shown) > 20,
        ),
    }


def _interlaced() -> dict[str, Recipe]:
    frames = coded(replace(INTERLACED, loop_filter=True), OPEN, FRAME)
    fields, flagged = coded(INTERLACED, PAIRED, FIELDS), replace(INTERLACED, flags=True, loop_filter=True)
    refers, fade = (lambda n: (BOTH, FAR, NEAR)[n % 3]), (lambda n: n % 4 == 1)
    return {
        "vc1_interlaced_frames.mkv": _recipe("interlaced frame pictures", frames),
        "vc1_interlaced_progressive.mkv": _recipe(
            "progressive pictures in an interlaced sequence", coded(INTERLACED, OPEN)
        ),
        "vc1_fields.mkv": _recipe("field pairs; an entry is two I-fields", coded(INTERLACED, OPEN, FIELDS)),
        "vc1_fields_paired.mkv": _recipe("field pairs; an entry is an I-field and a P-field", fields),
        "vc1_fields_paired.ts": Recipe(
            "field pairs; an entry is an I-field and a P-field", copied(fields), sound(fields)
        ),
        "vc1_fields_bare.asf": Recipe(
            "field pairs without a start code in front of them", copied(fields.bare()), sound(fields)
        ),
        "vc1_fields_before.mkv": _recipe(
            "P-fields that refer to fields in front of their I-field",
            coded(INTERLACED, PAIRED, FIELDS, refers=refers, fade=fade),
        ),
        "vc1_fields_flags.mkv": _recipe(
            "field pairs with a reference distance (REFDIST)", coded(flagged, PAIRED, FIELDS)
        ),
        "vc1_fields_mixed.mkv": _recipe("field pairs, interlaced frames and progressive frames", _mixed()),
    }


def _mixed() -> Stream:
    """Return pictures of every frame coding mode; a B-picture has the mode of the reference before it."""
    parts = [coded(INTERLACED, OPEN, coding) for coding in (PROGRESSIVE, FRAME, FIELDS)]
    rng = np.random.default_rng(7)
    packets, part = [], parts[0]
    for number, letter in enumerate(OPEN):
        part = part if letter == "B" else parts[rng.integers(len(parts))]
        packets.append(part.packets[number])
    return replace(parts[0], packets=packets)


def recipes() -> dict[str, Recipe]:
    """Return the recipes by file name."""
    return {**_in_containers(), **_main(), **_nothing_new(), **_advanced(), **_interlaced()}
