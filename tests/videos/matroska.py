"""A Matroska writer small enough to lie: one track, one cluster.

Packets, their key flags and the codec's private data are the caller's. Muxers repair what tests need broken,
such as key flags that the bytes contradict.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from videos import bitstream

MASTERS = {0x18538067, 0x1654AE6B, 0xAE, 0xE0, 0x1F43B675}  # Segment, Tracks, TrackEntry, Video, Cluster
AVC = b"V_MPEG4/ISO/AVC"


@dataclass(frozen=True)
class Block:
    """One packet: milliseconds, what the container claims, and the bytes."""

    time: int
    key: bool
    data: bytes


@dataclass(frozen=True)
class Track:
    """What the header says of the pictures: codec, its private data, width and height.

    `stripped` are bytes that every packet begins with and that the file holds once, in the header.
    """

    codec: bytes
    private: bytes
    width: int = 128
    height: int = 96
    stripped: bytes = b""


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
    """Return an avcC record for `sps` that holds `sets`, which may be none."""
    held = {kind: [nal for nal in sets if nal.type == kind] for kind in (bitstream.SPS, bitstream.PPS)}
    record = b"\1" + sps.data[1:4] + b"\xff" + bytes([0xE0 | len(held[bitstream.SPS])])
    record += (
        sized(held[bitstream.SPS], 2) + bytes([len(held[bitstream.PPS])]) + sized(held[bitstream.PPS], 2)
    )
    return record


def write(track: Track, blocks: list[Block]) -> bytes:
    """Return a whole Matroska file."""
    header = element(
        0x1A45DFA3, element(0x4286, 1), element(0x42F7, 1), element(0x42F2, 4), element(0x42F3, 8),
        element(0x4282, b"matroska"), element(0x4287, 4), element(0x4285, 2),
    )  # fmt: skip
    info = element(
        0x1549A966, element(0x2AD7B1, 1_000_000), element(0x4D80, b"tests"), element(0x5741, b"tests")
    )
    picture = element(0xE0, element(0xB0, track.width), element(0xBA, track.height))
    private = [element(0x63A2, track.private)] if track.private else []
    encoding = element(0x6240, element(0x5034, element(0x4254, 3), element(0x4255, track.stripped)))
    encodings = [element(0x6D80, encoding)] if track.stripped else []
    entry = element(
        0xAE, element(0xD7, 1), element(0x73C5, 1), element(0x83, 1), element(0x86, track.codec),
        element(0x23E383, 40_000_000), *private, *encodings, picture,
    )  # fmt: skip
    heads = [
        b"\x81" + block.time.to_bytes(2, "big", signed=True) + bytes([0x80 * block.key]) for block in blocks
    ]
    simple = [
        element(0xA3, head, block.data[len(track.stripped) :])
        for head, block in zip(heads, blocks, strict=True)
    ]
    cluster = element(0x1F43B675, element(0xE7, 0), *simple)
    return header + element(0x18538067, info, element(0x1654AE6B, entry), cluster)


def _head(block: Block) -> bytes:
    return b"\x81" + block.time.to_bytes(2, "big", signed=True) + bytes([0x80 * block.key])


def elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield identifier and body of the elements of a file, those within tracks too."""
    at = 0
    while at < len(data):
        width = 9 - data[at].bit_length()
        identifier, at = int.from_bytes(data[at : at + width], "big"), at + width
        width = 9 - data[at].bit_length()
        size = int.from_bytes(data[at : at + width], "big") & (1 << 7 * width) - 1
        body, at = data[at + width : at + width + size], at + width + size
        yield identifier, body
        if identifier in MASTERS:
            yield from elements(body)


def track_of(mkv: bytes) -> Track:
    """Return what a file of one track says of it."""
    found = dict(elements(mkv))
    width, height = (int.from_bytes(found[name], "big") for name in (0xB0, 0xBA))
    return Track(found[0x86], found.get(0x63A2, b""), width, height)


def claimed_keys(data: bytes) -> list[int]:
    """Return which blocks of a file that `write` made are flagged as key frames."""
    blocks = [body for identifier, body in elements(data) if identifier == 0xA3]
    return [n for n, body in enumerate(blocks) if body[3] & 0x80]


def sized(nals: list[bitstream.Nal], width: int = 4) -> bytes:
    """Return NAL units after their lengths."""
    return b"".join(len(nal.data).to_bytes(width, "big") + nal.data for nal in nals)
