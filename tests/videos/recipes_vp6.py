"""VP6 test videos: headers followed by random bits, which every decoder must read alike.

FFmpeg has no VP6 encoder. VP6's arithmetic decoder accepts every string of bits, so random bits give pictures
of noise that refer to each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from videos.recipes import Recipe, remuxed

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.random import Generator

    from videos.ffmpeg_cli import Facts

COLUMNS, ROWS = 4, 3  # macroblocks: 64x48
COUNT, KEY_DISTANCE = 30, 10
VP6_IN_FLV = 4


def _frame(key: bool, rng: Generator) -> bytes:
    """Return a frame with quantiser 40, sub-version 6, a filter header and one partition."""
    head = bytes([0x80 * (not key) | 40 << 1])
    if key:
        head += bytes([6 << 3 | 2, ROWS, COLUMNS, ROWS, COLUMNS])
    return head + rng.bytes(3000 if key else 1500)


def _tag(kind: int, time: int, body: bytes) -> bytes:
    head = bytes([kind]) + len(body).to_bytes(3, "big") + (time & 0xFFFFFF).to_bytes(3, "big") + bytes(4)
    return head + body + (len(head) + len(body)).to_bytes(4, "big")


def _flv(path: Path) -> None:
    rng = np.random.default_rng(6)
    tags = []
    for number in range(COUNT):
        key = number % KEY_DISTANCE == 0
        body = bytes([(1 if key else 2) << 4 | VP6_IN_FLV, 0]) + _frame(key, rng)
        tags.append(_tag(9, number * 40, body))
    path.write_bytes(b"FLV\1\1\0\0\0\x09" + bytes(4) + b"".join(tags))


def _sound(facts: Facts) -> bool:
    return facts.codec == "vp6f" and facts.picture_types == ("I" + "P" * (KEY_DISTANCE - 1)) * 3


def recipes() -> dict[str, Recipe]:
    """Return the recipes by file name."""
    copied = remuxed(_flv, suffix=".flv")
    return {
        "vp6.flv": Recipe("VP6 headers followed by random bits", _flv, _sound),
        "vp6.mkv": Recipe("VP6 headers followed by random bits", copied, _sound),
        "vp6.avi": Recipe("VP6 headers followed by random bits", copied, _sound),
    }
