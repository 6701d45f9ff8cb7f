"""The boxes of an MP4 and the one Matroska element that test videos need edited where no muxer offers it.

Every edit keeps the positions of the media data: an MP4 is edited only where its moov box comes last.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from videos import bitstream

if TYPE_CHECKING:
    from collections.abc import Callable

Box = tuple[bytes, bytes]
TABLE = (b"trak", b"mdia", b"minf", b"stbl")


def boxes(data: bytes) -> list[Box]:
    """Return (type, body) of the MP4 boxes side by side in `data`."""
    found, at = [], 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        found.append((kind, data[at + 8 : at + size]))
        at += max(size, 8)
    return found


def pack(found: list[Box]) -> bytes:
    return b"".join(struct.pack(">I4s", len(body) + 8, kind) + body for kind, body in found)


def find(data: bytes, *path: bytes) -> list[bytes]:
    """Return the bodies of all boxes under `path`, for example b"moov", b"trak"."""
    bodies = [data]
    for kind in path:
        bodies = [body for parent in bodies for name, body in boxes(parent) if name == kind]
    return bodies


def edit(data: bytes, path: tuple[bytes, ...], change: Callable[[bytes], bytes]) -> bytes:
    """Return `data` with the body of each box under `path` changed."""
    if not path:
        return change(data)
    return pack(
        [(kind, edit(body, path[1:], change) if kind == path[0] else body) for kind, body in boxes(data)]
    )


def edit_moov(data: bytes, path: tuple[bytes, ...], change: Callable[[bytes], bytes]) -> bytes:
    """Return the MP4 with boxes under moov changed."""
    if boxes(data)[-1][0] != b"moov":
        raise ValueError("moov is not the last box: its size cannot change")
    return edit(data, (b"moov", *path), change)


def table(data: bytes, kind: bytes) -> bytes:
    """Return the body of a sample table box of the first track."""
    return find(data, b"moov", *TABLE, kind)[0]


def with_table(kind: bytes, change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return lambda data: edit_moov(data, (*TABLE, kind), change)


def without_table(kind: bytes) -> Callable[[bytes], bytes]:
    def change(body: bytes) -> bytes:
        return pack([box for box in boxes(body) if box[0] != kind])

    return lambda data: edit_moov(data, TABLE, change)


def numbers(body: bytes) -> list[int]:
    """Return the numbers of a box that holds a count and a list of them."""
    return list(struct.unpack(f">{len(body[8:]) // 4}I", body[8:]))


def listing(values: list[int]) -> bytes:
    return struct.pack(f">II{len(values)}I", 0, len(values), *values)


def edits(mp4: bytes) -> list[list[tuple[int, int]]]:
    """Return (duration, media time) of the edits of each track; media time -1 is an empty edit."""
    tracks = []
    for body in find(mp4, b"moov", b"trak", b"edts", b"elst"):
        entry = struct.Struct(">Qqi" if body[0] else ">Iii")
        (count,) = struct.unpack_from(">I", body, 4)
        rows = (entry.unpack_from(body, 8 + i * entry.size) for i in range(count))
        tracks.append([(duration, start) for duration, start, _ in rows])
    return tracks


def edit_list(rows: list[tuple[int, int]]) -> bytes:
    """Return the body of an elst box."""
    entries = b"".join(struct.pack(">Iii", duration, start, 1 << 16) for duration, start in rows)
    return struct.pack(">II", 0, len(rows)) + entries


def shift_composition(body: bytes, ticks: int) -> bytes:
    """Return the body of a ctts box with all its offsets moved."""
    (count,) = struct.unpack_from(">I", body, 4)
    rows = (struct.unpack_from(">Ii", body, 8 + 8 * i) for i in range(count))
    return struct.pack(">II", 1 << 24, count) + b"".join(struct.pack(">Ii", n, at + ticks) for n, at in rows)


def first_child(kind: bytes) -> Callable[[bytes], bytes]:
    """Return a change that moves the children of one type to the front."""
    return lambda body: pack(sorted(boxes(body), key=lambda box: box[0] != kind))


def without_reorder_information(mkv: bytes) -> bytes:
    """Return the Matroska file with bitstream_restriction_flag cleared in its SPS; Void fills the room."""
    at = mkv.index(b"\x63\xa2") + 2
    width = 9 - mkv[at].bit_length()
    size = int.from_bytes(mkv[at : at + width], "big") & (1 << 7 * width) - 1
    record = mkv[at + width : at + width + size]
    (length,) = struct.unpack_from(">H", record, 6)
    sps = bitstream.without_restriction(bitstream.Nal(record[8 : 8 + length]))
    spare = length - len(sps.data)
    if record[5] & 31 != 1 or not 2 <= spare < 100:
        raise ValueError(f"not one SPS with room for a Void element: {spare} bytes to spare")
    shorter = record[:6] + struct.pack(">H", len(sps.data)) + sps.data + record[8 + length :]
    new_size = (len(shorter) | 1 << 7 * width).to_bytes(width, "big")
    void = bytes([0xEC, 0x80 | spare - 2]) + bytes(spare - 2)
    return mkv[:at] + new_size + shorter + void + mkv[at + width + size :]
