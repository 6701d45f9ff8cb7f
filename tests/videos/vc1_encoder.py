"""A minimal VC-1 encoder that can choose the profile, picture types, fields and skipped macroblocks.

ffmpeg has no VC-1 encoder. This encoder uses one code of each table that it needs: it writes coefficients
and motion vectors by the escape codes, whatever their values are. The vectors are short, so that no
macroblock has to choose between two predictions. SMPTE 421M defines the syntax.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from videos.bitstream import bytes_of
from videos.vc1_headers import FIELD_CODE, FRAME_CODE, SLICE_CODE, bit, unit

if TYPE_CHECKING:
    from numpy.random import Generator

    from videos.vc1_headers import Sequence

QUANTISER = "01010"  # 10: no half steps, escaped levels of up to eight bits
PROGRESSIVE, FRAME, FIELDS = "0", "10", "11"  # FCM, the frame coding mode
# NUMREF and REFFIELD: which of the two preceding fields a P-field refers to.
NEAR, FAR, BOTH = "00", "01", "1"
FIELD_KINDS = {"I": "000", "IP": "001", "P": "011", "B": "100", "BI": "111"}
KINDS = {"P": "0", "B": "10", "I": "110", "BI": "1110", "skipped": "1111"}
RAW = "00000"  # a bitplane in raw mode: its bits stand in the macroblocks
# Codes from the first table of each kind.
VECTOR, VECTOR_AND_BLOCKS, BLOCKS, INTRA = "0000100100110", "110111111", "010", "001101"  # MVDATA
ALL_BLOCKS, ALL_BLOCKS_INTERLACED = "11", "1"  # CBPCY of P- and B-pictures
INTRA_BLOCKS = {0: "1", 1: "010111", 2: "01001", 3: "00101", 32: "0110"}  # CBPCY of I-pictures, Cr first
DC_LUMA = ["1", "01", "0001", "000001100000011110001111"]  # 0, 1, 2, escape
DC_CHROMA = ["00", "01", "101", "11000001000100010001111"]
COEFFICIENT = "0000011" + "00"  # the escape code for an explicit run and level
FIELD_VECTOR = "0111001001100110"  # the escape code of a motion vector in interlaced pictures


MACROBLOCKS_OF_P = {  # their first bits: skipped; vector; vector and blocks; blocks; intra
    PROGRESSIVE: ("1", "0" + VECTOR, "0" + VECTOR_AND_BLOCKS, "0" + BLOCKS, "0" + INTRA),
    FRAME: ("1", "0" + "00", "0" + "11" + "10", "0" + "10001", "0" + "10111" + "10"),
    FIELDS: ("1", "001", "0001", "01", "00000"),
}


@dataclass(frozen=True)
class Picture:
    """One picture; `kind` is I, P, B, BI, `skipped`, or IP: an I-field and a P-field that refers to it.

    `coding` is the frame coding mode in an interlaced sequence. `fade` turns intensity compensation on.
    """

    kind: str
    coding: str = PROGRESSIVE
    reduced: bool = False
    fade: bool = False
    refers: str = NEAR  # NUMREF and REFFIELD of a P-field
    sliced: bool = False


def encode(sequence: Sequence, pictures: list[Picture], rng: Generator) -> list[bytes]:
    """Return the packet of each picture; in advanced profile it begins with a start code."""
    return [_packet(sequence, picture, rng) for picture in pictures]


def _packet(sequence: Sequence, picture: Picture, rng: Generator) -> bytes:
    if not sequence.advanced:
        if picture.kind == "skipped":
            return b"\0"
        return bytes_of(_Coder(sequence, picture, rng).code(_head(sequence, picture, rng))) + b"\0"
    head = _advanced_head(sequence, picture, rng)
    if picture.kind == "skipped":
        return unit(FRAME_CODE, head)
    if picture.sliced:
        return _slices(_Coder(sequence, picture, rng), head)
    if picture.coding != FIELDS:
        return unit(FRAME_CODE, _Coder(sequence, picture, rng).code(head))
    second = replace(picture, kind="P") if picture.kind == "IP" else picture
    first = replace(picture, kind="I") if picture.kind == "IP" else picture
    return unit(FRAME_CODE, _Coder(sequence, first, rng).code(head)) + unit(
        FIELD_CODE, _Coder(sequence, second, rng).code("")
    )


def _slices(coder: _Coder, head: str) -> bytes:
    """Return a frame of two slices, the upper and the lower half."""
    middle = coder.rows // 2
    upper = unit(FRAME_CODE, coder.header(head) + coder.macroblocks(range(middle)))
    return upper + unit(SLICE_CODE, f"{middle:09b}" + "0" + coder.macroblocks(range(middle, coder.rows)))


def _head(sequence: Sequence, picture: Picture, rng: Generator) -> str:
    """Return the picture header of simple or main profile, up to PQINDEX."""
    bits = "0" * sequence.interpolation + "00" + bit(picture.reduced) * sequence.range_reduction
    bits += {"P": "1", "I": "0" + "1" * sequence.b_pictures}.get(picture.kind, "00")
    bits += {"B": _fraction(rng), "BI": "1111111"}.get(picture.kind, "")
    return bits + "0" * 7 * (picture.kind in ("I", "BI"))


def _advanced_head(sequence: Sequence, picture: Picture, rng: Generator) -> str:
    bits = picture.coding * sequence.interlaced
    bits += FIELD_KINDS[picture.kind] if picture.coding == FIELDS else KINDS[picture.kind]
    if sequence.flags:  # TFCNTR; TFF and RFF, or RPTFRM
        bits += f"{rng.integers(256):08b}" + "1" + _drawn_bit(rng)
    if picture.kind == "skipped":
        return bits
    bits += _drawn_bit(rng) + _drawn_bit(rng) * sequence.interlaced  # RND, UVSAMP
    if picture.coding == FIELDS:
        if picture.kind in ("B", "BI"):
            return bits + _fraction(rng)
        return bits + ("00", "01", "10", "11" + "0", "11" + "10")[rng.integers(5)] * sequence.flags  # REFDIST
    if picture.coding == PROGRESSIVE:
        bits += "0" * sequence.interpolation + _fraction(rng) * (picture.kind == "B")
    return bits


class _Coder:
    """Codes one frame or field: the header from the quantiser on, and the macroblocks of the slices."""

    def __init__(self, sequence: Sequence, picture: Picture, rng: Generator) -> None:
        self.sequence, self.picture, self.rng = sequence, picture, rng
        self.fields, self.frame = picture.coding == FIELDS, picture.coding == FRAME
        self.rows = sequence.size[1] // 16 // (1 + self.fields)
        # State of a slice: whether an escape code has set the sizes of run and level, and which luma blocks
        # of an I-picture have coefficients.
        self.lengths_said = False
        self.coded: dict[tuple[int, int], int] = {}

    def code(self, head: str) -> str:
        return self.header(head) + self.macroblocks(range(self.rows))

    def header(self, head: str) -> str:
        bits = head + QUANTISER + "01" * self.sequence.flags  # POSTPROC
        kind = self.picture.kind
        if not self.sequence.advanced and self.sequence.resolutions and kind != "B":
            bits += f"{self.rng.integers(4):02b}"
        if kind in ("I", "BI"):
            bits += (RAW * self.frame + RAW) * self.sequence.advanced + "11" * 2
        else:
            bits += (self._head_of_p() if kind == "P" else self._head_of_b()) + "11"
        return bits + "0"

    def macroblocks(self, rows: range) -> str:
        self.lengths_said = False
        self.coded.clear()
        macroblock = {"P": self._predicted, "B": self._between}.get(self.picture.kind, self._intra)
        return "".join(macroblock((x, y)) for y in rows for x in range(self.sequence.size[0] // 16))

    def _head_of_p(self) -> str:
        if self.frame:
            return "0" + "0" + RAW + "00" + "00" + "000" + "00"
        fade = f"{self.rng.integers(24, 40):06b}{self.rng.integers(0, 4):06b}"
        mode = "0001" + "1" + ("1" + fade) * self.fields + fade if self.picture.fade else "1"
        if self.fields:
            table = "00" + "0" * (self.picture.refers == BOTH)
            return self.picture.refers + mode + "000" + table + "000"
        return mode + RAW + "00" + "00"

    def _head_of_b(self) -> str:
        if self.frame:
            return _fraction(self.rng) + "0" + RAW * 2 + "00" + "00" + "000" + "00" + "00"
        if self.fields:
            return "1" + RAW + "000" + "000" + "000"
        return "1" + RAW * 2 + "00" + "00"

    def _intra(self, place: tuple[int, int]) -> str:
        """Return a macroblock of an I-picture."""
        said = int(self.rng.choice(list(INTRA_BLOCKS)))
        bits = _drawn_bit(self.rng) * self.frame + INTRA_BLOCKS[said] + _drawn_bit(self.rng)
        for block in range(6):
            coded = said >> (5 - block) & 1
            if block < 4:
                coded ^= self._expected(2 * place[0] + block % 2, 2 * place[1] + block // 2, coded)
            bits += self._dc(block >= 4)
            if coded:
                bits += self._coefficients()
        return bits

    def _expected(self, x: int, y: int, change: int) -> int:
        """Return whether a luma block is predicted to have coefficients, and store whether it has some."""
        left, corner, top = (self.coded.get(at, 0) for at in ((x - 1, y), (x - 1, y - 1), (x, y - 1)))
        expected = left if corner == top else top
        self.coded[x, y] = expected ^ change
        return expected

    def _predicted(self, _: tuple[int, int]) -> str:
        """Return a macroblock of a P-picture: skipped, vector, vector and blocks, blocks, or intra."""
        choice = int(self.rng.integers(5))
        bits = MACROBLOCKS_OF_P[self.picture.coding][choice]
        if choice == 1 or (choice == 2 and not self.frame):
            bits += self._vector()
        if choice == 4:
            bits += _drawn_bit(self.rng) + "".join(self._dc(block >= 4) for block in range(6))
        elif choice == 3 or (choice == 2 and not self.frame):
            bits += ALL_BLOCKS_INTERLACED if self.fields or self.frame else ALL_BLOCKS
            bits += self._blocks()
        return bits

    def _between(self, _: tuple[int, int]) -> str:
        """Return a macroblock of a B-picture: direct, forward, backward or interpolated."""
        choice = int(self.rng.integers(4))
        side = ("0", "10", "11")[self.rng.integers(3)]
        if self.fields:
            code = ("1" + "0" + "10", "1" + "1", "1" + "0" + "0", "001" + "1")[choice]
            return code + self._both() if choice == 3 else code
        if self.frame:
            return "1" + ("1" if choice == 0 else "0" + side)
        if choice == 1:
            return "10" + ALL_BLOCKS + self._blocks()
        return ("11", "", "01" + side, "00" + VECTOR + self._vector() + side)[choice]

    def _blocks(self) -> str:
        return "".join(self._coefficients() for _ in range(6))

    def _both(self) -> str:
        return "0101000111000" + self._components()  # the escape code where a P-field has two references

    def _vector(self) -> str:
        if self.fields and self.picture.refers == BOTH:
            return self._both()
        return (FIELD_VECTOR if self.fields or self.frame else "") + self._components()

    def _components(self) -> str:
        x, y = (int(step) for step in self.rng.integers(-2, 3, 2))
        return f"{x % 512:09b}{y % 256:08b}"

    def _dc(self, chroma: bool) -> str:
        codes = DC_CHROMA if chroma else DC_LUMA
        value = int(self.rng.integers(-9, 10))
        code = codes[min(abs(value), 3)]
        return code + (f"{abs(value):08b}" * (abs(value) > 2) + bit(value < 0)) * (value != 0)

    def _coefficients(self) -> str:
        """Return one or two coefficients; the first of a slice also sets the sizes of run and level."""
        bits, count = "", int(self.rng.integers(1, 3))
        for number in range(count):
            bits += COEFFICIENT + bit(number == count - 1)
            bits += "000000" + "11" if not self.lengths_said else ""
            self.lengths_said = True
            run, level = int(self.rng.integers(0, 9)), int(self.rng.integers(1, 12))
            bits += f"{run:06b}" + _drawn_bit(self.rng) + f"{level:08b}"
        return bits


def _drawn_bit(rng: Generator) -> str:
    return str(rng.integers(2))


def _fraction(rng: Generator) -> str:  # BFRACTION: a half, a third, two thirds
    return ("000", "001", "010")[rng.integers(3)]
