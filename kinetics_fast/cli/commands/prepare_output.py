"""The output of `kinetics-fast prepare`: progress, the result, and the prediction of a dry run."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from kinetics_fast.cli.terminal import complain, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kinetics_fast.preparation.estimate import Estimate
    from kinetics_fast.preparation.result import Prepared, PrepareProgress

MOST_FAILURES = 20
SECONDS_BETWEEN_LINES = 30.0  # in a log, which has no bar


@contextmanager
def watching() -> Iterator[Callable[[PrepareProgress], None]]:
    """Return a function that shows the progress: a bar on a terminal, a line now and then in a log."""
    console = Console(stderr=True)
    columns = (TextColumn("preparing"), BarColumn(), TextColumn("{task.fields[words]}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("preparing", total=None, words="")
        last = time.monotonic()

        def show(progress: PrepareProgress) -> None:
            nonlocal last
            words = words_of(progress)
            bar.update(task, total=progress.clips, completed=progress.done, words=words)
            if not console.is_terminal and time.monotonic() - last >= SECONDS_BETWEEN_LINES:
                last = time.monotonic()
                complain(words)

        yield show


def words_of(progress: PrepareProgress) -> str:
    """Return the progress as one line."""
    words = [f"{progress.done:,} of {progress.clips:,} clips"]
    if progress.prepared and progress.seconds:
        rate = progress.prepared / progress.seconds
        left = (progress.clips - progress.done) / rate
        words += [f"{rate:.2f} clips/s", f"{duration(left)} left"]
    words.append(f"{size(progress.bytes_in)} in, {size(progress.bytes_out)} out")
    if progress.failed:
        words.append(f"{progress.failed:,} failed")
    return ", ".join(words)


def print_result(prepared: Prepared, target: Path) -> None:
    """Print what has been prepared, and the first clips that could not be."""
    good = prepared.clips - len(prepared.failures)
    earlier = good - prepared.prepared
    before = f", {earlier:,} of them by earlier runs" if earlier else ""
    say(f"{good:,} of {prepared.clips:,} clips are prepared in {target}{before}")
    if prepared.bytes_in:
        ratio = prepared.bytes_out / prepared.bytes_in
        say(f"{size(prepared.bytes_in)} became {size(prepared.bytes_out)} ({ratio:.2f} times the size)")
    for name, reason in list(prepared.failures.items())[:MOST_FAILURES]:
        say(f"failed: {name}: {reason}")
    if len(prepared.failures) > MOST_FAILURES:
        say(f"and {len(prepared.failures) - MOST_FAILURES:,} more")
    if prepared.index is not None:
        say(f"index: {prepared.index}")
        if prepared.failures:
            say(f"'kinetics-fast report {prepared.index}' lists all failures")
    else:
        say("run the same command with --merge instead of --part when all parts are done")


def print_estimate(found: Estimate) -> None:
    """Print the prediction of a dry run."""
    if found.failed:
        say(f"{found.failed} of {found.sampled} clips that were tried cannot be prepared")
    count = f"{found.workers} ffmpeg processes" if found.workers > 1 else "one ffmpeg process"
    say(f"time: about {duration(found.seconds)} for {found.clips:,} clips with {count}")
    hours = found.seconds_per_clip * found.clips / 3600
    say(f"      ({found.seconds_per_clip:.1f} s per clip and process, {hours:.1f} core hours)")
    ratio = found.bytes_out / found.bytes_in if found.bytes_in else 0.0
    say(f"size: {size(found.bytes_in)} become about {size(found.bytes_out)} ({ratio:.2f} times the size)")
    say(
        f"gain: a window of 16 frames with stride 8 takes {found.pictures_after:.0f} pictures instead of "
        f"{found.pictures_before:.0f}, and 1/{found.gain:.1f} of the CPU time"
    )
    say(f"predicted from {found.sampled} clips; nothing was written")


def duration(seconds: float) -> str:
    """Return a time as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def size(count: int) -> str:
    """Return a number of bytes with a unit of 1000s."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.3g} {unit}"
        value /= 1000
    return f"{value:,.2f} TB"
