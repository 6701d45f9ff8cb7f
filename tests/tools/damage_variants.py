"""Makes damaged variants of the test videos; the number of a variant determines the video and the damage."""

from __future__ import annotations

import hashlib
import re
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tools import remuxed
from videos import containers, media
from videos.ffmpeg_cli import Facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

Damage = tuple[bytes, int]  # the bytes of the file, and the position of the first damaged byte
LINEAR = {
    ".mkv",
    ".webm",
    ".ts",
    ".m2ts",
    ".mpg",
    ".flv",
    ".asf",
}  # formats that need no table elsewhere in the file
PROBE = 24  # bytes of a packet by which it is found in a format that splits packets
FAR = 1 << 62


@dataclass(frozen=True)
class Variant:
    """One damaged file: its video, the kind of damage, and the first damaged byte."""

    number: int
    name: str
    kind: str
    data: bytes
    first: int

    def __str__(self) -> str:
        return f"variant {self.number}: {self.name}, {self.kind} at {self.first}"


def _cut(data: bytes, rng: Generator) -> Damage:
    at = int(rng.integers(len(data) // 20, len(data)))
    return data[:at], at


def _bits_flipped(data: bytes, rng: Generator) -> Damage:
    places = np.sort(rng.integers(0, len(data), rng.integers(1, 9)))
    changed = bytearray(data)
    for place in places:
        changed[place] ^= 1 << int(rng.integers(8))
    return bytes(changed), int(places[0])


def _block(data: bytes, rng: Generator) -> tuple[int, int]:
    size = int(rng.choice([1, 4, 16, 64, 256, 1024]))
    at = int(rng.integers(0, len(data)))
    return at, min(at + size, len(data))


def _zeroed(data: bytes, rng: Generator) -> Damage:
    at, end = _block(data, rng)
    return data[:at] + bytes(end - at) + data[end:], at


def _overwritten(data: bytes, rng: Generator) -> Damage:
    at, end = _block(data, rng)
    return data[:at] + rng.bytes(end - at) + data[end:], at


def _removed(data: bytes, rng: Generator) -> Damage:
    at, end = _block(data, rng)
    return data[:at] + data[end:], at


def _inserted(data: bytes, rng: Generator) -> Damage:
    at, end = _block(data, rng)
    return data[:at] + rng.bytes(end - at) + data[at:], at


def _header_edited(data: bytes, rng: Generator) -> Damage:
    """Change a few bytes of the moov box, or of the first kilobyte if there is no moov box."""
    at = data.find(b"moov")
    start, size = (at, len(data) - at) if at >= 0 else (0, min(1024, len(data)))
    if at >= 0:
        size = min(size, sum(len(body) for kind, body in containers.boxes(data) if kind == b"moov"))
    places = start + np.sort(rng.integers(0, max(size, 1), rng.integers(1, 5)))
    changed = bytearray(data)
    for place in places:
        changed[place] = int(rng.choice([0, 1, 0x7F, 0x80, 0xFF, int(rng.integers(256))]))
    return bytes(changed), int(places[0])


def _moved(path: Path, rng: Generator) -> list[int]:
    """Return the ordinals of the packets, with one of them left out, doubled or swapped with the next."""
    ordinals = list(range(len(remuxed.packets(path))))
    at = int(rng.integers(0, max(len(ordinals) - 1, 1)))
    kind = int(rng.integers(3))
    if kind == 0:
        return ordinals[:at] + ordinals[at + int(rng.choice([1, 2, 3, 15])) :]
    if kind == 1:
        return [*ordinals[: at + 1], *ordinals[at:]]
    return [*ordinals[:at], *reversed(ordinals[at : at + 2]), *ordinals[at + 2 :]]


def _packets_moved(path: Path, rng: Generator) -> Damage | None:
    """Leave out, double or swap packets; return None if the stream cannot be copied."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / path.name
        try:
            remuxed.copy(path, target, _moved(path, rng))
        except remuxed.ERRORS:
            return None
        return (target.read_bytes() if target.exists() else b""), 0  # without packets no file is written


def _spliced(path: Path, rng: Generator) -> Damage:
    """Join the beginning of the video and the end of another one of the same format."""
    data = path.read_bytes()
    names = [name for name in media.NAMES if name.endswith(path.suffix)] or media.NAMES
    other = str(rng.choice(names))
    rest = media.make(other).read_bytes()
    at = int(rng.integers(len(data) // 20, len(data)))
    return data[:at] + rest[int(rng.integers(len(rest))) :], 0  # times may come again behind the joint


def _table_edited(path: Path, rng: Generator) -> Damage | None:
    """Change a value in a sample table of MP4, or a size of a Matroska element; None if it has neither."""
    data = bytearray(path.read_bytes())
    places = [at for name in TABLES for at in _found(data, name)] or [
        at for name in ELEMENTS for at in _found(data, name)
    ]
    if not places:
        return None
    at = int(rng.choice(places)) + 4
    at = min(at + int(rng.integers(0, 60 if data[4:8] == b"ftyp" else 3)), len(data) - 1)
    data[at] = int(rng.choice([0, 1, 2, 0x7F, 0x80, 0xFF, int(rng.integers(256))]))
    return bytes(data), 0


def _found(data: bytearray, name: bytes) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(name), data)]


TABLES = [b"stts", b"ctts", b"stsz", b"stsc", b"stco", b"stss", b"trun"]
# Segment, Cluster and Tracks: the size follows.
ELEMENTS = [b"\x18\x53\x80\x67", b"\x1f\x43\xb6\x75", b"\x16\x54\xae\x6b"]

KINDS: list[Callable[[bytes, Generator], Damage]] = [
    _cut, _bits_flipped, _zeroed, _removed, _header_edited, _overwritten, _inserted,
]  # fmt: skip


STRUCTURAL = 1_000_000  # the numbers of variants whose packets and tables are changed begin here
STRUCTURAL_KINDS: list[Callable[[Path, Generator], Damage | None]] = [_packets_moved, _spliced, _table_edited]


def variant(number: int) -> Variant:
    """Return the variant of this number; the kinds take turns, and the videos are drawn at random.

    A new test video takes a few of the numbers and does not change the variants of the other numbers.
    """
    rng = np.random.default_rng([2026, number])
    name = min(media.NAMES, key=lambda name: hashlib.sha256(f"{number} {name}".encode()).digest())
    path = media.make(name)
    if number >= STRUCTURAL:
        change = STRUCTURAL_KINDS[number % len(STRUCTURAL_KINDS)]
        instead = _header_edited if change is _table_edited else _bits_flipped
        data, first = change(path, rng) or instead(path.read_bytes(), rng)
        return Variant(number, name, change.__name__.strip("_").replace("_", " "), data, first)
    damage = KINDS[number % len(KINDS)]
    data, first = damage(path.read_bytes(), rng)
    return Variant(number, name, damage.__name__.strip("_").replace("_", " "), data, first)


@cache
def packet_starts(name: str) -> list[int]:
    """Return the positions of the packets in the file, in stored order; `FAR` if a packet is not found."""
    path = media.make(name)
    data, starts, at = path.read_bytes(), [], 0
    for packet in Facts(path).packets:
        found = data.find(packet.data, at)
        found = data.find(packet.data[:PROBE], at) if found < 0 else found
        starts.append(found if found >= 0 else FAR)
        at = found + 1 if found >= 0 else at
    return starts


def packets_before(name: str, first: int) -> int:
    """Return how many packets are certain to lie in front of the first damaged byte, with all that they need.

    A packet ends before the second packet behind it begins. If the format has tables outside the packets,
    damage in front of the first packet or behind the last may be in a table; then no packet is certain.
    """
    starts = packet_starts(name)
    linear = media.make(name).suffix in LINEAR
    last = max((start for start in starts if start < FAR), default=0)
    if not linear and not starts[0] <= first <= last:
        return 0
    return sum(start <= first for start in starts[2:])
