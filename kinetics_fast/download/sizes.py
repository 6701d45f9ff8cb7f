"""Asks the server for the sizes of files without downloading them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kinetics_fast.download.session import Session
    from kinetics_fast.download.tasks import Task

REQUESTS_AT_ONCE = 16


def sizes_of(tasks: Sequence[Task], session: Session) -> list[int | None]:
    """Return the size of each file in bytes; None if the server does not tell it."""
    with ThreadPoolExecutor(REQUESTS_AT_ONCE) as threads:
        try:
            return list(threads.map(lambda task: session.length(task.url), tasks))
        finally:
            session.stop.set()  # after Ctrl-C, end the remaining requests
