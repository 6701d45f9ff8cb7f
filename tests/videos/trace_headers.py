"""Parses the headers of each packet that FFmpeg's bitstream filter `trace_headers` prints.

The filter reads H.264, HEVC, MPEG-2, VP8, VP9 and AV1. With it a recipe proves which frames, layers and
references a stream has, without the code under test.
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
    """One syntax element; `at` and `width` are its position and size in the unit, in bits."""

    name: str
    value: int
    at: int
    width: int


@dataclass
class Unit:
    """One header, such as a NAL unit, an OBU or a picture header, with its fields in syntax order."""

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
    """Return the headers of each packet from the filter's log; the headers in the extradata are left out."""
    packets: list[Headers] = []
    for size, at, name, bits, value, title in LINE.findall(words):
        if size:
            packets.append(Headers(int(size)))
        elif packets and title:
            packets[-1].units.append(Unit(title))
        elif packets and packets[-1].units:
            packets[-1].units[-1].fields.append(Field(name, int(value), int(at), len(bits)))
    return packets
