"""Runs a download, one at a time per folder, from the lists to the last file."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from kinetics_fast._files import atomic_write, locked
from kinetics_fast.download.errors import BusyError
from kinetics_fast.download.plan import Request, check, make_plan
from kinetics_fast.download.workers import Outcome, Watcher, run_tasks

if TYPE_CHECKING:
    from kinetics_fast.download.session import Session


def run(request: Request, session: Session, jobs: int, watcher: Watcher) -> list[Outcome]:
    """Download the requested files that are not present yet, and return the outcome of each file.

    Raises
    ------
    RequestError
        There is no such class, or the folder holds another version.
    BusyError
        Another download is running in the folder.
    TransferError
        A list cannot be downloaded.
    OSError
        The folder cannot be written.
    """
    request.notes.mkdir(parents=True, exist_ok=True)
    busy = BusyError(f"another download works on {request.root}; wait for it or stop it")
    with locked(request.notes / "lock", busy):
        check(request)
        with atomic_write(request.version_mark, ".part") as mark:
            mark.write(request.version.name.encode())
        outcomes = run_tasks(make_plan(request, session), session, jobs, watcher)
        _remove_empty_folders(request)
        return outcomes


def _remove_empty_folders(request: Request) -> None:
    archives = request.root / "archives"
    for folder in (*archives.glob("*/"), archives):
        with contextlib.suppress(OSError):
            folder.rmdir()
