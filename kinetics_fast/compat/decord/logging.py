"""decord's log levels. They change nothing: kinetics_fast prints nothing, and raises errors."""

from __future__ import annotations

QUIET = -8
PANIC = 0
FATAL = 8
ERROR = 16
WARNING = 24
INFO = 32
VERBOSE = 40
DEBUG = 48
TRACE = 56

CRITICAL = FATAL


def set_level(lvl: int = ERROR) -> None:
    """Do nothing.

    Parameters
    ----------
    lvl : int
        Has no effect.
    """
