"""The report as plain values, for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kinetics_fast.report.counts import SHOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kinetics_fast.report.counts import Counts, StatusCounts


def as_json(counts: Counts, published: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """Return the counts as plain values: in total, by split and by class, and the reasons."""
    return {
        "total": _plain(counts.total),
        "published": published,
        "splits": {split: _plain(each) for split, each in counts.by_split.items()},
        "classes": {name: _plain(counts.of_class(name)) for name in counts.by_class},
        "reasons": [asdict(reason) for reason in counts.reasons],
    }


def _plain(counts: StatusCounts) -> dict[str, Any]:
    return {
        "clips": counts.rows,
        "usable": counts.usable,
        "retained": round(counts.retained, 2),
        "status": {status: counts.by_status[status] for status in SHOWN if counts.by_status[status]},
    }
