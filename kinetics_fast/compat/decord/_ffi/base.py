"""The errors of decord, where some programs import them from."""

from __future__ import annotations

from kinetics_fast.compat.decord.base import DECORDError, DECORDLimitReachedError

__all__ = ["DECORDError", "DECORDLimitReachedError", "__version__"]
__version__ = "0.6.0"
