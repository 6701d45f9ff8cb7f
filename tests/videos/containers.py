"""Reads and edits the boxes of an MP4 file, for test videos that no muxer writes.

Every edit keeps the positions of the media data, because only a moov box at the end of the file is edited.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

Box = tuple[bytes, bytes]
TABLE = (b"trak", b"mdia", b"minf", b"stbl")


def boxes(data: bytes) -> list[Box]:
    """Return (type, body) of the MP4 boxes that follow each other in `data`."""
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
    """Return `data` with the body of every box under `path` changed."""
    if not path:
        return change(data)
    return pack(
        [(kind, edit(body, path[1:], change) if kind == path[0] else body) for kind, body in boxes(data)]
    )


def edit_moov(data: bytes, path: tuple[bytes, ...], change: Callable[[bytes], bytes]) -> bytes:
    """Return the MP4 with the body of every box under moov and `path` changed."""
    if boxes(data)[-1][0] != b"moov":
        raise ValueError("moov must be the last box, because its size changes")
    return edit(data, (b"moov", *path), change)


def table(data: bytes, kind: bytes) -> bytes:
    """Return the body of a sample table box of the first track."""
    return find(data, b"moov", *TABLE, kind)[0]


def with_table(kind: bytes, change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return lambda data: edit_moov(data, (*TABLE, kind), change)


def with_tables(data: bytes, bodies: dict[bytes, bytes]) -> bytes:
    """Return the MP4 with the bodies of several sample table boxes replaced."""
    for kind, body in bodies.items():
        data = edit_moov(data, (*TABLE, kind), lambda _, body=body: body)  # type: ignore[misc]
    return data


def without_table(kind: bytes) -> Callable[[bytes], bytes]:
    def change(body: bytes) -> bytes:
        return pack([box for box in boxes(body) if box[0] != kind])

    return lambda data: edit_moov(data, TABLE, change)


def numbers(body: bytes) -> list[int]:
    """Return the numbers of a box that holds a count and a list of numbers."""
    return list(struct.unpack(f">{len(body[8:]) // 4}I", body[8:]))


def listing(values: list[int]) -> bytes:
    return struct.pack(f">II{len(values)}I", 0, len(values), *values)


def edits(mp4: bytes) -> list[list[tuple[int, int]]]:
    """Return (duration, media time) of the edits of each track; the media time of an empty edit is -1."""
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
    """Return the body of a ctts box with `ticks` added to every offset."""
    (count,) = struct.unpack_from(">I", body, 4)
    rows = (struct.unpack_from(">Ii", body, 8 + 8 * i) for i in range(count))
    return struct.pack(">II", 1 << 24, count) + b"".join(struct.pack(">Ii", n, at + ticks) for n, at in rows)


def first_child(kind: bytes) -> Callable[[bytes], bytes]:
    """Return a change that moves the child boxes of one type to the front."""
    return lambda body: pack(sorted(boxes(body), key=lambda box: box[0] != kind))
