"""All text that commands print, except JSON: lines, tables and progress bars.

Names of files and labels come from anywhere, and so do words that quote them. A terminal obeys the control
characters in them, and rich obeys square brackets. Therefore commands print with `say`, `complain` and
`failure`, and put such texts into tables with `shown`.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn, track
from rich.text import Text

from kinetics_fast.cli.exit_codes import ExitCode
from kinetics_fast.cli.fitting_table import FittingTable
from kinetics_fast.errors import Error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.table import Table

T = TypeVar("T")

WIDE = 1000


def escaped(text: object) -> str:
    r"""Return a text in which characters that do not print are written as in Python, such as ``\x1b``.

    These are control characters, which terminals obey, line ends, which could forge a line of output, marks
    that change the direction of writing, which hide the true name of a file, and bytes that are not UTF-8.
    """
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in str(text)
    )


def shown(text: object, style: str = "") -> Text:
    """Return an escaped text for a table, without markup."""
    return Text(escaped(text), style)


def say(line: object) -> None:
    """Print an escaped line to stdout."""
    print(escaped(line))


def complain(line: object) -> None:
    """Print an escaped line to stderr, with the name of the program."""
    print(f"kinetics-fast: {escaped(line)}", file=sys.stderr)


def failure(message: object, code: ExitCode = ExitCode.FAILED) -> SystemExit:
    """Print a message to stderr and return the exception that ends the program."""
    complain(words_of(message) if isinstance(message, OSError) else message)
    return SystemExit(int(code))


def words_of(error: OSError) -> str:
    """Return the message of an error of the system with the name of the file, without the number."""
    if isinstance(error, Error) or error.strerror is None:
        return str(error)
    name = error.filename
    return error.strerror if name is None else f"{os.fsdecode(name)}: {error.strerror}"


def output() -> Console:
    """Return the console of stdout. Lines are wrapped on a terminal only."""
    console = Console()
    return console if console.is_terminal else Console(width=WIDE)


def file_table(*headings: str) -> Table:
    """Return a table whose first column is for file names. The other columns are never cut off."""
    table = FittingTable()
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
