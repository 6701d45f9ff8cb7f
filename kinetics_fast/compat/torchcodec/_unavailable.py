"""Classes of torchcodec that exist by name only."""

from __future__ import annotations

from typing import Any


class _Unavailable:
    def __init__(self, *_: Any, **__: Any) -> None:
        raise NotImplementedError(
            f"{type(self).__name__} is not a part of the drop-in: kinetics_fast decodes pictures only. "
            "Use the real torchcodec for sound and for encoding"
        )


class AudioDecoder(_Unavailable):
    """Raises a NotImplementedError."""


class AudioEncoder(_Unavailable):
    """Raises a NotImplementedError."""


class AudioSamples(_Unavailable):
    """Raises a NotImplementedError."""


class AudioStreamMetadata(_Unavailable):
    """Raises a NotImplementedError."""


class VideoEncoder(_Unavailable):
    """Raises a NotImplementedError."""


class WavDecoder(_Unavailable):
    """Raises a NotImplementedError."""
