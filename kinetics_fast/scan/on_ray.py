"""Reads the files of a scan as tasks of a Ray cluster, whose nodes see the files at the same paths."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kinetics_fast.ray.tasks import run_shares, shares_of
from kinetics_fast.remote.folder import RemoteFolder
from kinetics_fast.scan.scanner import FILES_PER_BATCH, examined

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kinetics_fast.scan.known import Key, Place
    from kinetics_fast.scan.scanner import Batches

FILES_AT_ONCE = 4  # a task has one CPU; reading the next files goes on while one is indexed


@dataclass(frozen=True)
class _Task:
    """What all tasks of a scan share."""

    root: Path | RemoteFolder
    decode: bool


def examined_on_ray(
    root: Path | RemoteFolder,
    files: Mapping[Key, int | None],
    places: Mapping[Key, Place],
    *,
    decode: bool,
) -> Batches:
    """Read files on a Ray cluster. See `scanner.examined`.

    A task only reads. The share of a lost node is read again, so that rows are complete and never double.

    Raises
    ------
    ModuleNotFoundError
        Ray is not installed.
    """
    shares = (
        ({key: files[key] for key in keys}, {key: places[key] for key in keys if key in places})
        for keys in shares_of(list(files))
    )
    task = _Task(root if isinstance(root, RemoteFolder) else root.absolute(), decode)
    done = 0
    rows: list[dict[str, Any]] = []
    with closing(run_shares(_examine_share, task, shares)) as results:
        for count, found in results:
            done += count
            rows += found
            # A part per share would be tens of thousands of files for a large data set.
            if len(rows) >= FILES_PER_BATCH:
                yield done, rows
                rows = []
            else:
                yield done, []
    yield done, rows


def _examine_share(
    task: _Task, files: Mapping[Key, int | None], places: Mapping[Key, Place]
) -> tuple[int, list[dict[str, Any]]]:
    """Read one share and return its number of files, and the rows of the files that were read."""
    batches = examined(task.root, files, places, decode=task.decode, batch_files=FILES_AT_ONCE, threads=1)
    return len(files), [row for _, rows in batches for row in rows]
