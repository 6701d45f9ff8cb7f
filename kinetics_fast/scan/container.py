"""Reads the outermost structure of a file: whether an MP4 has its header, and whether the file is cut short.

Only the headers of boxes or elements are read, not their contents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

MP4_TYPES = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"moof", b"styp", b"sidx", b"uuid"}
MAX_BOXES = 4096
UNKNOWN_LENGTH = 0xFFFFFFFF  # of an AVI whose header was never updated
EBML_HEAD = b"\x1a\x45\xdf\xa3"
SEGMENT = b"\x18\x53\x80\x67"


@dataclass(frozen=True)
class Structure:
    """The structure of a file.

    Attributes
    ----------
    mp4 : bool
        The file consists of MP4 boxes.
    header : bool
        One of the boxes is `moov`.
    missing_bytes : int
        How many bytes are missing at the end of the file.
    """

    mp4: bool = False
    header: bool = False
    missing_bytes: int = 0


def read_structure(file: BinaryIO, begin: int, size: int) -> Structure:
    """Read the structure of a file, or of a range of it.

    Parameters
    ----------
    file : binary file
        The file.
    begin : int
        Where the video begins, in bytes.
    size : int
        Size of the video in bytes.

    Returns
    -------
    Structure

    Raises
    ------
    OSError
        The file cannot be read.
    """
    file.seek(begin)
    head = file.read(min(size, 64))
    if head[:4] == EBML_HEAD:
        return Structure(missing_bytes=max(0, _segment_end(head) - size))
    if head[:4] == b"RIFF" and 0 < (length := int.from_bytes(head[4:8], "little")) < UNKNOWN_LENGTH:
        return Structure(missing_bytes=max(0, 8 + length - size))
    if head[4:8] in MP4_TYPES:
        return _walk_boxes(file, begin, size)
    return Structure()


def _walk_boxes(file: BinaryIO, begin: int, size: int) -> Structure:
    position, header = 0, False
    for _ in range(MAX_BOXES):
        if position + 8 > size:
            break
        file.seek(begin + position)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        elif length == 0:  # the box extends to the end of the file
            length = size - position
        if length < 8:
            break
        header = header or head[4:8] == b"moov"
        position += length
    return Structure(mp4=True, header=header, missing_bytes=max(0, position - size))


def _segment_end(head: bytes) -> int:
    """Return where the Matroska segment ends, in bytes; 0 if its size is unknown."""
    at = 4
    length, at = _ebml_number(head, at)
    at += length
    if head[at : at + 4] != SEGMENT:
        return 0
    length, begin = _ebml_number(head, at + 4)
    return begin + length if length else 0


def _ebml_number(head: bytes, at: int) -> tuple[int, int]:
    """Return an EBML size and the position after it. The size is 0 if it is unknown (all bits are ones)."""
    if at >= len(head) or head[at] == 0:
        return 0, at + 1
    count = 9 - head[at].bit_length()
    value = int.from_bytes(head[at : at + count], "big") & ((1 << 7 * count) - 1)
    return (0 if value == (1 << 7 * count) - 1 else value), at + count
