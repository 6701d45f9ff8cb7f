"""Encodes a clip as a strip of small pictures in one WebP, which a page shows one after another."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import Image

# (share of the size, quality of WebP), tried in this order. Noisy pictures need the last ones.
STEPS = ((1.0, 60), (1.0, 42), (1.0, 28), (1.0, 18), (0.75, 20), (0.5, 20), (0.5, 5))


def sprite_sheet(frames: npt.NDArray[np.uint8], most_bytes: int) -> bytes:
    """Return frames side by side as WebP, with the best quality that fits into a number of bytes.

    Parameters
    ----------
    frames : ndarray of uint8, shape (T, H, W, 3)
        Frames as RGB.
    most_bytes : int
        The limit in bytes. The result is larger if even the lowest quality exceeds the limit.

    Returns
    -------
    bytes
        A WebP of W x T by H pixels, or smaller in the same proportions.
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
