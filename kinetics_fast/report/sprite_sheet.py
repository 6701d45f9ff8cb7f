"""A clip as a strip of small pictures in one WebP, for a page to play by showing one after another."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import Image

# Tried in turn: share of the size, WebP's quality. Pictures full of noise need the last ones.
STEPS = ((1.0, 60), (1.0, 42), (1.0, 28), (1.0, 18), (0.75, 20), (0.5, 20), (0.5, 5))


def sprite_sheet(frames: npt.NDArray[np.uint8], most_bytes: int) -> bytes:
    """Lay frames side by side and compress them as well as the bytes allow.

    Parameters
    ----------
    frames : ndarray of uint8, shape (T, H, W, 3)
        RGB.
    most_bytes : int
        What the WebP should not exceed; it may where the last resort does.

    Returns
    -------
    bytes
        A WebP of W x T by H pixels, or of the same shape and smaller.
    """
    strip = Image.fromarray(np.concatenate(list(frames), axis=1))
    for share, quality in STEPS:
        buffer = io.BytesIO()
        size = (round(strip.width * share), round(strip.height * share))
        smaller = strip if share == 1 else strip.resize(size, Image.Resampling.BOX)
        smaller.save(buffer, "WEBP", quality=quality, method=4)
        if buffer.tell() <= most_bytes:
            break
    return buffer.getvalue()
