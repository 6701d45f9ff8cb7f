"""VP6 test videos: headers and then random bits, which every decoder has to read alike.

No encoder at hand makes VP6. Its arithmetic coder gives every string of bits a meaning, so that pictures of
noise that refer to each other come of random ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from support.ffmpeg_cli import remux
from videos.recipes import Recipe

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.random import Generator

    from support.ffmpeg_cli import Facts

COLUMNS, ROWS = 4, 3  # macroblocks: 64x48
COUNT, KEY_DISTANCE = 30, 10
VP6_IN_FLV = 4


def _frame(key: bool, rng: Generator) -> bytes:
    """Return a frame of quantiser 40, sub-version 6, with a filter header and one partition."""
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


def _copied(path: Path) -> None:
    whole = path.with_name("whole.flv")
    _flv(whole)
    remux(whole, path)
    whole.unlink()


def _sound(facts: Facts) -> bool:
    return facts.codec == "vp6f" and facts.picture_types == ("I" + "P" * (KEY_DISTANCE - 1)) * 3


def recipes() -> dict[str, Recipe]:
    """Return the recipes by file name."""
    return {
        "vp6.flv": Recipe("VP6 of random bits", _flv, _sound),
        "vp6.mkv": Recipe("VP6 of random bits", _copied, _sound),
        "vp6.avi": Recipe("VP6 of random bits", _copied, _sound),
    }
