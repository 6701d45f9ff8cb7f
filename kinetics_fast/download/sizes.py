"""How large files are, asked of the server without fetching them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kinetics_fast.download.session import Session
    from kinetics_fast.download.tasks import Task

QUESTIONS = 16  # at once


def sizes_of(tasks: Sequence[Task], session: Session) -> list[int | None]:
    """Return the size of each file in bytes; None where the server does not say."""
    with ThreadPoolExecutor(QUESTIONS) as threads:
        try:
            return list(threads.map(lambda task: session.length(task.url), tasks))
        finally:
            session.stop.set()  # after Ctrl-C nobody goes on asking
