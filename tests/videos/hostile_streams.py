"""Makes absurd AVI, FLV, MPEG and ASF files: huge counts, empty parts, deep nesting."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from videos import media

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AVI_FRAME = b"00dc"
ASF_INDEX = bytes.fromhex("90080033b1e5cf1189f400a0c90349cb")
ASF_STREAM = bytes.fromhex("9107dcb7b7a9cf118ee600c00c205365")
ASF_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")


def absurd() -> dict[str, Callable[[], bytes]]:
    """Return makers of files by name; each file has at most a few megabytes."""
    return {
        "empty_chunks.avi": lambda: _in_movi(AVI_FRAME + bytes(4), 1_000_000),
        "deep_lists.avi": _deep_lists,
        "many_streams.avi": _many_streams,
        "billion_indexed.avi": _billion_indexed,
        "empty_tags.flv": _empty_tags,
        "deep_script.flv": _deep_script,
        "empty_packs.mpg": lambda: _between_packs(b"\0\0\1\xbe\0\0" * 2_000_000),
        "all_streams.mpg": _all_streams,
        "many_programs.ts": _many_programs,
        "all_identifiers.ts": _all_identifiers,
        "billion_indexed.asf": _billion_in_asf,
        "many_streams.asf": _many_in_asf,
        "empty_payloads.asf": _empty_payloads,
    }


def _in_movi(chunk: bytes, count: int) -> bytes:
    """Return an AVI file with `count` copies of a chunk in front of its pictures."""
    data = media.make("mpeg4.avi").read_bytes()
    at = data.index(b"movi") + 4
    more = chunk * count
    size = int.from_bytes(data[at - 8 : at - 4], "little") + len(more)
    return data[: at - 8] + struct.pack("<I", size) + b"movi" + more + data[at:]


def _deep_lists() -> bytes:
    head = b"".join(b"LIST" + struct.pack("<I", 12 * (20_000 - n)) + b"rec " for n in range(20_000))
    return _in_movi(head, 1)


def _many_streams() -> bytes:
    data = media.make("mpeg4.avi").read_bytes()
    at = data.index(b"LIST", data.index(b"avih"))
    size = 8 + int.from_bytes(data[at + 4 : at + 8], "little")
    header = data.index(b"LIST")
    more = data[at : at + size] * 5000
    hdrl = int.from_bytes(data[header + 4 : header + 8], "little") + len(more)
    return data[: header + 4] + struct.pack("<I", hdrl) + data[header + 8 : at] + more + data[at:]


def _billion_indexed() -> bytes:
    """Return an AVI file with an index that states four billion entries, all of which point at the index."""
    data = bytearray(media.make("mpeg4.avi").read_bytes())
    at = data.index(b"strf")
    size = int.from_bytes(data[at + 4 : at + 8], "little")
    place = at + 8 + size
    entries = b"".join(struct.pack("<QII", place, 24, 1) for _ in range(1000))
    body = struct.pack("<HBBI4sIII", 4, 0, 0, 0xFFFFFFFF, AVI_FRAME, 0, 0, 0) + entries
    for where in (data.index(b"LIST"), data.index(b"LIST", data.index(b"avih"))):
        grown = int.from_bytes(data[where + 4 : where + 8], "little") + len(body) + 8
        data[where + 4 : where + 8] = struct.pack("<I", grown)
    return bytes(data[:place] + b"indx" + struct.pack("<I", len(body)) + body + data[place:])


def _flv_tag(kind: int, body: bytes) -> bytes:
    return (
        bytes([kind]) + len(body).to_bytes(3, "big") + bytes(7) + body + (11 + len(body)).to_bytes(4, "big")
    )


def _empty_tags() -> bytes:
    data = media.make("flv1.flv").read_bytes()
    return data[:13] + _flv_tag(9, b"") * 500_000 + data[13:]


def _deep_script() -> bytes:
    """Return a file whose script data has deeply nested objects, and arrays that state four billion items."""
    value = b"\x08\xff\xff\xff\xff"
    nested = b"\3\0\1a" * 20_000 + value
    data = media.make("flv1.flv").read_bytes()
    script = b"\2\0\x0aonMetaData\x08\xff\xff\xff\xff\0\1a" + nested
    return data[:13] + _flv_tag(18, script) + data[13:]


def _between_packs(more: bytes) -> bytes:
    """Return a program stream with the bytes `more` in front of its second pack."""
    data = media.make("h264.mpg").read_bytes()
    at = data.index(b"\0\0\1\xba", 4)
    return data[:at] + more + data[at:]


def _all_streams() -> bytes:
    """Return a program stream with packets of every possible stream, private streams included."""
    packets = b"".join(
        b"\0\0\1" + bytes([stream]) + b"\0\x04\x80\0\0" + bytes([sub])
        for stream in [*range(0xC0, 0xF0), 0xBD]
        for sub in range(256)
    )
    return _between_packs(packets * 4)


def _section(table: int, number: int, body: bytes) -> bytes:
    """Return a section of a transport stream with its checksum."""
    whole = (
        bytes([table])
        + (0xB000 | len(body) + 9).to_bytes(2, "big")
        + number.to_bytes(2, "big")
        + b"\xc1\0\0"
        + body
    )
    checksum = 0xFFFFFFFF
    for byte in whole:
        for bit in range(7, -1, -1):
            high = checksum >> 31 ^ byte >> bit & 1
            checksum = (checksum << 1 & 0xFFFFFFFF) ^ (0x04C11DB7 if high else 0)
    return whole + checksum.to_bytes(4, "big")


def _ts_packets(identifier: int, section: bytes) -> Iterator[bytes]:
    body, first = b"\0" + section, 0x40
    for counter in range(-(-len(body) // 184)):
        part = body[counter * 184 : counter * 184 + 184].ljust(184, b"\xff")
        yield b"\x47" + bytes([first | identifier >> 8, identifier & 0xFF, 0x10 | counter & 15]) + part
        first = 0


def _many_programs() -> bytes:
    """Return a transport stream of 250 programs with 200 streams each."""
    programs = range(1, 251)
    table = b"".join(struct.pack(">HH", number, 0xE000 | 0x100 + number) for number in programs)
    packets = list(_ts_packets(0, _section(0, 1, table)))
    streams = b"".join(b"\x1b" + struct.pack(">HH", 0xE000 | 0x400 + n, 0xF000) for n in range(200))
    for number in programs:
        packets += _ts_packets(
            0x100 + number, _section(2, number, struct.pack(">HH", 0xE400, 0xF000) + streams)
        )
    return b"".join(packets) + media.make("h264.ts").read_bytes()


def _all_identifiers() -> bytes:
    """Return a transport stream with packets of every PID, twice."""
    body = b"\0\0\1\xe0\0\0\x80\0\0".ljust(184, b"\0")
    packets = b"".join(b"\x47" + bytes([0x40 | n >> 8, n & 0xFF, 0x10]) + body for n in range(0x20, 0x1FFF))
    return packets * 2 + media.make("h264.ts").read_bytes()


def _billion_in_asf() -> bytes:
    body = bytes(16) + struct.pack("<QII", 10_000, 1, 0xFFFFFFFF) + bytes(6 * 1000)
    return media.make("wmv2.asf").read_bytes() + ASF_INDEX + struct.pack("<Q", 24 + len(body)) + body


def _many_in_asf() -> bytes:
    data = media.make("wmv2.asf").read_bytes()
    at = data.index(ASF_STREAM)
    size = int.from_bytes(data[at + 16 : at + 24], "little")
    more = b"".join(
        data[at : at + 72] + struct.pack("<H", number % 128) + data[at + 74 : at + size]
        for number in range(20_000)
    )
    whole = struct.pack("<Q", int.from_bytes(data[16:24], "little") + len(more))
    return data[:16] + whole + data[24:at] + more + data[at:]


def _empty_payloads() -> bytes:
    """Return an ASF file with packets that each state 63 payloads of no bytes."""
    data = media.make("wmv2.asf").read_bytes()
    at = data.index(ASF_DATA) + 50
    length = 3200
    packet = (b"\x82\0\0\x09\x5d" + bytes(6) + b"\xbf" + (b"\x81\0\0\0\0\0\x01\0\0\0") * 63).ljust(
        length, b"\0"
    )
    return data[:at] + packet * 3000 + data[at:]
