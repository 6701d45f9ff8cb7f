"""What becomes of videos that fail: which are tried anew, and when there are too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kinetics_fast.errors import Error, TooManyFailures

ATTEMPTS = 10  # videos tried for a place by on_error="replace"
_CAUSES_SHOWN = 10


@dataclass(frozen=True)
class Failure:
    """A video that could not be used.

    Attributes
    ----------
    record : int
        Its position in the data set.
    path : str
        Its file, range, or what its bytes are called.
    error : Exception
        Why.
    """

    record: int
    path: str
    error: Exception

    def __str__(self) -> str:
        told = str(self.error)
        return told if self.path in told else f"{self.path}: {told}"


def too_many(count: int, borne: str, failures: Sequence[Failure]) -> TooManyFailures:
    """Make the error that ends an epoch."""
    kinds = Counter(_kind(failure.error) for failure in failures)
    summary = ", ".join(f"{number} x {kind}" for kind, number in kinds.most_common())
    shown = "".join(f"\n  record {failure.record}: {failure}" for failure in failures[:_CAUSES_SHOWN])
    more = len(failures) - _CAUSES_SHOWN
    if more > 0:
        shown += f"\n  and {more} more, in loader.stats.failures"
    return TooManyFailures(f"{count} videos failed, {borne}: {summary}{shown}", stage="decode")


def _kind(error: Exception) -> str:
    name = type(error).__name__
    return f"{name} ({error.stage})" if isinstance(error, Error) else name
