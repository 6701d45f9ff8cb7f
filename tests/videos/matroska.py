"""Writes, reads and edits Matroska files with one track and one cluster.

The file has exactly the packets, key flags and codec private data that the caller passes. Other muxers repair
what tests need broken, such as key flags that contradict the bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from videos import bitstream

MASTERS = {0x18538067, 0x1654AE6B, 0xAE, 0xE0, 0x1F43B675}  # Segment, Tracks, TrackEntry, Video, Cluster
AVC = b"V_MPEG4/ISO/AVC"


@dataclass(frozen=True)
class Block:
    """One packet; `time` is in milliseconds, `key` is the flag in the container."""

    time: int
    key: bool
    data: bytes


@dataclass(frozen=True)
class Track:
    """The track header.

    `stripped` are the bytes that every packet begins with. The file holds them once, in the header.
    `picture` are further elements of the video settings, `more` are further elements of the track. Where
    `frame_nanoseconds` is 0, the file does not say how long a frame lasts.
    """

    codec: bytes
    private: bytes
    width: int = 128
    height: int = 96
    stripped: bytes = b""
    picture: bytes = b""
    more: bytes = b""
    frame_nanoseconds: int = 40_000_000


def element(identifier: int, *content: bytes | int) -> bytes:
    """Return an EBML element; integers are written in as few bytes as they need."""
    parts = [
        part if isinstance(part, bytes) else part.to_bytes(max(1, -(-part.bit_length() // 8)), "big")
        for part in content
    ]
    body = b"".join(parts)
    name = identifier.to_bytes(-(-identifier.bit_length() // 8), "big")
    return name + (len(body) | 1 << 56).to_bytes(8, "big") + body


def decoder_record(sps: bitstream.Nal, sets: list[bitstream.Nal]) -> bytes:
    """Return an avcC record with the profile of `sps` and the parameter sets `sets`, which may be empty."""
    held = {kind: [nal for nal in sets if nal.type == kind] for kind in (bitstream.SPS, bitstream.PPS)}
    record = b"\1" + sps.data[1:4] + b"\xff" + bytes([0xE0 | len(held[bitstream.SPS])])
    record += (
        sized(held[bitstream.SPS], 2) + bytes([len(held[bitstream.PPS])]) + sized(held[bitstream.PPS], 2)
    )
    return record


def write(track: Track, blocks: list[Block]) -> bytes:
    """Return a complete Matroska file."""
    header = element(
        0x1A45DFA3, element(0x4286, 1), element(0x42F7, 1), element(0x42F2, 4), element(0x42F3, 8),
        element(0x4282, b"matroska"), element(0x4287, 4), element(0x4285, 2),
    )  # fmt: skip
    info = element(
        0x1549A966, element(0x2AD7B1, 1_000_000), element(0x4D80, b"tests"), element(0x5741, b"tests")
    )
    picture = element(0xE0, element(0xB0, track.width), element(0xBA, track.height), track.picture)
    private = [element(0x63A2, track.private)] if track.private else []
    encoding = element(0x6240, element(0x5034, element(0x4254, 3), element(0x4255, track.stripped)))
    encodings = [element(0x6D80, encoding)] if track.stripped else []
    rate = [element(0x23E383, track.frame_nanoseconds)] if track.frame_nanoseconds else []
    entry = element(
        0xAE, element(0xD7, 1), element(0x73C5, 1), element(0x83, 1), element(0x86, track.codec),
        *rate, *private, *encodings, track.more, picture,
    )  # fmt: skip
    simple = [element(0xA3, _head(block), block.data[len(track.stripped) :]) for block in blocks]
    cluster = element(0x1F43B675, element(0xE7, 0), *simple)
    return header + element(0x18538067, info, element(0x1654AE6B, entry), cluster)


def _head(block: Block) -> bytes:
    return b"\x81" + block.time.to_bytes(2, "big", signed=True) + bytes([0x80 * block.key])


def size_at(data: bytes, at: int) -> tuple[int, int]:
    """Return the size of an element that is stored at `at`, and the number of bytes that store it."""
    width = 9 - data[at].bit_length()
    return int.from_bytes(data[at : at + width], "big") & (1 << 7 * width) - 1, width


def elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the identifier and the body of every element of a file, nested elements included."""
    at = 0
    while at < len(data):
        width = 9 - data[at].bit_length()
        identifier, at = int.from_bytes(data[at : at + width], "big"), at + width
        size, width = size_at(data, at)
        body, at = data[at + width : at + width + size], at + width + size
        yield identifier, body
        if identifier in MASTERS:
            yield from elements(body)


def track_of(mkv: bytes) -> Track:
    """Return the track header of a file with one track."""
    found = dict(elements(mkv))
    width, height = (int.from_bytes(found[name], "big") for name in (0xB0, 0xBA))
    return Track(found[0x86], found.get(0x63A2, b""), width, height)


def claimed_keys(data: bytes) -> list[int]:
    """Return the numbers of the blocks with a key flag, in a file that `write` made."""
    blocks = [body for identifier, body in elements(data) if identifier == 0xA3]
    return [n for n, body in enumerate(blocks) if body[3] & 0x80]


def sized(nals: list[bitstream.Nal], width: int = 4) -> bytes:
    """Return the NAL units, each behind its length."""
    return b"".join(len(nal.data).to_bytes(width, "big") + nal.data for nal in nals)


def without_reorder_information(mkv: bytes) -> bytes:
    """Return the file with bitstream_restriction_flag cleared in its SPS; a Void element fills the room."""
    at = mkv.index(b"\x63\xa2") + 2
    size, width = size_at(mkv, at)
    record = mkv[at + width : at + width + size]
    (length,) = struct.unpack_from(">H", record, 6)
    sps = bitstream.without_restriction(bitstream.Nal(record[8 : 8 + length]))
    spare = length - len(sps.data)
    if record[5] & 31 != 1 or not 2 <= spare < 100:
        raise ValueError(f"the file must have one SPS with room for a Void element, got {spare} spare bytes")
    shorter = record[:6] + struct.pack(">H", len(sps.data)) + sps.data + record[8 + length :]
    new_size = (len(shorter) | 1 << 7 * width).to_bytes(width, "big")
    void = bytes([0xEC, 0x80 | spare - 2]) + bytes(spare - 2)
    return mkv[:at] + new_size + shorter + void + mkv[at + width + size :]
