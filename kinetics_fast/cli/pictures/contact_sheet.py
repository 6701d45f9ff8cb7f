"""Draws a batch: one row per clip, with its name and frame numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from kinetics_fast.cli.terminal import escaped

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

ROWS, COLUMNS = 8, 8
CELL, GAP, CAPTION = 128, 4, 20
BACKGROUND, INK, ALARM = (24, 24, 27), (228, 228, 231), (248, 113, 113)


def save_contact_sheet(
    path: Path,
    frames: npt.NDArray[np.uint8],
    indices: npt.NDArray[np.int64],
    names: Sequence[str],
    failed: Collection[int],
) -> None:
    """Write a PNG of the first clips.

    Parameters
    ----------
    path : Path
        The file to write.
    frames : ndarray of uint8, shape (B, T, H, W, 3)
        The batch; `COLUMNS` evenly spaced frames of each of the first `ROWS` clips are shown.
    indices : ndarray of int64, shape (B, T)
        The frame numbers.
    names : sequence of str
        What to write above each clip.
    failed : collection of int
        Rows that could not be decoded.
    """
    rows = min(ROWS, len(frames))
    columns = range(0, frames.shape[1], max(1, frames.shape[1] // COLUMNS))[:COLUMNS]
    width = GAP + len(columns) * (CELL + GAP)
    sheet = Image.new("RGB", (width, GAP + rows * (CAPTION + CELL + GAP)), BACKGROUND)
    draw = ImageDraw.Draw(sheet)
    font, small = ImageFont.load_default(13), ImageFont.load_default(11)
    for row in range(rows):
        top = GAP + row * (CAPTION + CELL + GAP)
        caption = escaped(f"{names[row]}: failed" if row in failed else names[row])
        draw.text((GAP, top), caption, ALARM if row in failed else INK, font)
        for column, frame in enumerate(columns):
            left = GAP + column * (CELL + GAP)
            picture = Image.fromarray(frames[row, frame]).resize((CELL, CELL), Image.Resampling.LANCZOS)
            sheet.paste(picture, (left, top + CAPTION))
            corner = (left + 4, top + CAPTION + 2)
            draw.text(corner, str(indices[row, frame]), "white", small, stroke_width=2, stroke_fill="black")
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path)
