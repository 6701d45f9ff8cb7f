"""Prepares the clips of one part: hands them to workers, writes the journal, and stops cleanly."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

from kinetics_fast import _core
from kinetics_fast.preparation.encoder import Encoder
from kinetics_fast.preparation.outcomes import outcomes_here
from kinetics_fast.preparation.result import PrepareProgress
from kinetics_fast.preparation.shards import ShardWriter, entries_on_disk
from kinetics_fast.preparation.worker import Outcome, Worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from kinetics_fast.preparation.clips import ClipList
    from kinetics_fast.preparation.journal import Journal
    from kinetics_fast.preparation.program import Program
    from kinetics_fast.preparation.recipe import Recipe
    from kinetics_fast.preparation.workspace import Workspace
    from kinetics_fast.ray.cluster import Engine


def run(
    clips: ClipList,
    workspace: Workspace,
    recipe: Recipe,
    program: Program,
    workers: int | None,
    shard_size: int | None,
    progress: Callable[[PrepareProgress], None] | None,
    engine: Engine,
) -> PrepareProgress:
    """Prepare the clips of a part. The caller holds the lock of the workspace.

    Parameters
    ----------
    clips : ClipList
        All clips of the data set.
    workspace : Workspace
        The state folder, which knows the part.
    recipe : Recipe
        How to encode.
    program : Program
        The ffmpeg program.
    workers : int or None
        Number of ffmpeg processes at once; as many as there are CPUs if None.
    shard_size : int or None
        Bytes per tar shard; None for one file per clip.
    progress : callable or None
        Called after every clip.
    engine : {"local", "ray"}
        Where clips are encoded: on this machine, or as tasks of a Ray cluster.

    Returns
    -------
    PrepareProgress
        The counts at the end.

    Raises
    ------
    OSError
        The target cannot be written; errno is ENOSPC if the disk is full. What is complete stays.
    ResourceError
        The machine has no memory, file descriptors or threads left.
    """
    part = workspace.part
    jobs = clips.jobs[part.number - 1 :: part.of]
    workspace.join_share_journals()
    entries = workspace.entries()
    encoder = Encoder(program.path)
    counts = PrepareProgress(len(jobs))
    begin = time.monotonic()
    with workspace.scratch() as scratch, workspace.journal() as journal:
        known = entries_on_disk(workspace, entries)
        worker = Worker(workspace.target, scratch, recipe, encoder, known, shard_size is not None)
        in_order = shard_size is not None
        if engine == "local":
            outcomes = outcomes_here(worker, jobs, workers or _core.cpu_budget(), in_order=in_order)
        else:
            from kinetics_fast.preparation.on_ray import outcomes_on_ray  # optional: needs the extra `ray`

            outcomes = outcomes_on_ray(worker, program.version, jobs, workspace, workers)
        shards = None if shard_size is None else ShardWriter(workspace, shard_size, known.values())
        # An exception here keeps the generator alive; closing it ends the processes before their folder goes.
        with closing(outcomes), ExitStack() as stack:
            if shards is not None:
                stack.callback(shards.close)
            for outcome in outcomes:
                # A disk syncs some hundred lines per second, and a cluster prepares thousands of clips.
                _record(outcome, clips, journal, shards, sync=engine == "local")
                _count(outcome, counts)
                counts.seconds = time.monotonic() - begin
                if progress is not None:
                    progress(counts)
            if shards is not None:
                shards.finish()
    return counts


def _record(
    outcome: Outcome, clips: ClipList, journal: Journal, shards: ShardWriter | None, *, sync: bool
) -> None:
    if not outcome.is_new:
        return
    if shards is None or outcome.file is None:
        journal.append(outcome.entry, sync=sync)
        return
    facts = _facts_of_row(clips, outcome.job.row)
    classes = clips.classes
    label = None if facts["label"] is None else classes.index(facts["label"])
    journal.append(shards.append(outcome.entry, outcome.file, facts, label))
    shards.finish_if_full()


def _facts_of_row(clips: ClipList, row: int) -> dict[str, Any]:
    names = ("id", "label", "split", "time_start", "time_end")
    facts = {name: clips.rows.column(name)[row].as_py() for name in names}
    annotation = clips.rows.column("annotation")[row].as_py()
    return facts if annotation is None else {**facts, "annotation": json.loads(annotation)}


def _count(outcome: Outcome, counts: PrepareProgress) -> None:
    counts.done += 1
    if outcome.entry.error is not None:
        counts.failed += 1
        return
    counts.prepared += outcome.is_new
    counts.bytes_in += outcome.entry.source_size
    counts.bytes_out += outcome.entry.size
