"""What can go wrong in a scan as a whole, as opposed to one of its files."""

from __future__ import annotations


class ScanError(Exception):
    """A scan cannot run; the message says what to do."""
