"""Draws a window: frames in a grid with numbers and times, and the boxes of a crop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

COLUMNS, CELL, GAP = 4, 320, 6
BACKGROUND = (24, 24, 27)
COLOURS = ((250, 204, 21), (56, 189, 248), (244, 114, 182), (74, 222, 128), (251, 146, 60), (167, 139, 250))


def window_sheet(
    frames: npt.NDArray[np.uint8],
    indices: npt.NDArray[np.int64],
    seconds: npt.NDArray[np.float64],
    boxes: npt.NDArray[np.float64] | None = None,
) -> Image.Image:
    """Return a picture of the frames of one window.

    Parameters
    ----------
    frames : ndarray of uint8, shape (T, H, W, 3)
        The frames, in the size that `boxes` refer to.
    indices, seconds : ndarray, shape (T,)
        Frame numbers and times.
    boxes : ndarray of float64, shape (views, 4), optional
        (x, y, width, height) in pixels of `frames`. Each is drawn on every frame in its own colour.

    Returns
    -------
    Image
    """
    count, height, width, _ = frames.shape
    share = CELL / max(width, height)
    cell = (round(width * share), round(height * share))
    columns = min(COLUMNS, count)
    rows = -(-count // columns)
    size = (GAP + columns * (cell[0] + GAP), GAP + rows * (cell[1] + GAP))
    sheet = Image.new("RGB", size, BACKGROUND)
    font = ImageFont.load_default(13)
    for number in range(count):
        picture = Image.fromarray(frames[number]).resize(cell, Image.Resampling.LANCZOS)
        draw = ImageDraw.Draw(picture)
        for view, box in enumerate(() if boxes is None else boxes):
            x, y, box_width, box_height = (float(value) * share for value in box)
            outline = COLOURS[view % len(COLOURS)]
            draw.rectangle((x, y, x + box_width - 1, y + box_height - 1), outline=outline, width=2)
        caption = f"{indices[number]}  {seconds[number]:.2f} s"
        draw.text((5, 3), caption, "white", font, stroke_width=2, stroke_fill="black")
        place = (GAP + number % columns * (cell[0] + GAP), GAP + number // columns * (cell[1] + GAP))
        sheet.paste(picture, place)
    return sheet
