"""Writes AVI files with one stream at 25 frames per second, with exactly the given packets and key flags."""

from __future__ import annotations

import struct
from dataclasses import dataclass


@dataclass(frozen=True)
class Chunk:
    """One packet; an empty packet means that no new picture is shown."""

    key: bool
    data: bytes


def write(fourcc: bytes, chunks: list[Chunk], width: int = 64, height: int = 48) -> bytes:
    """Return a complete AVI file with an index."""
    header = _chunk(
        b"avih", struct.pack("<14I", 40_000, 0, 0, 0x10, len(chunks), 0, 1, 0, width, height, 0, 0, 0, 0)
    )
    stream = _chunk(
        b"strh",
        struct.pack(
            "<4s4sIHHIIIIIIII4H", b"vids", fourcc, 0, 0, 0, 0, 1, 25, 0, len(chunks), 0, 0, 0, 0, 0, 0, 0
        ),
    )
    image = struct.pack("<IiiHH4sIiiII", 40, width, height, 1, 24, fourcc, width * height * 3, 0, 0, 0, 0)
    headers = _list(b"hdrl", header + _list(b"strl", stream + _chunk(b"strf", image)))
    movie, index = b"", b""
    for chunk in chunks:
        index += struct.pack("<4sIII", b"00dc", 0x10 * chunk.key, len(movie) + 4, len(chunk.data))
        movie += _chunk(b"00dc", chunk.data)
    return _chunk(b"RIFF", b"AVI " + headers + _list(b"movi", movie) + _chunk(b"idx1", index))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def _list(kind: bytes, body: bytes) -> bytes:
    return _chunk(b"LIST", kind + body)
