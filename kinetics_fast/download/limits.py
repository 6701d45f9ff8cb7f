"""Limits of what a server may send in place of a small file. Archives have no such limits."""

from __future__ import annotations

import time
from dataclasses import dataclass

from kinetics_fast.download.catalog import PAGE
from kinetics_fast.download.disk import in_units
from kinetics_fast.download.errors import TooLargeError, TransferError


@dataclass(frozen=True)
class Limits:
    """The largest size of a file in bytes, and the longest time of its transfer in seconds."""

    size: int
    seconds: float


TEXT = Limits(4_000_000, 600.0)  # lists of archives and read-mes; the longest have 100 kB
TABLE = Limits(256_000_000, 3600.0)  # annotations; the longest have 30 MB


class Allowance:
    """What is left of the limits for one file. The time begins when the object is made.

    Parameters
    ----------
    url : str
        The address of the file, for messages.
    limits : Limits
        The limits.
    """

    def __init__(self, url: str, limits: Limits) -> None:
        self._url = url
        self._limits = limits
        self._end = time.monotonic() + limits.seconds

    def check(self, size: int = 0) -> None:
        """Raise a TransferError if `size` bytes are too many, or if the time has run out."""
        if size > self._limits.size:
            most = in_units(self._limits.size)
            raise TooLargeError(
                f"{self._url}: the server sends more than {most}, which is too much; see {PAGE}"
            )
        if time.monotonic() > self._end:
            took = f"not complete after {self._limits.seconds:g} s"
            raise TransferError(f"{self._url}: {took}; try again later")
