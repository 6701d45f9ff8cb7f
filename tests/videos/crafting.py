"""Splits an encoded file into packets and writes the packets that a recipe makes of them as Matroska.

Muxers repair what a recipe breaks on purpose. `videos.matroska` writes the packets as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from videos import matroska, oracle
from videos.ffmpeg_cli import Facts
from videos.matroska import Block, Track

if TYPE_CHECKING:
    from pathlib import Path

    from videos.recipes import Make

Craft = Callable[[list[Block]], list[Block]]


def blocks_of(path: Path) -> list[Block]:
    """Return the packets of a Matroska file."""
    return [Block(round((packet.pts or 0) * 1000), packet.key, packet.data) for packet in Facts(path).packets]


def taken_apart(make: Make, beside: Path) -> tuple[Track, list[Block]]:
    """Make a Matroska file in the folder of another file and return its track and packets."""
    whole = beside.with_name("whole.mkv")
    make(whole)
    found = matroska.track_of(whole.read_bytes()), blocks_of(whole)
    whole.unlink()
    return found


def crafted(make: Make, craft: Craft) -> Make:
    """Return a recipe that encodes by `make` and writes the packets that `craft` returns."""

    def write(path: Path) -> None:
        track, blocks = taken_apart(make, path)
        path.write_bytes(matroska.write(track, craft(blocks)))

    return write


def joined(first: Make, second: Make, join: Callable[[list[Block], list[Block]], list[Block]]) -> Make:
    """Return a recipe that writes two encodings as one track, under the header of the first."""

    def write(path: Path) -> None:
        track, blocks = taken_apart(first, path)
        path.write_bytes(matroska.write(track, join(blocks, taken_apart(second, path)[1])))

    return write


def matters(facts: Facts, dropped: list[int]) -> bool:
    """Say whether the other pictures of a Matroska file change when these packets are left out."""
    whole = oracle.frames(facts.path)
    rest = facts.path.with_name(f"rest-{dropped[0]}-{len(dropped)}.mkv")  # `oracle.frames` caches by name
    blocks = blocks_of(facts.path)
    gone = {blocks[n].time for n in dropped}
    kept = [block for n, block in enumerate(blocks) if n not in dropped]
    rest.write_bytes(matroska.write(matroska.track_of(facts.data), kept))
    try:
        less = oracle.frames(rest)
    except RuntimeError:  # ffmpeg fails if it cannot decode most of the file
        return True
    finally:
        rest.unlink()
    stay = [n for n, time in enumerate(whole.timestamps) if round(time * 1000) not in gone]
    same = len(stay) == len(less) and all(
        oracle.equal(whole.planes[n], planes) for n, planes in zip(stay, less.planes, strict=True)
    )
    return not same


def after(first: list[Block], second: list[Block]) -> list[Block]:
    """Return the packets of both in a row; the times of the second follow those of the first."""
    shift = max(block.time for block in first) + 40 - min(block.time for block in second)
    return [*first, *(Block(block.time + shift, block.key, block.data) for block in second)]


def all_claiming_keys(blocks: list[Block]) -> list[Block]:
    """Return the packets, each with a key flag."""
    return [replace(block, key=True) for block in blocks]


def all_claim_keys(facts: Facts) -> bool:
    """Say whether every packet of a Matroska file has a key flag, though some hold P-frames."""
    return len(matroska.claimed_keys(facts.data)) == len(facts.packets) and "P" in facts.picture_types
