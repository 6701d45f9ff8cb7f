"""The status of a file and the reason for it, from what indexing gave and what the file's structure says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kinetics_fast.dataset_index import schema
from kinetics_fast.errors import Error, OpenError, UnsupportedError

if TYPE_CHECKING:
    from kinetics_fast import _core
    from kinetics_fast.scan.container import Structure

NOT_A_VIDEO = ("no video stream", "no video container")  # how the core says so
SHORT_SHARE = 0.9


@dataclass(frozen=True)
class Verdict:
    """One of `schema.STATUSES`, and why; None where ok."""

    status: str
    reason: str | None = None


def verdict_of_index(index: _core.FrameIndex, structure: Structure) -> Verdict:
    """Judge a file that could be indexed: whether all that it lists is there."""
    listed = len(index) + index.missing_packets
    if index.missing_packets:
        return Verdict(
            schema.TRUNCATED, f"{index.missing_packets} of {listed} listed frames are not in the file"
        )
    if structure.missing_bytes:
        return Verdict(schema.TRUNCATED, _ends_early(structure))
    return Verdict(schema.OK)


def verdict_of_error(error: Exception, structure: Structure) -> Verdict:
    """Judge a file that could not be indexed: what is wrong with it."""
    reason = reason_of(error)
    if isinstance(error, OpenError):
        return Verdict(schema.UNDECODABLE, reason)
    if structure.mp4 and not structure.header:
        missing = (
            f"; the file ends {structure.missing_bytes} bytes too soon" if structure.missing_bytes else ""
        )
        return Verdict(schema.NO_MOOV, f"the MP4 has no header{missing}")
    if structure.missing_bytes:
        return Verdict(schema.TRUNCATED, f"the file ends {structure.missing_bytes} bytes too soon: {reason}")
    if isinstance(error, UnsupportedError) and any(words in reason for words in NOT_A_VIDEO):
        return Verdict(schema.NO_VIDEO, reason)
    return Verdict(schema.UNDECODABLE, reason)


def verdict_for_clip(
    status: str | None, reason: str | None, duration: float | None, span: float | None
) -> Verdict:
    """Judge a file as the annotated clip, for which a whole one may be too short. No status: no file."""
    if status is None:
        return Verdict(schema.MISSING, reason)
    if status not in (schema.OK, schema.SHORT):
        return Verdict(status, reason)
    if duration is not None and span is not None and duration < SHORT_SHARE * span:
        return Verdict(schema.SHORT, f"it lasts {duration:.2f} s of the {span:g} s annotated")
    return Verdict(schema.OK)


def _ends_early(structure: Structure) -> str:
    return f"the file ends {structure.missing_bytes} bytes too soon"


def reason_of(error: Exception) -> str:
    """Say what went wrong without the path, which has a column of its own."""
    if not isinstance(error, Error):
        return str(error)
    return error.what + (f" ({error.detail})" if error.detail else "")
