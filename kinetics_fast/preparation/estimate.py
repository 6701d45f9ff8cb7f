"""Predicts time, size and gain of a preparation from a few clips. Writes nothing to the target."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from kinetics_fast._decode.video import Video
from kinetics_fast.preparation.arguments import arguments
from kinetics_fast.preparation.clips import spread
from kinetics_fast.preparation.encoder import Encoder
from kinetics_fast.preparation.errors import ClipError, PrepareError
from kinetics_fast.preparation.on_disk import on_disk
from kinetics_fast.preparation.program import find_ffmpeg
from kinetics_fast.preparation.source_clip import check_undamaged, open_clip
from kinetics_fast.preparation.verify import verify
from kinetics_fast.preparation.window_cost import compare_windows
from kinetics_fast.preparation.workspace import Part

if TYPE_CHECKING:
    from collections.abc import Callable

    from kinetics_fast.preparation.clips import ClipJob
    from kinetics_fast.preparation.session import Options
    from kinetics_fast.preparation.window_cost import WindowCost

SAMPLE: Final = 10


@dataclass(frozen=True)
class Estimate:
    """What a preparation will take and bring, predicted from a few clips.

    Attributes
    ----------
    clips, sampled, failed : int
        Number of clips, of those that were prepared on trial, and of those among them that failed.
    workers : int
        Number of ffmpeg processes at once.
    seconds_per_clip, seconds : float
        Time of one ffmpeg per clip, and of the whole run with all workers.
    bytes_in, bytes_out : int
        Bytes of all sources and of all prepared files.
    pictures_before, pictures_after : float
        Pictures that are decoded for a window of 16 frames with stride 8.
    gain : float
        CPU time of such windows from the sources, divided by that from the prepared files.
    """

    clips: int
    sampled: int
    failed: int
    workers: int
    seconds_per_clip: float
    seconds: float
    bytes_in: int
    bytes_out: int
    pictures_before: float
    pictures_after: float
    gain: float


@dataclass(frozen=True)
class _Trial:
    seconds: float
    bytes_in: int
    bytes_out: int
    before: WindowCost
    after: WindowCost


def estimate(options: Options, progress: Callable[[int], None] | None = None) -> Estimate:
    """Prepare evenly spaced clips in a temporary folder, one after the other, and predict the whole.

    Parameters
    ----------
    options : Options
        The options of the preparation.
    progress : callable, optional
        Called with the number of clips that have been tried.

    Raises
    ------
    PrepareError
        None of the clips can be prepared; the message has the reason for the first.
    """
    clips = options.clips()
    encoder = Encoder(find_ffmpeg().path)
    part = Part() if options.part is None else Part(*options.part)
    jobs = clips.jobs[part.number - 1 :: part.of]
    chosen = [jobs[number] for number in spread(len(jobs), SAMPLE)]
    trials, failures = [], []
    with tempfile.TemporaryDirectory(prefix="kinetics-fast-") as folder:
        try:
            for number, job in enumerate(chosen):
                try:
                    trials.append(_try(job, options, encoder, Path(folder) / "trial.mp4"))
                except ClipError as error:
                    failures.append(f"{job.source}: {error}")
                if progress is not None:
                    progress(number + 1)
        finally:
            encoder.stop()
    if not trials:
        raise PrepareError(f"none of {len(chosen)} clips can be prepared; {failures[0]}")
    each = float(np.mean([trial.seconds for trial in trials]))
    known = sum(job.place.size_in_bytes() for job in jobs)
    # The sizes of objects in a store are not known without a request for each.
    bytes_in = known or round(len(jobs) * float(np.mean([trial.bytes_in for trial in trials])))
    ratio = sum(trial.bytes_out for trial in trials) / sum(trial.bytes_in for trial in trials)
    workers = options.worker_count()
    return Estimate(
        len(jobs),
        len(chosen),
        len(failures),
        workers,
        each,
        each * len(jobs) / min(workers, len(jobs)),
        bytes_in,
        round(bytes_in * ratio),
        float(np.mean([trial.before.packets_sent for trial in trials])),
        float(np.mean([trial.after.packets_sent for trial in trials])),
        sum(trial.before.seconds_cpu for trial in trials) / sum(trial.after.seconds_cpu for trial in trials),
    )


def _try(job: ClipJob, options: Options, encoder: Encoder, path: Path) -> _Trial:
    begin = time.monotonic()
    with on_disk(job.place, path.with_suffix(".source")) as place:
        clip = open_clip(place)
        check_undamaged(clip)
        encoder.run(arguments(clip, options.recipe, path))
        verify(path, clip, options.recipe)
        seconds = time.monotonic() - begin
        before, after = compare_windows(clip.video, Video(path))
        size = place.size_in_bytes()
    return _Trial(seconds, size, path.stat().st_size, before, after)
