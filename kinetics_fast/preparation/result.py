"""What a preparation reports while it runs and when it ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class PrepareProgress:
    """How far a run has come. The counts are those of the clips of this run's part.

    Attributes
    ----------
    clips : int
        Number of clips.
    done : int
        Number of clips that are prepared or have failed, by this or an earlier run.
    prepared : int
        Number of clips that this run has prepared.
    failed : int
        Number of clips that cannot be prepared.
    bytes_in, bytes_out : int
        Bytes of the sources and of the prepared files, of all clips that are prepared.
    seconds : float
        Seconds since the run began.
    """

    clips: int
    done: int = 0
    prepared: int = 0
    failed: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Prepared:
    """The result of a preparation.

    Attributes
    ----------
    index : Path or None
        The index of the prepared clips; None if the run prepared a part.
    clips : int
        Number of clips of this run.
    prepared : int
        Number of clips that this run has prepared. Earlier runs have prepared the others.
    failures : dict of str to str
        The reason for each clip that could not be prepared, by its path in the source.
    bytes_in, bytes_out : int
        Bytes of the sources and of the prepared files.
    """

    index: Path | None
    clips: int
    prepared: int
    failures: dict[str, str] = field(default_factory=dict)
    bytes_in: int = 0
    bytes_out: int = 0
