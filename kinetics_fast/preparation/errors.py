"""The errors of a preparation: one stops the run, the other fails one clip."""

from __future__ import annotations


class PrepareError(RuntimeError):
    """The run cannot begin or go on: no usable ffmpeg, other settings than before, or another run."""


class ClipError(Exception):
    """One clip cannot be prepared. The message is the reason; the run goes on with the other clips."""
