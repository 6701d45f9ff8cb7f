"""The result of decoding one frame."""

from __future__ import annotations

from enum import IntEnum


class FrameStatus(IntEnum):
    """Status of one frame of a batch."""

    OK = 0
    """The pixels are exact."""
    DAMAGED = 1
    """The pixels are there, but this frame, or a picture that it refers to, was damaged and concealed."""
    FAILED = 2
    """The pixels are zeros: the frame could not be read or decoded."""
    NOT_RUN = 3
    """The pixels are zeros: the call was stopped before the frame was decoded."""
