"""One preparation from its options to its result: lists clips, holds the lock, encodes, writes the index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import ffmpeg  # noqa: F401 - the workers need these packages; a run without them ends here
import filelock  # noqa: F401

from kinetics_fast import _core
from kinetics_fast.dataset_index.quality_file import ClipQuality, write_quality
from kinetics_fast.preparation.clips import ClipList, list_clips, spread
from kinetics_fast.preparation.encoder import Encoder
from kinetics_fast.preparation.index import write_index
from kinetics_fast.preparation.journal import entry_for
from kinetics_fast.preparation.on_disk import on_disk
from kinetics_fast.preparation.program import find_ffmpeg
from kinetics_fast.preparation.result import Prepared, PrepareProgress
from kinetics_fast.preparation.run import run
from kinetics_fast.preparation.shards import entries_on_disk, place_of
from kinetics_fast.preparation.workspace import Part, Workspace
from kinetics_fast.remote.folder import RemoteFolder
from kinetics_fast.scan.engine import examine_on

if TYPE_CHECKING:
    from kinetics_fast.preparation.program import Program
    from kinetics_fast.preparation.recipe import Recipe
    from kinetics_fast.ray.cluster import Engine

LEAST_SHARD: Final = 1 << 20


@dataclass(frozen=True)
class Options:
    """The arguments of `kf.prepare`, checked. See there."""

    source: Path | RemoteFolder
    target: Path
    recipe: Recipe
    version: str | None = None
    split: str | None = None
    annotations: Path | None = None
    shard_size: int | None = None
    workers: int | None = None
    part: tuple[int, int] | None = None
    merge: bool = False
    quality: int = 0
    engine: Engine = "local"

    def __post_init__(self) -> None:
        if self.shard_size is not None and self.shard_size < LEAST_SHARD:
            raise ValueError(f"shard_size must be at least {LEAST_SHARD} bytes, got {self.shard_size}")
        if self.workers is not None and self.workers < 1:
            raise ValueError(f"workers must be at least 1, got {self.workers}")
        if self.quality < 0:
            raise ValueError(f"quality must be at least 0 clips, got {self.quality}")
        if self.quality and self.part is not None:
            raise ValueError("quality is measured by the run that writes the index; leave out part")

    def clips(self) -> ClipList:
        """List the clips, and check that source and target are apart."""
        clips = list_clips(self.source, self.version, self.split, self.annotations)
        if isinstance(clips.root, Path):
            _check_apart(clips.root, self.target)
        return clips

    def worker_count(self) -> int:
        """Return the number of ffmpeg processes at once on this machine."""
        return self.workers or _core.cpu_budget()


def prepare_data_set(options: Options, progress: Callable[[PrepareProgress], None] | None) -> Prepared:
    """Do what `kf.prepare` describes."""
    examine = examine_on(options.engine)
    clips = options.clips()
    program = find_ffmpeg()
    part = Part() if options.part is None else Part(*options.part)
    workspace = Workspace(options.target, part)
    with workspace.locked():
        workspace.check_settings({"recipe": options.recipe.as_json(), "shard_size": options.shard_size})
        prepared = 0
        if not options.merge:
            counts = run(
                clips,
                workspace,
                options.recipe,
                program,
                options.workers,
                options.shard_size,
                progress,
                options.engine,
            )
            prepared = counts.prepared
        index = None
        if options.part is None:
            about = _about(options.recipe, program, clips)
            index = write_index(clips, workspace, options.split, about, examine)
            if options.quality:
                write_quality(index, _measured(options, clips, workspace, program))
        return _result(clips, workspace, index, prepared)


def _measured(options: Options, clips: ClipList, workspace: Workspace, program: Program) -> list[ClipQuality]:
    """Measure evenly spaced clips, one after the other, so that the times of reading are not disturbed."""
    from kinetics_fast.preparation.quality import measure_quality  # needs Pillow

    entries = entries_on_disk(workspace, workspace.entries())
    found = [(job, entry_for(entries, job.name, job.source)) for job in clips.jobs]
    good = [(job, entry) for job, entry in found if entry is not None and entry.error is None]
    encoder = Encoder(program.path)
    try:
        with workspace.scratch() as scratch:
            measured = []
            for job, entry in (good[number] for number in spread(len(good), options.quality)):
                with on_disk(job.place, scratch / "quality.source") as source:
                    written = place_of(entry, workspace)
                    measured.append(measure_quality(job.name, source, written, options.recipe, encoder))
            return measured
    finally:
        encoder.stop()


def _check_apart(source: Path, target: Path) -> None:
    """Refuse a target in the source, whose files would become sources, and a source in the target."""
    one, other = source.resolve(), target.resolve()
    if one == other or one in other.parents or other in one.parents:
        raise ValueError(f"the target {target} must be outside of the source {source}, and not above it")


def _name_of(root: Path | RemoteFolder) -> str:
    return root.url if isinstance(root, RemoteFolder) else str(root.resolve())


def _about(recipe: Recipe, program: Program, clips: ClipList) -> dict[str, Any]:
    return {**recipe.as_json(), "ffmpeg": program.version, "source": _name_of(clips.root)}


def _result(clips: ClipList, workspace: Workspace, index: Path | None, prepared: int) -> Prepared:
    part = workspace.part
    jobs = clips.jobs[part.number - 1 :: part.of]
    entries = entries_on_disk(workspace, workspace.entries())
    failures, bytes_in, bytes_out = clips.unreadable(), 0, 0
    for job in jobs:
        entry = entry_for(entries, job.name, job.source)
        if entry is None:
            continue
        if entry.error is not None:
            failures[job.source] = entry.error
        else:
            bytes_in, bytes_out = bytes_in + entry.source_size, bytes_out + entry.size
    return Prepared(index, len(jobs), prepared, failures, bytes_in, bytes_out)
