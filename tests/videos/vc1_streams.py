"""Makes VC-1 streams from strings of picture types and writes them as Matroska or into any container.

In Matroska, AVI and ASF a VC-1 packet has one timestamp, its decoding time.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import ffmpeg
import numpy as np

from videos import matroska
from videos.ffmpeg_cli import remux, run
from videos.matroska import Block, Track
from videos.vc1_encoder import PROGRESSIVE, Picture, encode
from videos.vc1_headers import FRAME_CODE, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from videos.ffmpeg_cli import Facts
    from videos.recipes import Make, Proof

LETTERS = {"b": "BI", "s": "skipped", "2": "IP"}  # the other letters are the kinds themselves
REFERENCES, KEYS = "IPs2", "I2"
RATED = (".avi", ".asf")  # with one timestamp per packet
SHOWN_AS = {"b": "B", "s": "P", "2": "P"}


@dataclass(frozen=True)
class Stream:
    """A sequence and its packets in coded order; `letters` are their kinds."""

    sequence: Sequence
    letters: str
    packets: list[bytes]

    def private(self) -> bytes:
        """Return the BITMAPINFOHEADER of Video for Windows, followed by the extradata."""
        (width, height), headers = self.sequence.size, self.sequence.beside()
        code = b"WVC1" if self.sequence.advanced else b"WMV3"
        image = struct.pack("<IiiHH4sI", 40 + len(headers), width, height, 1, 24, code, width * height * 3)
        return image + bytes(16) + headers

    def order(self) -> list[int]:
        """Return the packets in presentation order: a reference is shown when the next one is decoded."""
        order: list[int] = []
        held: list[int] = []
        for number, letter in enumerate(self.letters):
            if letter in REFERENCES and self.sequence.b_pictures:
                order, held = order + held, [number]
            else:
                order.append(number)
        return order + held

    def with_header(self, at: int, header: bytes) -> Stream:
        """Return the stream with a header in front of packet `at`."""
        return replace(self, packets=[*self.packets[:at], header + self.packets[at], *self.packets[at + 1 :]])

    def bare(self, first: int = 0, code: bytes = b"") -> Stream:
        """Return the stream with only `code` in front of the frames, from packet `first` on."""
        rest = [code + packet[packet.index(FRAME_CODE) + 4 :] for packet in self.packets[first:]]
        return replace(self, packets=self.packets[:first] + rest)

    def cut(self, first: int) -> Stream:
        return replace(self, letters=self.letters[first:], packets=self.packets[first:])

    def followed_by(self, other: Stream) -> Stream:
        return replace(self, letters=self.letters + other.letters, packets=self.packets + other.packets)


def coded(
    sequence: Sequence, letters: str, coding: str = PROGRESSIVE, **chosen: Callable[[int], Any]
) -> Stream:
    """Return a stream of pictures; each `chosen` function gives a field of a Picture by its number."""
    pictures = [
        Picture(LETTERS.get(letter, letter), coding, **{name: choose(n) for name, choose in chosen.items()})
        for n, letter in enumerate(letters)
    ]
    packets = encode(sequence, pictures, np.random.default_rng(421))
    if sequence.advanced:
        headers = sequence.sequence() + sequence.entry_point()
        packets = [headers * (letters[n] in KEYS) + packet for n, packet in enumerate(packets)]
    return Stream(sequence, letters, packets)


def written(stream: Stream) -> Make:
    """Return a recipe that writes the stream as Matroska."""

    def make(path: Path) -> None:
        track = Track(b"V_MS/VFW/FOURCC", stream.private(), *stream.sequence.size)
        keys = [letter in KEYS for letter in stream.letters]
        blocks = [Block(40 * n, keys[n], packet) for n, packet in enumerate(stream.packets)]
        path.write_bytes(matroska.write(track, blocks))

    return make


def copied(stream: Stream) -> Make:
    """Return a recipe that copies a stream into the container of the target."""
    times = "+".join(rf"eq(N\,{n})*{40 * shown}" for shown, n in enumerate(stream.order()))

    def make(path: Path) -> None:
        whole = path.with_name("whole.mkv")
        written(stream)(whole)
        timed: dict[str, Any] = {"bsf:v": f"setts=pts={times}:dts=N*40-40"}
        remux(whole, path, **({} if path.suffix in RATED else timed))
        whole.unlink()

    return make


def sound(stream: Stream, more: Proof = lambda _: True) -> Proof:
    """Return the proof that ffmpeg shows every picture with its type and reports no error."""
    shown = [stream.letters[n] for n in stream.order()]
    kinds = "".join(SHOWN_AS.get(letter, letter) for letter in shown)

    def proof(facts: Facts) -> bool:
        words = run(ffmpeg.input(str(facts.path)).output("pipe:", map="0:V:0", format="null"))[1]
        codec = "vc1" if stream.sequence.advanced else "wmv3"
        return (facts.codec, facts.picture_types, "rror" in words) == (codec, kinds, False) and more(facts)

    return proof
