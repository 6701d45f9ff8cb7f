"""AV1 test videos: show_existing_frame, layers, coding tools, film grain, new sequence headers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from videos import matroska, obu, trace_headers
from videos.crafting import after, all_claim_keys, all_claiming_keys, crafted, joined, matters, taken_apart
from videos.ffmpeg_cli import Facts
from videos.matroska import Block
from videos.recipes import Make, Proof, Recipe, cropped, encode_as, has_sizes, pictures

if TYPE_CHECKING:
    from pathlib import Path

AOM: dict[str, Any] = {"vcodec": "libaom-av1", "cpu-used": 8, "g": 20, "crf": 40, "lag-in-frames": 19}
LIVE: dict[str, Any] = {**AOM, "usage": "realtime", "lag-in-frames": 0, "g": 100}
TWO_LAYERS = 0x301  # of operating_point_idc: spatial layers 0 and 1, temporal layer 0
KEY, INTER, INTRA_ONLY, SWITCH = range(4)


def av1(frames: int = 40, size: str = "64x48", **options: Any) -> Make:
    settings = {**AOM, **options}
    return lambda path: encode_as(path, cropped(frames, size, "96x64"), **settings)


def svt(parameters: str, **options: Any) -> Make:
    settings = {
        "vcodec": "libsvtav1",
        "preset": 10,
        "g": 20,
        "svtav1-params": f"lp=1:{parameters}",
        **options,
    }
    return lambda path: encode_as(path, pictures(40, "64x64"), **settings)


def _frames_of(block: Block) -> list[obu.Obu]:
    return [one for one in obu.split(block.data) if one.type in (obu.FRAME, obu.FRAME_HEADER)]


def _scalable(path: Path) -> None:
    """Write two qualities of the same pictures as two spatial layers."""
    quality: dict[str, Any] = {"g": 1, "lag-in-frames": 0, "b:v": "0"}
    track, low = taken_apart(av1(24, **quality, crf=60), path)
    high = taken_apart(av1(24, **quality, crf=20), path)[1]
    blocks = []
    for base, better in zip(low, high, strict=True):
        sequence = next(one for one in obu.split(base.data) if one.type == obu.SEQUENCE)
        layers = [replace(one, layer=n) for n, unit in enumerate((base, better)) for one in _frames_of(unit)]
        unit = [obu.with_operating_point(sequence, TWO_LAYERS), *layers]
        blocks.append(replace(base, data=obu.pack(unit)))
    path.write_bytes(matroska.write(replace(track, private=b""), blocks))


def _key_shown_late(path: Path) -> None:
    """Write a hidden key frame, show it six pictures later, and continue the stream from that key frame."""
    track, first = taken_apart(av1(20, **LIVE), path)
    second_path = path.with_name("second.mkv")
    encode_as(second_path, pictures(30, "64x48", seed=5), **LIVE)
    trace: list[trace_headers.Headers] = Facts(second_path).headers
    second = [Block(round((p.pts or 0) * 1000), p.key, p.data) for p in Facts(second_path).packets]
    second_path.unlink()
    header = next(unit for unit in trace[0].units if unit.name == "Frame Header")
    key = obu.hidden_key(_frames_of(second[0])[0], header)
    early = replace(first[6], data=obu.pack([key]) + first[6].data)
    again = Block(second[0].time, False, obu.Obu(obu.FRAME_HEADER, obu.SHOW_SLOT_7).packed())
    blocks = after([*first[:6], early, *first[7:12]], [again, *second[1:]])
    path.write_bytes(matroska.write(track, blocks))


def _sequence_before(first: list[Block], second: list[Block]) -> list[Block]:
    """Join streams; the sequence header of the second stands only in the last packet of the first."""
    found = obu.split(second[0].data)
    sequence = [one for one in found if one.type == obu.SEQUENCE]
    rest = [one for one in found if one.type != obu.SEQUENCE]
    carrier = replace(first[-1], data=first[-1].data + obu.pack(sequence))
    return after([*first[:-1], carrier], [replace(second[0], data=obu.pack(rest)), *second[1:]])


def _values(name: str, value: int) -> Proof:
    return lambda facts: any(value in p.values(name) for p in facts.headers)


def _idle(facts: Facts) -> list[int]:
    return [n for n, p in enumerate(facts.headers) if p.values("refresh_frame_flags") == [0]]


def _carriers(facts: Facts) -> list[int]:
    return [n for n, p in enumerate(facts.headers) if p.values("seq_profile")]


def _shown() -> dict[str, Recipe]:
    def repeats(facts: Facts) -> bool:
        hidden = sum(p.values("show_frame").count(0) for p in facts.headers)
        return hidden >= 3 and _values("show_existing_frame", 1)(facts) and len(facts.shown) == 40

    def late(facts: Facts) -> bool:
        types = [p.values("frame_type") for p in facts.headers]
        return types[6] == [KEY, INTER] and types[12] == [] and matters(facts, [12])

    def layers(facts: Facts) -> bool:
        return all(p.values("spatial_id") == [0, 1] for p in facts.headers) and len(facts.shown) == 24

    return {
        "av1_shown_again.mkv": Recipe(
            "hidden frames (show_frame 0), and frames shown by show_existing_frame", av1(), repeats
        ),
        "av1_shown_again.mp4": Recipe(
            "hidden frames (show_frame 0), and frames shown by show_existing_frame", av1(), repeats
        ),
        "av1_key_shown_late.mkv": Recipe(
            "a key frame with show_frame 0, which show_existing_frame shows later", _key_shown_late, late
        ),
        "av1_spatial_layers.mkv": Recipe(
            "two spatial layers, of which the higher one is shown", _scalable, layers
        ),
        "av1_hierarchy.mkv": Recipe(
            "frames with refresh_frame_flags 0",
            svt("hierarchical-levels=3"),
            lambda f: len(_idle(f)) >= 8 and not matters(f, _idle(f)),
        ),
    }


def _tools() -> dict[str, Recipe]:
    one = av1(24, **{**LIVE, "g": 12})
    large = av1(24, "96x64", **{**LIVE, "g": 12})
    # The last frame of this stream has refresh_frame_flags 0.
    hierarchy = svt("hierarchical-levels=3")
    other = svt("hierarchical-levels=3:enable-restoration=0:enable-cdef=0")
    return {
        "av1_film_grain.mkv": Recipe(
            "film grain", av1(30, **{"aom-params": "film-grain-test=1"}), _values("apply_grain", 1)
        ),
        "av1_superres.mkv": Recipe(
            "superres: pictures that are coded narrower than they are shown",
            svt("superres-mode=1:superres-denom=12"),
            _values("use_superres", 1),
        ),
        "av1_switch_frames.mkv": Recipe(
            "switch frames, which are not entries",
            svt("sframe-dist=8:sframe-mode=1:pred-struct=1", g=40),
            lambda f: _values("frame_type", SWITCH)(f) and len(_carriers(f)) <= 2,
        ),
        "av1_intra_only.mkv": Recipe(
            "intra-only frames, which are not entries",
            svt("irefresh-type=1", g=12),
            _values("frame_type", INTRA_ONLY),
        ),
        "av1_size_changes.mkv": Recipe(
            "the picture size changes from 64x48 to 96x64",
            joined(one, large, after),
            has_sizes("64x48", "96x64"),
        ),
        "av1_sequence_in_unreferenced.mkv": Recipe(
            "the next sequence header, in the packet of a frame with refresh_frame_flags 0",
            joined(hierarchy, other, _sequence_before),
            lambda f: 39 in _carriers(f) and 40 not in _carriers(f) and len(f.shown) == 80,
        ),
        "av1_odd_61x45.mkv": Recipe("odd width and height", av1(24, "61x45"), has_sizes("61x45")),
        "av1_false_keys.mkv": Recipe(
            "every packet has a key flag",
            crafted(av1(), all_claiming_keys),
            all_claim_keys,
        ),
    }


def recipes() -> dict[str, Recipe]:
    """Return the recipes by file name."""
    return {**_shown(), **_tools()}
