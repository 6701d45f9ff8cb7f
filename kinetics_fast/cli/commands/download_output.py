"""The output of `kinetics-fast download`: bars on a terminal or one line per file, then a summary."""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from kinetics_fast.cli.terminal import escaped, file_table, output, say, shown
from kinetics_fast.download.disk import in_units
from kinetics_fast.download.workers import Outcome, State

if TYPE_CHECKING:
    from kinetics_fast.download.tasks import Task
    from kinetics_fast.download.workers import Watcher


class Lines:
    """Prints a line for each file that was downloaded or failed."""

    def __init__(self) -> None:
        self._count = 0
        self._ended = 0

    def expect(self, count: int) -> None:
        """See `Watcher`."""
        self._count = count

    def begin(self, task: Task) -> None:
        """See `Watcher`."""

    def progress(self, task: Task, size: int, length: int | None) -> None:
        """See `Watcher`."""

    def end(self, outcome: Outcome) -> None:
        """See `Watcher`."""
        self._ended += 1
        if outcome.state in (State.FETCHED, State.FAILED):
            words = outcome.error or outcome.state.value
            self._print(f"{self._ended} of {self._count}: {outcome.task.name}: {words}")

    def _print(self, line: str) -> None:
        print(escaped(line), file=sys.stderr, flush=True)


class Bars(Lines):
    """Shows a bar for each file that is being transferred, and prints a line at its end."""

    def __init__(self, bars: Progress) -> None:
        super().__init__()
        self._bars = bars
        self._ids: dict[str, TaskID] = {}

    def begin(self, task: Task) -> None:
        """See `Watcher`."""
        self._ids[task.name] = self._bars.add_task(escaped(task.name), total=None)

    def progress(self, task: Task, size: int, length: int | None) -> None:
        """See `Watcher`."""
        self._bars.update(self._ids[task.name], completed=size, total=length)

    def end(self, outcome: Outcome) -> None:
        """See `Watcher`."""
        bar = self._ids.pop(outcome.task.name, None)
        if bar is not None:
            self._bars.remove_task(bar)
        super().end(outcome)

    def _print(self, line: str) -> None:
        self._bars.console.print(shown(line))


@contextmanager
def watching() -> Iterator[Watcher]:
    """Return bars if stderr is a terminal, and lines otherwise."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Lines()
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        yield Bars(bars)


def print_outcomes(outcomes: Sequence[Outcome], root: Path) -> None:
    """Print how many files are present, and what to do next."""
    counts = Counter(outcome.state for outcome in outcomes)
    parts = ", ".join(f"{counts[state]} {state.value}" for state in State if counts[state])
    say(f"{root}: {len(outcomes)} files: {parts}")
    if counts[State.FAILED] or counts[State.NOT_RUN]:
        say("run the same command again to continue")
    else:
        say(f"next: kinetics-fast scan {root}")


def print_list(tasks: Sequence[Task], sizes: Sequence[int | None], root: Path, as_json: bool) -> None:
    """Print the files to download, their sizes, and whether they are present."""
    rows: list[dict[str, Any]] = [
        {"name": task.name, "url": task.url, "size": size, "state": "there" if task.is_done() else "to fetch"}
        for task, size in zip(tasks, sizes, strict=True)
    ]
    left = sum(row["size"] or 0 for row in rows if row["state"] == "to fetch")
    disk = next(folder for folder in (root, *root.absolute().parents) if folder.exists())
    free = shutil.disk_usage(disk).free
    if as_json:
        print(json.dumps({"files": rows, "bytes_to_fetch": left, "bytes_free": free}, indent=2))
        return
    table = file_table("size", "state")
    for row in rows:
        size = "?" if row["size"] is None else in_units(row["size"])
        table.add_row(shown(row["name"]), size, row["state"])
    output().print(table)
    say(f"{in_units(left)} to fetch, {in_units(free)} free on the disk")
