"""`decord.av_reader`, where decord defines `AVReader`."""

from __future__ import annotations

from kinetics_fast.compat.decord.audio import AVReader

__all__ = ["AVReader"]
