"""Prepares clips as tasks of a Ray cluster, whose nodes see source and target at the same paths.

1. A task prepares a share of the clips, one after the other, as one worker of this machine does. The caller
   alone writes the journal of the part and the shards.
2. The task writes a journal of its share, which is removed when the caller has recorded the share. If the
   node is lost, the task that Ray starts in its place goes on after the last clip of this journal, and so
   does the next run if the caller itself is killed.
3. A lost node may still be at work. Each attempt has a folder of its own for unfinished files, so that two
   attempts never write one file; a complete file gets its name in one step.
"""

from __future__ import annotations

import platform
import uuid
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kinetics_fast.preparation.encoder import Encoder
from kinetics_fast.preparation.errors import PrepareError
from kinetics_fast.preparation.journal import Journal, read_entries
from kinetics_fast.preparation.outcomes import outcomes_here
from kinetics_fast.preparation.program import find_ffmpeg
from kinetics_fast.preparation.worker import Outcome, Worker
from kinetics_fast.ray.cluster import check_shared
from kinetics_fast.ray.tasks import run_shares, shares_of
from kinetics_fast.remote.folder import RemoteFolder

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from kinetics_fast.preparation.clips import ClipJob
    from kinetics_fast.preparation.journal import Entry
    from kinetics_fast.preparation.recipe import Recipe
    from kinetics_fast.preparation.workspace import Workspace


@dataclass(frozen=True)
class _Task:
    """What all tasks of a run share. The paths are absolute."""

    source: Path | RemoteFolder
    target: Path
    scratch: Path
    recipe: Recipe
    ffmpeg: str  # its version
    shards: bool


def outcomes_on_ray(
    worker: Worker,
    ffmpeg: str,
    source: Path | RemoteFolder,
    jobs: Sequence[ClipJob],
    workspace: Workspace,
    workers: int | None,
) -> Generator[Outcome, None, None]:
    """Yield the outcome of every job; in the order of the jobs if they go into shards.

    Parameters
    ----------
    worker : Worker
        What this machine would prepare the clips with.
    ffmpeg : str
        The version that every node must have, because versions encode differently.
    source : Path or RemoteFolder
        The folder of the sources.
    jobs : sequence of ClipJob
        The clips.
    workspace : Workspace
        The state folder.
    workers : int or None
        Number of ffmpeg processes at once; as many as the cluster has CPUs if None.

    Yields
    ------
    Outcome

    Raises
    ------
    PrepareError
        A node has no usable ffmpeg, or one of another version.
    FileNotFoundError
        A node does not see the source or the target.
    """
    task = _Task(
        source=source if isinstance(source, RemoteFolder) else source.absolute(),
        target=worker.target.absolute(),
        scratch=worker.scratch.absolute(),
        recipe=worker.recipe,
        ffmpeg=ffmpeg,
        shards=worker.shards,
    )
    shares = (
        (
            workspace.share_journal(share[0].number).absolute(),
            [replace(job, place=job.place.absolute()) for job in share],
            {job.name: worker.known[job.name] for job in share if job.name in worker.known},
        )
        for share in shares_of(jobs)
    )
    results = run_shares(_prepare_share, task, shares, at_once=workers, in_order=worker.shards)
    with closing(results):
        for outcomes in results:
            yield from outcomes
            workspace.share_journal(outcomes[0].job.number).unlink(missing_ok=True)


def _prepare_share(
    task: _Task, path: Path, jobs: Sequence[ClipJob], known: Mapping[str, Entry]
) -> list[Outcome]:
    """Prepare one share on one CPU. Of the files for shards, the outcomes have their complete paths."""
    check_shared(*(folder for folder in (task.source, task.scratch) if isinstance(folder, Path)))
    program = find_ffmpeg()
    if program.version != task.ffmpeg:
        raise PrepareError(
            f"{program.path} on node {platform.node()} is version {program.version}, but the ffmpeg of the "
            f"caller is version {task.ffmpeg}; install one version on all nodes"
        )
    before = {entry.name: entry for entry in read_entries([path])} if path.exists() else {}
    outcomes = {job.number: done for job in jobs if (done := _done_before(task, job, before.get(job.name)))}
    scratch = task.scratch / uuid.uuid4().hex[:12]
    scratch.mkdir()
    worker = Worker(task.target, scratch, task.recipe, Encoder(program.path), known, task.shards)
    left = [job for job in jobs if job.number not in outcomes]
    with Journal(path) as journal, closing(outcomes_here(worker, left, 1, in_order=False)) as found:
        for outcome in found:
            if outcome.file is not None:
                outcome = replace(outcome, file=outcome.file.replace(_file_for_shard(task, outcome.job)))
            if outcome.is_new:
                journal.append(outcome.entry)
            outcomes[outcome.job.number] = outcome
    return [outcomes[job.number] for job in jobs]


def _file_for_shard(task: _Task, job: ClipJob) -> Path:
    return task.scratch / f"{job.number}.mp4"


def _done_before(task: _Task, job: ClipJob, entry: Entry | None) -> Outcome | None:
    """Return what an attempt that was lost has done for a clip; None if it did not come so far."""
    if entry is None:
        return None
    if entry.error is not None:
        return Outcome(job, entry, True)
    file = _file_for_shard(task, job) if task.shards else task.target / job.name
    if not file.exists() or file.stat().st_size != entry.size:
        return None
    return Outcome(job, entry, True, file if task.shards else None)
