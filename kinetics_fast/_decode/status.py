"""How a frame fared."""

from __future__ import annotations

from enum import IntEnum


class FrameStatus(IntEnum):
    """Status of one frame of a batch."""

    OK = 0
    """Exact."""
    DAMAGED = 1
    """Its pixels are there, but the decoder had to guess, in it or in a picture it refers to."""
    FAILED = 2
    """Zeros: it could not be read or decoded."""
    NOT_RUN = 3
    """Zeros: the call was stopped before it was reached."""
