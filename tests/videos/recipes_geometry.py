"""Test videos whose container crops their pictures, or mirrors and rotates them."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import TYPE_CHECKING

from videos import containers, matroska
from videos.crafting import taken_apart
from videos.recipes import B_FRAMES, SHORT, Recipe, edited, encoded, has_sizes, recut
from videos.recipes_formats import coded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from videos.recipes import Make

Sides = tuple[int, int, int, int]  # left, top, right, bottom


def _with_aperture(sides: Sides, size: tuple[int, int] = (128, 96)) -> Callable[[bytes], bytes]:
    """Return the edit that adds a clap box, which says the size of what is left and its centre's offset."""
    left, top, right, bottom = sides
    width, height = size
    fractions = (width - left - right, 1, height - top - bottom, 1, left - right, 2, top - bottom, 2)
    box = containers.pack([(b"clap", struct.pack(">8i", *fractions))])

    def change(stsd: bytes) -> bytes:
        return stsd[:8] + containers.pack([(kind, body + box) for kind, body in containers.boxes(stsd[8:])])

    return containers.with_table(b"stsd", change)


def _cropped_mp4(sides: Sides, **options: str) -> Make:
    return edited(B_FRAMES, _with_aperture(sides), **options)


def _cropped_mkv(make: Make, sides: Sides) -> Make:
    """Return a recipe that writes the elements PixelCropLeft, -Top, -Right and -Bottom."""
    names = (0x54CC, 0x54BB, 0x54DD, 0x54AA)
    elements = b"".join(matroska.element(name, side) for name, side in zip(names, sides, strict=True))

    def write(path: Path) -> None:
        track, blocks = taken_apart(make, path)
        path.write_bytes(matroska.write(replace(track, picture=elements), blocks))

    return write


def _cropped_and_turned(path: Path) -> None:
    """Write a clap box into a file whose display matrix mirrors it and rotates it."""
    _mirrored(90).make(path)
    path.write_bytes(_with_aperture((6, 10, 4, 3))(path.read_bytes()))


def _mirrored(degrees: int) -> Recipe:
    before = {"display_rotation": degrees, "display_vflip": None}
    return Recipe(
        f"a display matrix that rotates by {degrees} degrees and mirrors",
        recut(SHORT, before=before),
        lambda f: _mirrors(f.data),
    )


def _mirrors(mp4: bytes) -> bool:
    """Say whether the determinant of the matrix in the tkhd box is negative."""
    (header,) = containers.find(mp4, b"moov", b"trak", b"tkhd")
    a, b, _, c, d = struct.unpack_from(">5i", header, 40)
    return bool(a * d - b * c < 0)


def recipes() -> dict[str, Recipe]:
    """Return the recipes by file name."""
    ten_bits = coded("hevc", 12, pix_fmt="yuv420p10le")
    return {
        "aperture.mp4": Recipe("a clean aperture (clap)", _cropped_mp4((8, 4, 6, 2)), has_sizes("114x90")),
        "aperture_odd.mov": Recipe(
            "a clean aperture (clap) of odd offsets", _cropped_mp4((15, 11, 12, 8)), has_sizes("100x76")
        ),
        "aperture_444.mp4": Recipe(
            "a clean aperture (clap) of odd offsets, 4:4:4",
            _cropped_mp4((15, 11, 12, 8), pix_fmt="yuv444p"),
            has_sizes("101x77"),
        ),
        "pixel_crop.mkv": Recipe(
            "PixelCrop elements", _cropped_mkv(encoded(SHORT), (2, 6, 0, 20)), has_sizes("126x70")
        ),
        "pixel_crop_odd.mkv": Recipe(
            "odd PixelCrop elements", _cropped_mkv(ten_bits, (3, 0, 0, 5)), has_sizes("60x42")
        ),
        "aperture_mirrored_90.mp4": Recipe(
            "a clean aperture (clap), and a display matrix that rotates by 90 degrees and mirrors",
            _cropped_and_turned,
            has_sizes("118x82"),
        ),
        **{f"mirrored_{degrees}.mp4": _mirrored(degrees) for degrees in (0, 90, 180, 270)},
    }
