"""`decord.audio_reader`, where decord defines `AudioReader`."""

from __future__ import annotations

from kinetics_fast.compat.decord.audio import AudioReader

__all__ = ["AudioReader"]
