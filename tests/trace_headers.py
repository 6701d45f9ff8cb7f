"""What the headers of a stream say, packet by packet, as FFmpeg's own bitstream tracer prints them.

It knows H.264, HEVC, MPEG-2, VP8, VP9 and AV1. Recipes prove with it that a stream has the frames, layers and
references that it was made for, by other code than the one under test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LINE = re.compile(
    r"^\[trace_headers @ \w+\] (?:Packet: (\d+) bytes.*|\d+ +(\S+) +[01]* = (-?\d+)|(\S.*))$", re.MULTILINE
)


@dataclass
class Unit:
    """One header: a NAL unit, an OBU, a picture; its fields in the order of the syntax."""

    name: str
    fields: list[tuple[str, int]] = field(default_factory=list)

    def get(self, name: str) -> int | None:
        return next((value for key, value in self.fields if key == name), None)


@dataclass
class Headers:
    """The headers of one packet."""

    size: int
    units: list[Unit] = field(default_factory=list)

    def values(self, name: str) -> list[int]:
        """Return all values of one syntax element."""
        return [value for unit in self.units for key, value in unit.fields if key == name]


def parse(words: str) -> list[Headers]:
    """Return the headers of each packet from the tracer's words; those of the container are left out."""
    packets: list[Headers] = []
    for size, name, value, title in LINE.findall(words):
        if size:
            packets.append(Headers(int(size)))
        elif packets and title:
            packets[-1].units.append(Unit(title))
        elif packets and packets[-1].units:
            packets[-1].units[-1].fields.append((name, int(value)))
    return packets
