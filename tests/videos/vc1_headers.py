"""The headers of VC-1 and the units that they stand in, as SMPTE 421M has them."""

from __future__ import annotations

from dataclasses import dataclass

from videos import bitstream

SLICE_CODE, FIELD_CODE, FRAME_CODE, ENTRY_CODE, SEQUENCE_CODE = (
    b"\0\0\1" + bytes([number]) for number in range(0x0B, 0x10)
)
UNIFORM = "11"  # quantisers say nothing but a number


@dataclass(frozen=True)
class Sequence:
    """What the headers say: simple and main profile where not `advanced`, which has B-pictures always.

    `flags` are those by which pictures of the advanced profile say more of themselves.
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
        """Return what a container keeps beside the packets."""
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
        """Return size, aspect, rate and colour of the display, and one buffer of the hypothetical decoder."""
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
    """Return a unit: start code, payload, stop bit, escaped."""
    return code + bitstream.nal_unit(b"", bits).data
