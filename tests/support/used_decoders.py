"""Lets runs be decoded by new decoders only, and counts the runs that were decoded by a used one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from kinetics_fast import _core

if TYPE_CHECKING:
    from collections.abc import Iterator

MANY = 16


@contextmanager
def new_decoders() -> Iterator[None]:
    """Keep no decoder for a later run."""
    _core.limit_idle_decoders(0)
    try:
        yield
    finally:
        _core.limit_idle_decoders(MANY)


def taken() -> int:
    """Return how many runs of this process had a used decoder."""
    return _core.idle_decoders_taken()
