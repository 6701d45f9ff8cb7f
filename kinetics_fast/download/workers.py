"""Runs several tasks at once on threads, and stops all of them together."""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from kinetics_fast.download.errors import DiskFullError, DownloadError, StoppedError, in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kinetics_fast.download.session import Session
    from kinetics_fast.download.tasks import Task

EXIT_TIMEOUT = 2.0  # seconds; a thread that still waits for a server is abandoned, its file can be resumed


class State(str, Enum):
    """How a task ended."""

    THERE = "there"
    FETCHED = "fetched"
    FAILED = "failed"
    NOT_RUN = "not run"


@dataclass(frozen=True)
class Outcome:
    """A task and how it ended."""

    task: Task
    state: State
    error: DownloadError | None = None


class Watcher(Protocol):
    """Receives the progress of tasks, from any thread."""

    def expect(self, count: int) -> None:
        """Receive the number of tasks."""

    def begin(self, task: Task) -> None:
        """Receive that a task has begun."""

    def progress(self, task: Task, size: int, length: int | None) -> None:
        """Receive how many bytes have arrived, and the length of the file."""

    def end(self, outcome: Outcome) -> None:
        """Receive that a task has ended."""


def run_tasks(tasks: Sequence[Task], session: Session, jobs: int, watcher: Watcher) -> list[Outcome]:
    """Run all tasks and return their outcomes in the same order. A full disk stops all tasks.

    `KeyboardInterrupt` also stops all tasks, and is raised again.
    """
    watcher.expect(len(tasks))
    waiting: queue.SimpleQueue[Task] = queue.SimpleQueue()
    ended: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
    for task in tasks:
        waiting.put(task)

    def work() -> None:
        while True:
            try:
                task = waiting.get_nowait()
            except queue.Empty:
                return
            ended.put(_run(task, session, watcher))

    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(jobs, len(tasks)))]
    outcomes: dict[str, Outcome] = {}
    try:
        for thread in threads:
            thread.start()
        for _ in tasks:
            outcome = ended.get()
            outcomes[outcome.task.name] = outcome
            watcher.end(outcome)
    finally:
        session.stop.set()
        deadline = time.monotonic() + EXIT_TIMEOUT
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
    return [outcomes[task.name] for task in tasks]


def _run(task: Task, session: Session, watcher: Watcher) -> Outcome:
    try:
        if session.stop.is_set():
            return Outcome(task, State.NOT_RUN)
        if task.is_done():
            task.clean()
            return Outcome(task, State.THERE)
        watcher.begin(task)
        task.run(session, lambda size, length: watcher.progress(task, size, length))
    except StoppedError:
        return Outcome(task, State.NOT_RUN)
    except Exception as error:
        explained = in_words(error, task.name)
        if isinstance(explained, DiskFullError):
            session.stop.set()
        return Outcome(task, State.FAILED, explained)
    return Outcome(task, State.FETCHED)
