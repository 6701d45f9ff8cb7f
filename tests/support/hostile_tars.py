"""Tar archives that no tar writes: two videos, and between them a header that is meant to do harm."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable

BLOCK = tarfile.BLOCKSIZE
VIDEO = b"video"


def header(name: str, kind: bytes = tarfile.REGTYPE, size: bytes = b"0" * 11, **fields: bytes) -> bytes:
    """Return a header whose checksum is right, with the size field as given.

    `fields` are raw bytes by their position, as in ``at_386=b"..."``.
    """
    block = bytearray(tarfile.TarInfo(name).tobuf(tarfile.GNU_FORMAT))
    block[124:136] = size.ljust(12, b"\0")
    block[156:157] = kind
    for place, data in fields.items():
        start = int(place.removeprefix("at_"))
        block[start : start + len(data)] = data
    block[148:156] = b"%06o\0 " % (sum(block[:148]) + 8 * 32 + sum(block[156:]))
    return bytes(block)


def octal(size: int) -> bytes:
    return b"%011o" % size


def negative(size: int) -> bytes:
    """Return -size in base 256."""
    return b"\xff" + (256**11 - size).to_bytes(11, "big")


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % BLOCK)


def member(name: str, data: bytes = VIDEO) -> bytes:
    return header(name, size=octal(len(data))) + padded(data)


def pax(records: dict[str, str] | bytes, kind: bytes = tarfile.XHDTYPE) -> bytes:
    """Return an extended header of these records."""
    if isinstance(records, dict):
        records = b"".join(_record(key, value) for key, value in records.items())
    return header("pax", kind, octal(len(records))) + padded(records)


def _record(key: str, value: str) -> bytes:
    rest = f" {key}={value}\n".encode()
    length = len(rest) + 1
    while len(str(length)) + len(rest) != length:
        length += 1
    return str(length).encode() + rest


def archive(between: bytes) -> bytes:
    return member("a/first.mp4") + between + member("a/last.mp4") + bytes(2 * BLOCK)


def _zipped() -> bytes:
    with io.BytesIO() as buffer:
        with zipfile.ZipFile(buffer, "w") as packed:
            packed.writestr("a/first.mp4", VIDEO)
        return buffer.getvalue()


_SPARSE = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "5"}

# What may be read of each: the archive is refused, or read to its end.
MALFORMED: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "zip": _zipped,
    "text": lambda: b"<html>" * 1000,
    "extended_headers": lambda: archive(pax({"comment": "x"}) * 2000),
    "empty_extended_headers": lambda: archive(pax({}) * 2000),
    "long_names": lambda: archive(
        (header("l", tarfile.GNUTYPE_LONGNAME, octal(5)) + padded(b"name\0")) * 2000
    ),
    "extended_header_without_end": lambda: archive(header("pax", tarfile.XHDTYPE, octal(1 << 30))),
    "extended_header_of_2_mib": lambda: archive(pax({"comment": "x" * (1 << 21)})),
    "extended_header_of_a_negative_size": lambda: archive(header("pax", tarfile.XHDTYPE, negative(512))),
    "long_name_of_8_gib": lambda: archive(header("l", tarfile.GNUTYPE_LONGNAME, octal((1 << 33) - 1))),
    "long_name_of_2_to_the_80": lambda: archive(
        header("l", tarfile.GNUTYPE_LONGNAME, b"\x80" + (1 << 80).to_bytes(11, "big"))
    ),
    "size_of_20_digits": lambda: archive(pax({"size": "9" * 20}) + member("a/b.mp4")),
    "size_of_5000_digits": lambda: archive(pax({"size": "9" * 5000}) + member("a/b.mp4")),
    "size_of_2_to_the_80": lambda: archive(header("a/b.mp4", size=b"\x80" + (1 << 80).to_bytes(11, "big"))),
    "negative_size": lambda: archive(header("a/b.mp4", size=negative(5))),
    "back_to_its_own_header": lambda: archive(header("a/b.mp4", size=negative(512))),
    "back_to_the_first_header": lambda: archive(header("a/b.mp4", size=negative(1536))),
    "back_behind_a_global_size": lambda: (
        pax({"size": "5"}, tarfile.XGLTYPE) + archive(header("a/b.mp4", size=negative(512)))
    ),
    "before_the_archive": lambda: archive(header("a/b.mp4", size=negative(1 << 30))),
    "negative_size_in_a_record": lambda: archive(pax({"size": "-512"}) + member("a/b.mp4")),
    "size_that_is_no_number": lambda: archive(header("a/b.mp4", size=b"12345678x01")),
    "global_size_over_other_headers": lambda: pax({"size": "4096"}, tarfile.XGLTYPE) + archive(b""),
    "sparse_map_of_words": lambda: archive(pax({"GNU.sparse.map": "a,b"}) + member("a/b.mp4")),
    "sparse_map_that_ends": lambda: (
        archive(b"")[:-1024] + pax(_SPARSE) + header("a/b.mp4", size=octal(512)) + padded(b"99\n1\n")
    ),
    "sparse_map_without_lines": lambda: archive(pax(_SPARSE) + member("a/b.mp4", b"x" * 512)),
    "sparse_map_of_many_numbers": lambda: archive(
        pax(_SPARSE) + member("a/b.mp4", b"9999999\n" + b"1\n" * (1 << 21))
    ),
    "sparse_size_of_words": lambda: archive(pax({"GNU.sparse.size": "a"}) + member("a/b.mp4")),
    "old_sparse_map_that_ends": lambda: (
        archive(b"")[:-1024] + header("a/b.mp4", tarfile.GNUTYPE_SPARSE, octal(5), at_482=b"\1")
    ),
    "character_set": lambda: archive(pax(b"21 hdrcharset=\xff\xfe\xfd\xfc\n") + member("a/b.mp4")),
    "digits_without_end": lambda: archive(pax(b"1" * ((1 << 20) - 2048)) + member("a/b.mp4")),
    "global_fields": lambda: archive(
        pax({f"f{number}": "" for number in range(5000)}, tarfile.XGLTYPE) + member("a/b.mp4")
    ),
    "damaged_header": lambda: archive(b"?" + member("a/b.mp4")[1:]),
    "cut_header": lambda: archive(b"")[:-1024] + member("a/b.mp4")[:100],
    "cut_member": lambda: archive(b"")[:-1200],
}
HARMLESS: dict[str, Callable[[], bytes]] = {
    "archive_in_an_archive": lambda: archive(member("b.tar", archive(b""))),
    "no_end": lambda: archive(b"")[: -2 * BLOCK],
    "negative_date": lambda: archive(header("a/b.txt", at_136=negative(86_400))),
    "name_that_is_not_utf8": lambda: archive(header("a/b", at_0=b"a/\xff\xfe.txt\0")),
    "long_name": lambda: archive(
        header("l", tarfile.GNUTYPE_LONGNAME, octal(60_000)) + padded(b"n" * 60_000) + header("a/b.txt")
    ),
    "sparse_member": lambda: archive(
        pax({**_SPARSE, "GNU.sparse.name": "a/b.mp4"}) + member("a/b.mp4", padded(b"1\n0\n5\n") + VIDEO)
    ),
    "device": lambda: archive(header("a/b.mp4", tarfile.CHRTYPE)),
    "link_to_itself": lambda: archive(header("a/b.mp4", tarfile.SYMTYPE, at_157=b"b.mp4")),
    "unknown_kind": lambda: archive(header("a/b.mp4", b"Z", octal(5)) + padded(VIDEO)),
}
