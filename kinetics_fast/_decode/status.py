"""The result of decoding one frame."""

from __future__ import annotations

from enum import IntEnum


class FrameStatus(IntEnum):
    """Status of one frame of a batch.

    Attributes
    ----------
    OK
        The pixels are exact.
    DAMAGED
        The pixels are there, but this frame, or a picture that it refers to, was damaged and concealed.
    FAILED
        The pixels are zeros: the frame could not be read or decoded.
    NOT_RUN
        The pixels are zeros: the call was stopped before the frame was decoded.
    """

    OK = 0
    DAMAGED = 1
    FAILED = 2
    NOT_RUN = 3
