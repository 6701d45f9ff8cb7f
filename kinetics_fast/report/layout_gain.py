"""What the clips cost to decode as they are, and as a decode-friendly copy would: counted, not timed.

A 16x8 window spans 121 frames. As a file is, the packets from the key frame before it to its end are decoded,
but for those that nothing refers to and nobody wants. The decode-friendly layout has a key frame every 64
frames and fifteen unreferenced B-frames between two P-frames, at a short side of 256.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from kinetics_fast.dataset_index.reader import IndexFile

FRAMES, STRIDE = 16, 8
SPAN = (FRAMES - 1) * STRIDE + 1
FRIENDLY_SPACING, FRIENDLY_SHARE, SHORT_SIDE = 64, 15 / 16, 256

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LayoutGain:
    """Means over the clips of which everything is known.

    Attributes
    ----------
    clips : int
        How many these are.
    pictures, friendly_pictures : float
        Pictures decoded for a 16x8 window.
    megapixels, friendly_megapixels : float
        The same in millions of pixels.
    """

    clips: int
    pictures: float
    friendly_pictures: float
    megapixels: float
    friendly_megapixels: float

    @property
    def factor(self) -> float:
        """How many times fewer pixels are decoded from the copy."""
        return self.megapixels / self.friendly_megapixels


def layout_gain(index: IndexFile) -> LayoutGain | None:
    """Estimate the gain over an index's clips; None where no clip says enough."""
    names = ("frames", "keyframe_spacing", "droppable_share", "width", "height")
    known = index.table.select(names).drop_null()
    if not len(known):
        return None
    frames, spacing, share, width, height = (
        np.asarray(known.column(name).to_numpy(), np.float64) for name in names
    )
    pictures = _pictures(frames, spacing, share)
    friendly = _pictures(frames, np.minimum(frames, FRIENDLY_SPACING), np.full(len(frames), FRIENDLY_SHARE))
    pixels = width * height
    shrunk = pixels * np.minimum(1, SHORT_SIDE / np.minimum(width, height)) ** 2
    return LayoutGain(
        len(known),
        float(pictures.mean()),
        float(friendly.mean()),
        float((pictures * pixels).mean() / 1e6),
        float((friendly * shrunk).mean() / 1e6),
    )


def _pictures(frames: Numbers, spacing: Numbers, share: Numbers) -> Numbers:
    """Estimate what is decoded for a window that begins anywhere with the same likelihood."""
    span = np.minimum(SPAN, frames)
    lead = (np.minimum(spacing, frames - span + 1) - 1) / 2
    wanted = np.minimum(FRAMES, frames)
    return (lead + span) * (1 - share) + wanted * share
