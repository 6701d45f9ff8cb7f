"""Writes the sequence and entry-point headers of VC-1 as SMPTE 421M defines them."""

from __future__ import annotations

from dataclasses import dataclass

from videos import bitstream

SLICE_CODE, FIELD_CODE, FRAME_CODE, ENTRY_CODE, SEQUENCE_CODE = (
    b"\0\0\1" + bytes([number]) for number in range(0x0B, 0x10)
)
UNIFORM = "11"  # QUANTIZER: the uniform quantiser for all frames


@dataclass(frozen=True)
class Sequence:
    """The settings of a sequence: advanced profile, or main profile, or simple profile without `b_pictures`.

    `flags` turns on the optional fields of picture headers in advanced profile.
    """

    advanced: bool = False
    b_pictures: bool = True
    interlaced: bool = False
    range_reduction: bool = False
    resolutions: bool = False
    interpolation: bool = False
    flags: bool = False
    loop_filter: bool = False
    size: tuple[int, int] = (64, 64)

    def beside(self) -> bytes:
        """Return the headers that a container stores as extradata."""
        if self.advanced:
            return self.sequence() + self.entry_point()
        profile = "01" if self.b_pictures else "00"
        filters = bit(self.loop_filter) + "0" + bit(self.resolutions) + "1"
        tools = "1" + "0" + "00" + "0" + "0" + "0" + "0" + bit(self.range_reduction)
        pictures = f"{2 * self.b_pictures:03b}" + UNIFORM + bit(self.interpolation) + "1"
        return bitstream.bytes_of(profile + "00" + "000" + "00000" + filters + tools + pictures)

    def sequence(self) -> bytes:
        flag = bit(self.flags)
        rates = "000" + "00000" + flag
        pulldown = flag + bit(self.interlaced) + flag + bit(self.interpolation) + "1" + "0"
        return unit(SEQUENCE_CODE, "11" + "001" + "01" + rates + self._sides() + pulldown + self._display())

    def entry_point(self) -> bytes:
        tools = "0" + bit(self.flags) + bit(self.loop_filter) + "1" + "0" + "00" + "0" + "0" + UNIFORM
        fullness = "10101010" * self.flags
        return unit(ENTRY_CODE, "00" + tools + fullness + "1" + self._sides() + "0" + "0")

    def _sides(self) -> str:
        return "".join(f"{side // 2 - 1:012b}" for side in self.size)

    def _display(self) -> str:
        """Return display size, aspect ratio, frame rate, colour and one HRD buffer, if `flags` is set."""
        if not self.flags:
            return "0" + "0"
        size = "".join(f"{side - 1:014b}" for side in self.size)
        aspect, rate, colour = (
            "1" + "1111" + "00000001" * 2,
            "1" + "1" + f"{24 * 32:016b}",
            "1" + "00000110" * 3,
        )
        return "1" + size + aspect + rate + colour + "1" + "00001" + "0000" * 2 + "10" * 16


def bit(flag: object) -> str:
    return "1" if flag else "0"


def unit(code: bytes, bits: str) -> bytes:
    """Return a unit: the start code, then `bits` with the stop bit and emulation prevention bytes."""
    return code + bitstream.nal_unit(b"", bits).data
