"""Counts the clips of an index by split, class and status, and the reasons of clips that are not ok."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from kinetics_fast.dataset_index import schema
from kinetics_fast.datasets.kinetics_names import SPLITS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kinetics_fast.dataset_index.reader import IndexFile

NO_LABEL = "(no label)"
NO_SPLIT = "(no split)"
SHOWN = (schema.OK, schema.SHORT, *(s for s in schema.STATUSES if s not in (schema.OK, schema.SHORT)))
NUMBER = re.compile(r"(?<![\w.])\d+(\.\d+)?(?!\w)")


@dataclass
class StatusCounts:
    """Numbers of clips by status."""

    by_status: Counter[str] = field(default_factory=Counter)

    @property
    def rows(self) -> int:
        """Number of all clips."""
        return sum(self.by_status.values())

    @property
    def usable(self) -> int:
        """Number of clips that can be read completely: ok or short."""
        return self.by_status[schema.OK] + self.by_status[schema.SHORT]

    @property
    def missing(self) -> int:
        """Number of clips without a file."""
        return self.by_status[schema.MISSING]

    @property
    def broken(self) -> int:
        """Number of clips whose file cannot be read completely."""
        return self.rows - self.usable - self.missing

    @property
    def retained(self) -> float:
        """Percentage of usable clips; 100 if there are no clips."""
        return 100.0 * self.usable / self.rows if self.rows else 100.0


@dataclass(frozen=True)
class Reason:
    """A reason with its numbers replaced by "…", how many clips have it, and an example."""

    status: str
    words: str
    clips: int
    example: str


@dataclass(frozen=True)
class Counts:
    """All counts of an index. The counts by split and by class each add up to `total`."""

    total: StatusCounts
    by_split: dict[str, StatusCounts]
    by_class: dict[str, dict[str, StatusCounts]]  # class, then split
    reasons: list[Reason]

    def of_class(self, name: str) -> StatusCounts:
        """Return the counts of a class over all splits."""
        return _summed(self.by_class[name].values())


def count(index: IndexFile) -> Counts:
    """Return the counts of an index.

    Parameters
    ----------
    index : IndexFile
        The index.

    Returns
    -------
    Counts
        Splits are in the order train, val, test; classes in alphabetical order, with those without a clip.
    """
    columns = index.table.select(["split", "label", "status"])
    grouped = columns.group_by(columns.column_names).aggregate([([], "count_all")]).to_pylist()
    names = [*index.classes, *([NO_LABEL] if any(row["label"] is None for row in grouped) else [])]
    by_class: dict[str, dict[str, StatusCounts]] = {name: {} for name in names}
    by_split: dict[str, StatusCounts] = {}
    for row in sorted(grouped, key=lambda row: _split_order(row["split"])):
        split, label = row["split"] or NO_SPLIT, row["label"] or NO_LABEL
        for counts in (
            by_split.setdefault(split, StatusCounts()),
            by_class[label].setdefault(split, StatusCounts()),
        ):
            counts.by_status[row["status"]] += row["count_all"]
    return Counts(_summed(by_split.values()), by_split, by_class, _reasons(index))


def _split_order(split: str | None) -> tuple[int, str]:
    return (SPLITS.index(split), "") if split in SPLITS else (len(SPLITS), split or "")


def _summed(counts: Iterable[StatusCounts]) -> StatusCounts:
    total = StatusCounts()
    for each in counts:
        total.by_status.update(each.by_status)
    return total


def _reasons(index: IndexFile) -> list[Reason]:
    faulty = index.table.select(["status", "reason", "path", "id"]).filter(
        pc.not_equal(index.table.column("status").cast(pa.string()), schema.OK)
    )
    clips: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for row in faulty.to_batches():
        for status, reason, path, name in zip(*(column.to_pylist() for column in row.columns), strict=True):
            words = reason or ""
            if status == schema.MISSING:  # the names of files follow after the colon
                words = words.partition(": ")[0]
            kind = status, NUMBER.sub("…", words)
            clips[kind] += 1
            examples.setdefault(kind, path or name or "")
    order = {status: number for number, status in enumerate(SHOWN)}
    found = [Reason(*kind, number, examples[kind]) for kind, number in clips.items()]
    return sorted(found, key=lambda reason: (order[reason.status], -reason.clips))
