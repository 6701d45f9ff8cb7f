"""What the headers of a stream say, packet by packet, as FFmpeg's own bitstream tracer prints them.

It knows H.264, HEVC, MPEG-2, VP8, VP9 and AV1. Recipes prove with it that a stream has the frames, layers and
references that it was made for, by other code than the one under test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LINE = re.compile(
    r"^\[trace_headers @ \w+\] (?:Packet: (\d+) bytes.*|(\d+) +(\S+) +([01]*) = (-?\d+)|(\S.*))$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Field:
    """One syntax element: where in the unit it stands, in bits, how long it is, and its value."""

    name: str
    value: int
    at: int
    width: int


@dataclass
class Unit:
    """One header: a NAL unit, an OBU, a picture; its fields in the order of the syntax."""

    name: str
    fields: list[Field] = field(default_factory=list)

    def find(self, name: str) -> Field:
        return next(found for found in self.fields if found.name == name)


@dataclass
class Headers:
    """The headers of one packet."""

    size: int
    units: list[Unit] = field(default_factory=list)

    def values(self, name: str) -> list[int]:
        """Return all values of one syntax element."""
        return [found.value for unit in self.units for found in unit.fields if found.name == name]


def parse(words: str) -> list[Headers]:
    """Return the headers of each packet from the tracer's words; those of the container are left out."""
    packets: list[Headers] = []
    for size, at, name, bits, value, title in LINE.findall(words):
        if size:
            packets.append(Headers(int(size)))
        elif packets and title:
            packets[-1].units.append(Unit(title))
        elif packets and packets[-1].units:
            packets[-1].units[-1].fields.append(Field(name, int(value), int(at), len(bits)))
    return packets
