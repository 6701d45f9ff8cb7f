"""VP8 and VP9 test videos: hidden frames, show_existing_frame, layers that seem to be unreferenced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from videos.crafting import after, all_claim_keys, all_claiming_keys, crafted, joined, matters
from videos.matroska import Block
from videos.recipes import Make, Recipe, cropped, encode_as, has_sizes, pictures

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from videos.ffmpeg_cli import Facts

LAYERS = "ts_number_layers={}:ts_target_bitrate={}:ts_rate_decimator={}:ts_periodicity={}:ts_layer_id={}"
THREE: dict[str, Any] = {
    "ts-parameters": LAYERS.format(3, "50,80,100", "4,2,1", 4, "0,2,1,2") + ":ts_layering_mode=3"
}
TWO: dict[str, Any] = {"ts-parameters": LAYERS.format(2, "50,100", "2,1", 2, "0,1") + ":ts_layering_mode=2"}
LIVE: dict[str, Any] = {"deadline": "realtime", "cpu-used": 8, "lag-in-frames": 0, "g": 20, "b:v": "100k"}
STORED: dict[str, Any] = {"deadline": "good", "cpu-used": 2, "lag-in-frames": 24, "g": 30, "b:v": "90k"}


def live(codec: str, frames: int = 40, size: str = "64x48", **options: Any) -> Make:
    settings = {"vcodec": codec, **LIVE, **options}
    return lambda path: encode_as(path, cropped(frames, size, "96x64"), **settings)


def stored(codec: str, **options: Any) -> Make:
    """Return a recipe that encodes in two passes, so that libvpx looks ahead and hides frames."""

    def make(path: Path) -> None:
        settings = {"vcodec": codec, **STORED, **options, "passlogfile": str(path.with_name("passes"))}
        encode_as(path, pictures(45, "64x48"), **settings, **{"pass": 1})
        encode_as(path, pictures(45, "64x48"), **settings, **{"pass": 2})
        for log in path.parent.glob("passes*"):
            log.unlink()

    return make


def superframe(data: bytes) -> list[bytes]:
    """Return the frames of a VP9 superframe; any other packet is one frame."""
    marker = data[-1]
    count, width = (marker & 7) + 1, (marker >> 3 & 3) + 1
    at = len(data) - 2 - count * width
    if marker >> 5 != 6 or at < 0 or data[at] != marker:
        return [data]
    sizes = [int.from_bytes(data[at + 1 + n * width :][:width], "little") for n in range(count)]
    return [data[sum(sizes[:n]) : sum(sizes[: n + 1])] for n in range(count)]


def _hidden_alone(blocks: list[Block]) -> list[Block]:
    """Give each frame a packet of its own; a hidden frame has the timestamp of the next shown frame."""
    return [Block(block.time, block.key, frame) for block in blocks for frame in superframe(block.data)]


def idle(codec: str) -> Callable[[Facts], list[int]]:
    """Return the function that finds the packets whose frame refreshes no reference."""

    def vp9(facts: Facts) -> list[int]:
        return [n for n, p in enumerate(facts.headers) if p.values("refresh_frame_flags") == [0]]

    def vp8(facts: Facts) -> list[int]:
        names = ("refresh_last_frame", "refresh_golden_frame", "refresh_alternate_frame")
        return [n for n, p in enumerate(facts.headers) if all(p.values(name) == [0] for name in names)]

    return vp9 if codec == "vp9" else vp8


def _hidden(facts: Facts) -> int:
    return sum(p.values("show_frame").count(0) for p in facts.headers)


def _layered() -> dict[str, Recipe]:
    def recipe(about: str, make: Make, codec: str) -> Recipe:
        return Recipe(about, make, lambda f: matters(f, idle(codec)(f)))

    words = "frames that refresh no reference, though later frames depend on them"
    return {
        "vp9_temporal_layers.webm": recipe(words, live("libvpx-vp9", **THREE), "vp9"),
        "vp8_temporal_layers.webm": recipe(words, live("libvpx", **TWO), "vp8"),
    }


def _shown_again(facts: Facts) -> int:
    return sum(p.values("show_existing_frame").count(1) for p in facts.headers)


def _hiding() -> dict[str, Recipe]:
    vp9 = stored("libvpx-vp9", **{"auto-alt-ref": 6})
    vp8 = stored("libvpx", **{"auto-alt-ref": 1})
    return {
        "vp9_superframes.webm": Recipe(
            "superframes with hidden frames, and frames shown by show_existing_frame",
            vp9,
            lambda f: len(f.shown) == len(f.packets) and _hidden(f) >= 5 and _shown_again(f) >= 5,
        ),
        "vp9_hidden_alone.mkv": Recipe(
            "hidden frames in packets of their own, with the timestamp of the next frame",
            crafted(vp9, _hidden_alone),
            lambda f: len(f.shown) == len(f.packets) - _hidden(f) and len(set(f.times)) == len(f.shown),
        ),
        "vp9_hidden.mp4": Recipe(
            "superframes with hidden frames, in MP4", vp9, lambda f: _hidden(f) >= 5 and _shown_again(f) >= 5
        ),
        "vp8_alt_ref.webm": Recipe(
            "hidden alternate reference frames in packets of their own",
            vp8,
            lambda f: 1 <= _hidden(f) == len(f.packets) - len(f.shown),
        ),
        "vp8_alt_ref.avi": Recipe(
            "hidden alternate reference frames in packets of their own, without timestamps",
            vp8,
            lambda f: _hidden(f) >= 1,
        ),
    }


def _changing() -> dict[str, Recipe]:
    def two_sizes(facts: Facts) -> bool:
        return set(facts.sizes) == {"64x48", "96x64"} and len(facts.shown) == 48

    both = {
        codec: joined(live(encoder, 24), live(encoder, 24, "96x64"), after)
        for codec, encoder in (("vp8", "libvpx"), ("vp9", "libvpx-vp9"))
    }
    return {
        "vp8_size_changes.mkv": Recipe(
            "the picture size changes from 64x48 to 96x64", both["vp8"], two_sizes
        ),
        "vp9_size_changes.mkv": Recipe(
            "the picture size changes from 64x48 to 96x64", both["vp9"], two_sizes
        ),
        "vp9_odd_61x45.webm": Recipe(
            "odd width and height", live("libvpx-vp9", 24, "61x45"), has_sizes("61x45")
        ),
        "vp8_odd_61x45.webm": Recipe("odd width and height", live("libvpx", 24, "61x45"), has_sizes("61x45")),
        "vp9_false_keys.mkv": Recipe(
            "every packet has a key flag",
            crafted(live("libvpx-vp9"), all_claiming_keys),
            all_claim_keys,
        ),
        "vp8_false_keys.mkv": Recipe(
            "every packet has a key flag",
            crafted(live("libvpx"), all_claiming_keys),
            all_claim_keys,
        ),
    }


def recipes() -> dict[str, Recipe]:
    """Return the recipes by file name."""
    return {**_layered(), **_hiding(), **_changing()}
