"""Tables and progress bars for the terminal."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn, track
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

T = TypeVar("T")

WIDE = 1000


def output() -> Console:
    """Return the console of stdout. Lines are wrapped on a terminal only."""
    console = Console()
    return console if console.is_terminal else Console(width=WIDE)


def file_table(*headings: str) -> Table:
    """Return a table whose first column is for file names. The other columns are never cut off."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("file", overflow="fold", min_width=12)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def with_progress(items: Sequence[T], what: str) -> Iterable[T]:
    """Return the items one by one, and show a progress bar on stderr if it is a terminal."""
    console = Console(stderr=True)
    return track(items, what, console=console, transient=True, disable=not (items and console.is_terminal))


@contextmanager
def progress_bar(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Return a function that shows how many items are done on stderr, if stderr is a terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total, rate="")

        def advance(done: int) -> None:
            speed = bar.tasks[0].finished_speed or bar.tasks[0].speed
            bar.update(task, completed=done, rate=f"{speed:.0f}/s" if speed else "")

        yield advance
