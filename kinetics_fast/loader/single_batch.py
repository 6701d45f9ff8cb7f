"""Reads one batch of an epoch by itself, as a process does that has no other batch of the epoch."""

from __future__ import annotations

from kinetics_fast import _core
from kinetics_fast._decode.validation import checked_threads
from kinetics_fast.loader.batch import ClipBatch
from kinetics_fast.loader.batch_job import BatchJob, EpochContext
from kinetics_fast.loader.buffers import OutputBuffers
from kinetics_fast.loader.options import Options
from kinetics_fast.loader.plan import Places
from kinetics_fast.loader.rng import EpochDraws

_SECONDS = 0.2  # until a signal is noticed


def read_batch(options: Options, epoch: int, places: Places, size: tuple[int, int] | None) -> ClipBatch:
    """Decode a batch. It is the one that a loader with these options has at this place of the epoch.

    Parameters
    ----------
    options : Options
        The arguments of the loader.
    epoch : int
        Number of the epoch.
    places : Places
        The videos of the batch, of the `EpochPlan`.
    size : (height, width) or None
        Size that all videos of the data set must have; None if the options say the size.

    Returns
    -------
    ClipBatch
    """
    pixels = options.pixels.checked()
    buffers = OutputBuffers(options, pixels)
    buffers.size = size or buffers.size
    threads = _core.ThreadLimit(checked_threads(options.threads))
    context = EpochContext(options, EpochDraws(options.seed, epoch), pixels, buffers, threads)
    job = BatchJob(context, places, 0)
    try:
        job.hurry()
        while not job.advance(_SECONDS):
            pass
        return job.hand_out()
    finally:
        job.cancel()
