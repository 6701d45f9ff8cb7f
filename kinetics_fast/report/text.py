"""The report as text for a terminal, and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich import box
from rich.table import Table
from rich.text import Text

from kinetics_fast.report.counts import SHOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from kinetics_fast.report.counts import Counts, StatusCounts

MOST_REASONS = 12


def print_summary(console: Console, counts: Counts, published: Mapping[str, Mapping[str, int]]) -> None:
    """Print counts by split, published counts and the most frequent reasons."""
    console.print(_split_table(counts))
    for split, each in published.items():
        for what, number in each.items():
            usable = counts.by_split[split].usable
            line = f"{split}: {usable:,} usable, {100 * usable / number:.2f} % of {number:,} {what}"
            console.print(line, markup=False, highlight=False)
    if counts.reasons:
        console.print(_reason_table(counts))


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


def _split_table(counts: Counts) -> Table:
    present = [status for status in SHOWN if counts.total.by_status[status]]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("split")
    for heading in ("clips", *present, "retained"):
        table.add_column(heading, justify="right", no_wrap=True)
    rows = dict(counts.by_split)
    if len(rows) != 1:
        rows["all"] = counts.total
    for split, each in rows.items():
        numbers = (f"{each.by_status[status]:,}" for status in present)
        table.add_row(Text(split), f"{each.rows:,}", *numbers, f"{each.retained:.2f} %")
    return table


def _reason_table(counts: Counts) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("clips", justify="right")
    table.add_column("status", no_wrap=True)
    table.add_column("why")
    table.add_column("such as", overflow="fold")
    frequent = sorted(counts.reasons, key=lambda reason: -reason.clips)
    for reason in frequent[:MOST_REASONS]:
        table.add_row(f"{reason.clips:,}", reason.status, Text(reason.words), Text(reason.example))
    if len(frequent) > MOST_REASONS:
        table.caption = f"and {len(frequent) - MOST_REASONS} more reasons: the page lists all"
    return table
