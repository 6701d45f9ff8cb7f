"""The readers of sound, which do not read."""

from __future__ import annotations

from typing import Any

from kinetics_fast.compat.decord.base import DECORDError


class AudioReader:
    """Raises a DECORDError: kinetics_fast reads pictures only."""

    def __init__(self, *_: Any, **__: Any) -> None:
        raise DECORDError(
            f"{type(self).__name__} reads sound, and kinetics_fast reads pictures only. Use VideoReader if "
            "the program can do without sound (PyTorchVideo: decode_audio=False), else the real decord"
        )


class AVReader(AudioReader):
    """Raises a DECORDError: kinetics_fast reads pictures only."""
