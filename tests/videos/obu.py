"""Splits AV1 temporal units into OBUs, packs OBUs, and edits a few header fields, for recipes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from videos.bitstream import bits_of, bytes_of

if TYPE_CHECKING:
    from videos.trace_headers import Unit

SEQUENCE, FRAME_HEADER, FRAME = 1, 3, 6
OPERATING_POINT = (
    12  # the bit position of operating_point_idc[0] in a sequence header without timing information
)
SHOW_SLOT_7 = bytes_of("1" + "111" + "1")  # a frame header: show_existing_frame 1, slot 7


@dataclass(frozen=True)
class Obu:
    """One OBU; `layer` is its spatial layer, None if it has no extension header."""

    type: int
    payload: bytes
    layer: int | None = None

    def packed(self) -> bytes:
        extension = b"" if self.layer is None else bytes([self.layer << 3])
        head = bytes([self.type << 3 | bool(extension) << 2 | 2]) + extension
        return head + leb128(len(self.payload)) + self.payload


def leb128(number: int) -> bytes:
    groups = [number >> shift & 127 for shift in range(0, max(7, number.bit_length() + 6), 7)]
    while len(groups) > 1 and not groups[-1]:
        groups.pop()
    return bytes([group | 128 for group in groups[:-1]] + groups[-1:])


def split(unit: bytes) -> list[Obu]:
    """Return the OBUs of a temporal unit in which every OBU has a size field."""
    found, at = [], 0
    while at < len(unit):
        head = unit[at]
        at += 2 if head & 4 else 1
        size = shift = 0
        while True:
            size |= (unit[at] & 127) << shift
            shift, at = shift + 7, at + 1
            if not unit[at - 1] & 128:
                break
        found.append(Obu(head >> 3 & 15, unit[at : at + size]))
        at += size
    return found


def pack(found: list[Obu]) -> bytes:
    return b"".join(one.packed() for one in found)


def with_operating_point(sequence: Obu, idc: int) -> Obu:
    bits = bits_of(sequence.payload)
    edited = bits[:OPERATING_POINT] + f"{idc:012b}" + bits[OPERATING_POINT + 12 :]
    return replace(sequence, payload=bytes_of(edited))


def hidden_key(frame: Obu, header: Unit) -> Obu:
    """Return a shown key frame as a hidden key frame in slot 7; `header` is the trace of its header."""
    start = header.find("show_existing_frame").at
    last = next(found for found in reversed(header.fields) if found.name != "zero_bit")
    bits = bits_of(frame.payload)
    shown, hint = (header.find(name).at - start for name in ("show_frame", "order_hint"))
    after_hint = hint + header.find("order_hint").width
    end = last.at + last.width - start
    edited = (
        bits[:shown] + "0" + "1" + "0"  # show_frame, showable_frame, error_resilient_mode
        + bits[shown + 1 : after_hint] + "10000000" + bits[after_hint:end]  # refresh_frame_flags
    )  # fmt: skip
    return replace(frame, payload=bytes_of(edited) + frame.payload[-(-end // 8) :])
