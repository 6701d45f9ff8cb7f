"""Reads and edits the syntax of an H.264 stream: NAL units, slices, recovery points, the SPS.

With this module a recipe proves that its video has the property that the video is named for. Nothing here
decodes a picture or uses the package under test.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SLICE, IDR, SEI, SPS, PPS = 1, 5, 6, 7, 8
RECOVERY_POINT = 6
HIGH_PROFILES = (100, 110, 122, 244, 44, 83, 86, 118, 128)


@dataclass(frozen=True)
class Nal:
    """One NAL unit, with its header byte."""

    data: bytes

    @property
    def type(self) -> int:
        return self.data[0] & 31

    @property
    def ref_idc(self) -> int:
        return self.data[0] >> 5 & 3

    def rbsp(self) -> bytes:
        return self.data[1:].replace(b"\0\0\3", b"\0\0")


def split_avcc(packet: bytes) -> list[Nal]:
    """Return the NAL units of a packet in avcC format, with lengths of four bytes."""
    nals, at = [], 0
    while at < len(packet):
        (size,) = struct.unpack_from(">I", packet, at)
        nals.append(Nal(packet[at + 4 : at + 4 + size]))
        at += 4 + size
    return nals


def split_annexb(stream: bytes) -> list[Nal]:
    """Return the NAL units of an Annex B stream, which stand between start codes."""
    parts = stream.split(b"\0\0\1")[1:]
    return [Nal(part.rstrip(b"\0")) for part in parts]


def split(packet: bytes) -> list[Nal]:
    """Return the NAL units of a packet, which is in avcC format if its lengths add up to its size."""
    at = 0
    while at + 4 <= len(packet):
        at += 4 + int.from_bytes(packet[at : at + 4], "big")
    return split_avcc(packet) if at == len(packet) else split_annexb(packet)


def bits_of(data: bytes) -> str:
    return "".join(f"{byte:08b}" for byte in data)


def bytes_of(bits: str) -> bytes:
    """Return the bytes of a string of bits, padded with zeros."""
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))


def exp_golomb(value: int) -> str:
    bits = f"{value + 1:b}"
    return "0" * (len(bits) - 1) + bits


class BitReader:
    """Reads fixed and Exp-Golomb fields of an RBSP; `at` is the position in bits."""

    def __init__(self, data: bytes) -> None:
        self.bits = bits_of(data)
        self.at = 0

    def u(self, count: int) -> int:
        value = int(self.bits[self.at : self.at + count] or "0", 2)
        self.at += count
        return value

    def ue(self) -> int:
        zeros = self.bits.index("1", self.at) - self.at
        self.at += zeros
        return self.u(zeros + 1) - 1


def slice_type(nal: Nal) -> str:
    """Return the type of a slice: P, B or I."""
    reader = BitReader(nal.rbsp()[:16])
    reader.ue()
    return "PBIPI"[reader.ue() % 5]


def sei_messages(nal: Nal) -> Iterator[tuple[int, bytes]]:
    """Yield the type and the payload of each message in an SEI NAL unit."""
    data, at = nal.rbsp(), 0
    while at + 2 < len(data):
        numbers = []
        for _ in range(2):
            number = 0
            while data[at] == 255:
                number, at = number + 255, at + 1
            numbers.append(number + data[at])
            at += 1
        yield numbers[0], data[at : at + numbers[1]]
        at += numbers[1]


def recovery_count(nals: list[Nal]) -> int | None:
    """Return recovery_frame_cnt of the packet's recovery point with exact_match_flag 1, None without one."""
    for nal in nals:
        for kind, payload in sei_messages(nal) if nal.type == SEI else ():
            reader = BitReader(payload)
            if kind == RECOVERY_POINT and (count := reader.ue(), reader.u(1))[1]:
                return count
    return None


def is_entry(nals: list[Nal]) -> bool:
    """Say whether the packet is an entry: an IDR picture, or an exact recovery point with count 0."""
    return any(nal.type == IDR for nal in nals) or recovery_count(nals) == 0


def is_reference(nals: list[Nal]) -> bool:
    """Say whether a later picture may refer to the picture of this packet."""
    return any(nal.ref_idc for nal in nals if nal.type in (SLICE, IDR))


def _at_gaps_flag(sps: Nal) -> BitReader:
    """Return a reader at gaps_in_frame_num_value_allowed_flag."""
    reader = BitReader(sps.rbsp())
    profile = reader.u(8)
    reader.u(16)
    reader.ue()
    if profile in HIGH_PROFILES:
        if reader.ue() == 3:
            reader.u(1)
        reader.ue(), reader.ue(), reader.u(1)
        if reader.u(1):
            raise ValueError("the SPS must not have scaling lists")
    reader.ue()
    if reader.ue() == 0:
        reader.ue()
    reader.ue()
    return reader


def allowing_gaps(sps: Nal) -> Nal:
    """Return the SPS with gaps_in_frame_num_value_allowed_flag set."""
    reader = _at_gaps_flag(sps)
    end = reader.bits.rindex("1")
    return _nal(sps, reader.bits[: reader.at] + "1" + reader.bits[reader.at + 1 : end])


def restriction_bit(sps: Nal) -> int | None:
    """Return the position of bitstream_restriction_flag in the RBSP, None if the SPS has no VUI."""
    reader = _at_gaps_flag(sps)
    reader.u(1), reader.ue(), reader.ue()
    if not reader.u(1):
        reader.u(1)
    reader.u(1)
    if reader.u(1):
        for _ in range(4):
            reader.ue()
    return _restriction_in_vui(reader) if reader.u(1) else None


def _restriction_in_vui(reader: BitReader) -> int:
    if reader.u(1) and reader.u(8) == 255:
        reader.u(32)
    if reader.u(1):
        reader.u(1)
    if reader.u(1):
        reader.u(4)
        if reader.u(1):
            reader.u(24)
    if reader.u(1):
        reader.ue(), reader.ue()
    if reader.u(1):
        reader.u(65)
    if reader.u(1) or reader.u(1):
        raise ValueError("the SPS must not have HRD parameters")
    reader.u(1)
    return reader.at


def without_restriction(sps: Nal) -> Nal:
    """Return the SPS with bitstream_restriction_flag 0 and without the fields that depend on the flag."""
    flag = restriction_bit(sps)
    return sps if flag is None else _nal(sps, BitReader(sps.rbsp()).bits[:flag] + "0")


def under_second_pps(nal: Nal) -> Nal:
    """Return a CAVLC slice of PPS 0 as a slice of PPS 1, or PPS 0 as PPS 1."""
    reader = BitReader(nal.rbsp())
    if nal.type != PPS:
        reader.ue(), reader.ue()
    if reader.bits[reader.at] != "1":
        raise ValueError("the NAL unit must be PPS 0 or a slice of PPS 0")
    end = reader.bits.rindex("1")
    return _nal(nal, reader.bits[: reader.at] + "010" + reader.bits[reader.at + 1 : end])


def _nal(like: Nal, bits: str) -> Nal:
    """Return a NAL unit with the header of `like` and the RBSP `bits`, see `nal_unit`."""
    return nal_unit(like.data[:1], bits)


def nal_unit(header: bytes, bits: str) -> Nal:
    """Return a NAL unit with the RBSP `bits`, with the stop bit and emulation prevention bytes added."""
    escaped = bytearray()
    for byte in bytes_of(bits + "1"):
        if byte <= 3 and escaped[-2:] == b"\0\0":
            escaped.append(3)
        escaped.append(byte)
    return Nal(header + bytes(escaped))
