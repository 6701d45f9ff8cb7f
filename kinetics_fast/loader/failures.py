"""Failures of videos, and the error that ends an epoch with too many of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kinetics_fast.errors import Error, TooManyFailures

ATTEMPTS = 10  # videos that on_error="replace" tries for a slot
_CAUSES_SHOWN = 10


@dataclass(frozen=True)
class Failure:
    """A video that could not be used.

    Attributes
    ----------
    record : int
        Position of the video in the data set.
    path : str
        The file, its range, or a description of the bytes in memory.
    error : Exception
        The reason.
    """

    record: int
    path: str
    error: Exception

    def __str__(self) -> str:
        text = str(self.error)
        return text if self.path in text else f"{self.path}: {text}"


def too_many(count: int, reason: str, failures: Sequence[Failure]) -> TooManyFailures:
    """Return the error that ends an epoch."""
    kinds = Counter(_kind(failure.error) for failure in failures)
    summary = ", ".join(f"{number} x {kind}" for kind, number in kinds.most_common())
    shown = "".join(f"\n  record {failure.record}: {failure}" for failure in failures[:_CAUSES_SHOWN])
    more = len(failures) - _CAUSES_SHOWN
    if more > 0:
        shown += f"\n  and {more} more, in loader.stats.failures"
    return TooManyFailures(f"{count} videos failed, {reason}: {summary}{shown}", stage="decode")


def _kind(error: Exception) -> str:
    name = type(error).__name__
    return f"{name} ({error.stage})" if isinstance(error, Error) else name
