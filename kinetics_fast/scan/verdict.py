"""Decides the status of a file and the reason for it, from its index or error and its structure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kinetics_fast.dataset_index import schema
from kinetics_fast.errors import Error, OpenError, UnsupportedError

if TYPE_CHECKING:
    from kinetics_fast import _core
    from kinetics_fast.scan.container import Structure

SHORT_SHARE = 0.9


@dataclass(frozen=True)
class Verdict:
    """One of `schema.STATUSES`, and the reason for it; None if the status is ok."""

    status: str
    reason: str | None = None


def verdict_of_index(index: _core.FrameIndex, structure: Structure) -> Verdict:
    """Return the verdict on a file that could be indexed: whether it is complete."""
    listed = len(index) + index.missing_packets
    if index.missing_packets:
        return Verdict(
            schema.TRUNCATED, f"{index.missing_packets} of {listed} listed frames are not in the file"
        )
    if structure.missing_bytes:
        return Verdict(schema.TRUNCATED, _cut_short(structure))
    return Verdict(schema.OK)


def verdict_of_error(error: Exception, structure: Structure) -> Verdict:
    """Return the verdict on a file that could not be indexed."""
    reason = reason_of(error)
    if isinstance(error, OpenError):
        return Verdict(schema.UNDECODABLE, reason)
    if structure.mp4 and not structure.header:
        cut = f"; {_cut_short(structure)}" if structure.missing_bytes else ""
        return Verdict(schema.NO_MOOV, f"the MP4 has no header{cut}")
    if structure.missing_bytes:
        return Verdict(schema.TRUNCATED, f"{_cut_short(structure)}: {reason}")
    if isinstance(error, UnsupportedError.NotAVideo):
        return Verdict(schema.NO_VIDEO, reason)
    return Verdict(schema.UNDECODABLE, reason)


def verdict_for_clip(status: str, reason: str | None, duration: float | None, span: float | None) -> Verdict:
    """Return the verdict on an annotated clip, whose file may be too short."""
    if status not in (schema.OK, schema.SHORT):
        return Verdict(status, reason)
    if duration is not None and span is not None and duration < SHORT_SHARE * span:
        return Verdict(schema.SHORT, f"the file lasts {duration:.2f} s, the annotated clip {span:g} s")
    return Verdict(schema.OK)


def _cut_short(structure: Structure) -> str:
    return f"the file is {structure.missing_bytes} bytes too short"


def reason_of(error: Exception) -> str:
    """Return the message of an error without the path, which has a column of its own."""
    if not isinstance(error, Error):
        return str(error)
    return error.what + (f" ({error.detail})" if error.detail else "")
