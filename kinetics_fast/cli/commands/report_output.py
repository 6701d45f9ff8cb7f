"""The output of `kinetics-fast report`: counts and reasons as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table

from kinetics_fast.cli.fitting_table import FittingTable
from kinetics_fast.cli.terminal import output, say, shown
from kinetics_fast.report.counts import SHOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kinetics_fast.report.counts import Counts

MOST_REASONS = 12


def print_summary(counts: Counts, published: Mapping[str, Mapping[str, int]]) -> None:
    """Print counts by split, published counts and the most frequent reasons."""
    output().print(_split_table(counts))
    for split, each in published.items():
        for what, number in each.items():
            usable = counts.by_split[split].usable
            line = f"{split}: {usable:,} usable, {100 * usable / number:.2f} % of {number:,} {what}"
            say(line)
    if counts.reasons:
        output().print(_reason_table(counts))


def _split_table(counts: Counts) -> Table:
    present = [status for status in SHOWN if counts.total.by_status[status]]
    table = FittingTable()
    table.add_column("split")
    for heading in ("clips", *present, "retained"):
        table.add_column(heading, justify="right", no_wrap=True)
    rows = dict(counts.by_split)
    if len(rows) != 1:
        rows["all"] = counts.total
    for split, each in rows.items():
        numbers = (f"{each.by_status[status]:,}" for status in present)
        table.add_row(shown(split), f"{each.rows:,}", *numbers, f"{each.retained:.2f} %")
    return table


def _reason_table(counts: Counts) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("clips", justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    table.add_column("why")
    table.add_column("such as", overflow="fold")
    frequent = sorted(counts.reasons, key=lambda reason: -reason.clips)
    for reason in frequent[:MOST_REASONS]:
        table.add_row(f"{reason.clips:,}", reason.status, shown(reason.words), shown(reason.example))
    if len(frequent) > MOST_REASONS:
        table.caption = f"and {len(frequent) - MOST_REASONS} more reasons: the page lists all"
    return table
