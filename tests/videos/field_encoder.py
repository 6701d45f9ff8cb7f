"""A minimal H.264 encoder that can choose the picture structure: field pairs, frames, or both mixed.

No encoder of ffmpeg makes field pictures. This encoder codes a macroblock as I_PCM samples or as motion
vectors without residual, which is enough to test how a decoder and an index handle fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from videos import bitstream
from videos.bitstream import IDR, PPS, SEI, SLICE, SPS, Nal
from videos.bitstream import exp_golomb as ue

if TYPE_CHECKING:
    from numpy.random import Generator

COLUMNS, FIELD_ROWS = 4, 2  # macroblocks per field; the frame has 64x64 pixels
FRAME, TOP, BOTTOM = range(3)
P, B, I = range(3)  # noqa: E741 (slice types as H.264 numbers them)
RAW = {P: 30, B: 48, I: 25}  # mb_type of I_PCM in each slice type
RECOVERY_POINT = bytes([6, 1, 0b11000100, 0x80])  # recovery_frame_cnt 0, exact_match_flag 1


@dataclass(frozen=True)
class Picture:
    """One frame to code; `order` counts from the last IDR picture, `kind` is the slice type."""

    order: int
    kind: int
    fields: bool
    idr: bool = False


def se(value: int) -> str:
    return ue(2 * value - 1 if value > 0 else -2 * value)


def nal(kind: int, reference: int, bits: str) -> Nal:
    return bitstream.nal_unit(bytes([reference << 5 | kind]), bits)


def parameter_sets() -> list[Nal]:
    """Return an SPS and a PPS: Main profile, fields allowed, reordering by one picture, CAVLC."""
    restriction = "1" + "1" + ue(0) * 2 + ue(10) * 2 + ue(1) + ue(4)
    vui = "0" * 4 + "0" + "00" + "0" + restriction
    sps = (
        f"{77:08b}{0:08b}{30:08b}" + ue(0) + ue(0) + ue(0) + ue(4) + ue(4) + "0" + ue(COLUMNS - 1)
        + ue(FIELD_ROWS - 1) + "0" + "0" + "1" + "0" + "1" + vui
    )  # fmt: skip
    pps = ue(0) + ue(0) + "0" + "0" + ue(0) + ue(0) + ue(0) + "0" + "00" + se(0) + se(0) + se(0) + "000"
    return [nal(SPS, 3, sps), nal(PPS, 3, pps)]


def encode(pictures: list[Picture], rng: Generator) -> list[list[Nal]]:
    """Return the NAL units of each picture, in coded order; a field pair has two slices."""
    coded, number, idrs = [], 0, 0
    for picture in pictures:
        number, idrs = (0, idrs + 1) if picture.idr else (number, idrs)
        structures = (TOP, BOTTOM) if picture.fields else (FRAME,)
        nals = [_slice(picture, structure, (number, idrs), rng) for structure in structures]
        recovery = picture.kind == I and not picture.idr
        coded.append([Nal(bytes([SEI]) + RECOVERY_POINT), *nals] if recovery else nals)
        number = (number + (picture.kind != B)) % 16
    return coded


def _slice(picture: Picture, structure: int, numbers: tuple[int, int], rng: Generator) -> Nal:
    frame_number, idr_number = numbers
    kind = P if picture.idr and structure == BOTTOM else picture.kind  # it refers to the first field
    idr = picture.idr and structure != BOTTOM
    reference = 0 if picture.kind == B else 2
    order = 2 * picture.order + (structure == BOTTOM)
    bits = ue(0) + ue(kind) + ue(0) + f"{frame_number:04b}"
    bits += "0" if structure == FRAME else "1" + str(int(structure == BOTTOM))
    bits += (ue(idr_number % 2) if idr else "") + f"{order % 256:08b}"
    bits += {I: "", P: "1" + ue(0) + "0", B: "1" + "1" + ue(0) * 2 + "00"}[kind]
    if reference:
        bits += "00" if idr else "0"
    bits += se(0)
    rows = FIELD_ROWS * (2 if structure == FRAME else 1)
    return nal(IDR if idr else SLICE, reference, _macroblocks(bits, kind, rows * COLUMNS, rng))


def _macroblocks(bits: str, kind: int, count: int, rng: Generator) -> str:
    base = rng.integers(30, 220)
    for number in range(count):
        bits += "" if kind == I else ue(0)  # mb_skip_run
        if kind == I or (kind == P and number == count // 2):
            bits += ue(RAW[kind])
            bits += "0" * (-len(bits) % 8)
            samples = rng.integers(base - 20, base + 20, 384).astype(np.uint8)
            bits += bitstream.bits_of(samples.tobytes())
        else:
            lists = 2 if kind == B and number % 3 == 2 else 1
            bits += ue(0 if kind == P else number % 3 + 1)
            bits += "".join(se(int(step)) for step in rng.integers(-3, 4, 2 * lists))
            bits += ue(0)  # coded_block_pattern: no residual
    return bits
