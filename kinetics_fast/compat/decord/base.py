"""The errors of decord, under decord's names."""

from __future__ import annotations

import warnings

ALL = "__ALL__"


class DECORDError(Exception):
    """A video cannot be read, or an argument is not valid."""


class DECORDLimitReachedError(Exception):
    """More frames are damaged than the argument ``fault_tol`` allows."""


class ReadingError(RuntimeError, DECORDError):
    """A file cannot be opened as a video. decord raises one of the two base classes."""


def is_all(arg: object) -> bool:
    """Return whether the argument is the symbol ``ALL``."""
    return isinstance(arg, str) and arg == ALL


def decord_warning(msg: str) -> None:
    """Show a warning."""
    warnings.warn(msg, stacklevel=2)
