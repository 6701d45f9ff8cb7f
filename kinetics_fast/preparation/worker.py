"""Prepares one clip: fingerprint, encode, verify, publish. Runs on any thread and writes no journal."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kinetics_fast._files import publish, sync_folder
from kinetics_fast.errors import raise_if_scarce
from kinetics_fast.preparation.arguments import arguments
from kinetics_fast.preparation.errors import ClipError
from kinetics_fast.preparation.journal import Entry, entry_for
from kinetics_fast.preparation.on_disk import on_disk
from kinetics_fast.preparation.source_clip import check_undamaged, open_clip
from kinetics_fast.preparation.verify import verify

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kinetics_fast.preparation.clips import ClipJob
    from kinetics_fast.preparation.encoder import Encoder
    from kinetics_fast.preparation.recipe import Recipe
    from kinetics_fast.scan.header_hash import Fingerprint


@dataclass(frozen=True)
class Outcome:
    """What became of a clip.

    Attributes
    ----------
    job : ClipJob
        The clip.
    entry : Entry
        The line for the journal.
    is_new : bool
        Whether the line must be written; False if an earlier run prepared the clip.
    file : Path or None
        The file in the scratch folder that is to be put into a shard.
    """

    job: ClipJob
    entry: Entry
    is_new: bool
    file: Path | None = None


@dataclass(frozen=True)
class Worker:
    """What all clips of a run share.

    Attributes
    ----------
    target, scratch : Path
        The folders of complete and of unfinished files.
    recipe : Recipe
        How to encode.
    encoder : Encoder
        Runs ffmpeg.
    known : mapping of str to Entry
        The clips that earlier runs prepared, by name. Their files exist.
    shards : bool
        Leave the file in the scratch folder.
    """

    target: Path
    scratch: Path
    recipe: Recipe
    encoder: Encoder
    known: Mapping[str, Entry]
    shards: bool

    def prepare(self, job: ClipJob) -> Outcome:
        """Prepare a clip, unless an earlier run did it from the same content.

        Raises
        ------
        OSError
            The target cannot be written.
        ResourceError
            The machine has no memory, file descriptors or threads left.
        StoppedError
            The run is being stopped.
        """
        try:
            content = job.place.fingerprint()
        except OSError as error:
            raise_if_scarce(error)
            return Outcome(job, Entry(job.name, job.source, -1, "", error=error.strerror or str(error)), True)
        known = entry_for(self.known, job.name, job.source)
        is_taken = known is not None and known is not self.known.get(job.name)
        if known is not None and (is_taken or (known.error is None and known.is_of(content))):
            return Outcome(job, known, False)
        unfinished = self.scratch / f"{job.number}.mp4"
        try:
            size = self._write(job, content, unfinished)
        except ClipError as error:
            unfinished.unlink(missing_ok=True)
            failed = Entry(job.name, job.source, content.size, content.header_hash.hex(), error=str(error))
            return Outcome(job, failed, failed != known)
        done = Entry(job.name, job.source, content.size, content.header_hash.hex(), size)
        if self.shards:
            return Outcome(job, done, True, unfinished)
        final = self.target / job.name
        final.parent.mkdir(parents=True, exist_ok=True)
        publish(unfinished, final)
        sync_folder(final.parent)
        return Outcome(job, done, True)

    def _write(self, job: ClipJob, content: Fingerprint, unfinished: Path) -> int:
        if content.size == 0:
            raise ClipError("the file is empty")
        try:
            with on_disk(job.place, unfinished.with_suffix(".source")) as place:
                clip = open_clip(place)
                check_undamaged(clip)
                self.encoder.run(arguments(clip, self.recipe, unfinished))
                verify(unfinished, clip, self.recipe)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                error.filename = str(self.target)
            raise
        return unfinished.stat().st_size
