"""`ClipLoader`: from a list of videos to batches for a training loop."""

from __future__ import annotations

import operator
import weakref
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy.typing as npt

from kinetics_fast._decode.pixels import Color, Interpolation, Layout, PerChannel
from kinetics_fast._decode.validation import Size
from kinetics_fast.loader.batch import ClipBatch
from kinetics_fast.loader.epoch_run import EpochRun
from kinetics_fast.loader.options import Crop, OnError, Options, PixelOptions
from kinetics_fast.loader.progress import Progress
from kinetics_fast.loader.records import Records
from kinetics_fast.loader.state import check_state, fingerprint
from kinetics_fast.loader.stats import LoaderStats
from kinetics_fast.samplers.protocols import Sampler


class ClipLoader:
    """Ready batches of clips, decoded ahead by the engine's threads while the model works.

    ``for batch in loader`` is one epoch, from its beginning; the next loop is the next epoch. Chance is a
    pure function of (seed, epoch, position in the epoch's order, attempt): batches are the same for any
    number of threads and after a resume, and a video is sampled the same on any number of ranks.

    Parameters
    ----------
    dataset : sequence
        Of `Record`, of (source, label) pairs, or of sources. Items are taken one by one, when they are
        needed.
    sampler : callable
        Which frames: ``sampler(video, rng)`` gives int64 (clips, frames); it has ``clips`` and ``frames``.
    crop : callable, optional
        Which parts: ``crop(width, height, rng)`` gives float64 (views, 4), once a clip; it has ``views`` and
        ``size``. None: the whole frame.
    size : int or (height, width), optional
        Output size; None: the crop's, or the size that all videos have.
    flip : float
        Probability that a clip is mirrored.
    batch_size : int
        Videos a batch, of this rank. A batch has ``batch_size * loader.views`` rows.
    shuffle : bool
        Another order each epoch, else the data set's.
    seed : int
        Of the order and of everything that is drawn.
    rank, world_size : int
        Batches of all ranks together are stretches of world_size x batch_size videos of the order; each rank
        has its part of them, and all have the same number of batches.
    layout, dtype, mean, std, color, interpolation, antialias, accept_damaged
        As for `decode_clips`.
    on_error : {"raise", "zero", "replace", "skip"}
        What becomes of a video that cannot be read, is damaged, too short for the sampler or too small for
        the crop. ``raise``: its error. ``zero``: zeros, and ``valid=False``. ``replace``: another video of
        the data set is drawn for it, up to 9 times; ``records`` says which, ``errors`` why. ``skip``: its
        rows are left out, and a batch may have none.
    max_failures : int or float, optional
        So many videos of an epoch (or this share of them, as a float) may fail on this rank; one more ends
        the epoch with `TooManyFailures`.
    timeout : float, optional
        Seconds that the files of a batch may take to be indexed, and that ``next`` waits for its decoding.
        What is not there then fails with `DecodeTimeout`.
    threads : int, optional
        Runs decoded at once, all batches together; None: the CPUs of this process.
    prefetch : int
        Batches decoded ahead of the one that is handed out.
    prefetch_bytes : int
        Bytes that these may have; fewer are decoded ahead where they would have more, but at least one.
    buffers : sequence of ndarray, optional
        Arrays to decode into, each of a batch's shape and dtype, taken in turn. With n of them a batch stays
        as it is until the (n - prefetch)-th batch after it is asked for. None: a batch's array is its own,
        and its memory is used again when nobody refers to it any more.
    drop_last : bool
        Leave out the last batch where it is not full. Otherwise it is filled up by repeats, with
        ``valid=False``.
    progress : bool
        Show a bar with clips/s and the share of time that the model waits (needs tqdm).

    Raises
    ------
    ValueError, TypeError
        An argument makes no sense.

    Examples
    --------
    >>> dataset = [("abseiling.mp4", 0), ("abseiling.mp4", 1)]
    >>> loader = kf.ClipLoader(dataset, kf.RandomClips(16, stride=4), kf.RandomCrop(112), batch_size=2)
    >>> for batch in loader:
    ...     print(batch.frames.shape, batch.frames.dtype, batch.labels)
    (2, 3, 16, 112, 112) float32 [0 1]
    """

    def __init__(
        self,
        dataset: Records,
        sampler: Sampler,
        crop: Crop | None = None,
        size: Size | None = None,
        flip: float = 0.0,
        batch_size: int = 8,
        shuffle: bool = False,
        seed: int = 0,
        rank: int = 0,
        world_size: int = 1,
        layout: Layout = "CTHW",
        dtype: npt.DTypeLike = "float32",
        mean: PerChannel | None = None,
        std: PerChannel | None = None,
        on_error: OnError = "raise",
        max_failures: int | float | None = None,
        timeout: float | None = None,
        threads: int | None = None,
        prefetch: int = 2,
        prefetch_bytes: int = 2 << 30,
        buffers: Sequence[npt.NDArray[Any]] | None = None,
        drop_last: bool = False,
        progress: bool = False,
        *,
        color: Color = "rgb",
        interpolation: Interpolation = "bilinear",
        antialias: bool = True,
        accept_damaged: bool = False,
    ) -> None:
        self._options = Options(
            dataset=dataset,
            sampler=sampler,
            crop=crop,
            size=size,
            flip=flip,
            batch_size=batch_size,
            shuffle=shuffle,
            seed=seed,
            rank=rank,
            world_size=world_size,
            pixels=PixelOptions(layout, dtype, color, mean, std, interpolation, antialias),
            on_error=on_error,
            accept_damaged=accept_damaged,
            max_failures=max_failures,
            timeout=timeout,
            threads=threads,
            prefetch=prefetch,
            prefetch_bytes=prefetch_bytes,
            buffers=buffers,
            drop_last=drop_last,
        )
        self._progress = progress
        self._epoch = 0
        self._batch = 0
        self._failed = 0
        self._resumed = False
        self._stats = LoaderStats()
        self._run: weakref.ref[EpochRun] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_run": None}

    def __len__(self) -> int:
        """Batches of an epoch, the same on every rank."""
        return self._options.batches

    def __repr__(self) -> str:
        o = self._options
        order = f"shuffled with seed {o.seed}" if o.shuffle else "in order"
        size = "x".join(map(str, reversed(o.output_size))) if o.output_size else "their size"
        pixels = f"{o.sampler.frames} frames at {size}, {o.pixels.layout} {o.pixels.checked().dtype}"
        return (
            f"<kf.ClipLoader: {len(o.dataset)} videos {order}, {len(self)} batches of {o.batch_size} videos "
            f"x {o.views} views, {pixels}, rank {o.rank} of {o.world_size}, on_error={o.on_error!r}; "
            f"epoch {self._epoch}, batch {self._batch}>"
        )

    @property
    def views(self) -> int:
        """Rows a video: clips x crops. ``scores.reshape(-1, loader.views, ...).mean(1)`` averages them."""
        return self._options.views

    @property
    def epoch(self) -> int:
        """The epoch that the next loop is, or the one that the loop is in."""
        return self._epoch

    @property
    def stats(self) -> LoaderStats:
        """What has been done in this epoch, or in the last one between two loops."""
        return self._stats

    def set_epoch(self, epoch: int) -> None:
        """Say which epoch the next loop is. A state that was loaded of this very epoch still holds."""
        if operator.index(epoch) < 0:
            raise ValueError(f"epochs are counted from 0, not {epoch}")
        if epoch != self._epoch:
            self._epoch, self._batch, self._failed, self._resumed = operator.index(epoch), 0, 0, False

    def state_dict(self) -> dict[str, Any]:
        """Say where it is: batches that were handed out, not those that were decoded ahead. Plain values.

        It is the same on every rank, but for ``failed``.
        """
        place = {"epoch": self._epoch, "batch": self._batch, "failed": self._failed}
        return {**fingerprint(self._options), **place}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Let the next loop go on where the state was taken.

        Raises
        ------
        ValueError
            The state is of other epochs: of another data set's size, seed, batch size or number of ranks.
        """
        check_state(state, self._options)
        self._epoch, self._batch, self._failed = state["epoch"], state["batch"], state["failed"]
        self._resumed = True

    def _next_place(self) -> tuple[int, int]:
        """Give the epoch of the next loop, and which of its batches comes first."""
        return self._epoch, self._batch if self._resumed else 0

    def __iter__(self) -> Iterator[ClipBatch]:
        """Hand out the batches of an epoch; another loop that is still under way ends."""
        return self._iterate(self._options)

    def _iterate(self, options: Options) -> Iterator[ClipBatch]:
        previous = self._run() if self._run else None
        if previous is not None:
            previous.close()
        _, self._batch = self._next_place()
        if not self._resumed:
            self._failed = 0
        self._resumed = False
        run = EpochRun(options, self._epoch, range(self._batch, len(self)), self._failed)
        self._run = weakref.ref(run)
        self._stats = run.stats
        return self._hand_out(run, self._epoch, self._batch)

    def _hand_out(self, run: EpochRun, epoch: int, first: int) -> Iterator[ClipBatch]:
        bar = Progress(epoch, first, len(self)) if self._progress else None
        try:
            for batch in run:
                self._epoch, self._batch, self._failed = epoch, first + run.handed_out, run.failed
                if bar is not None:
                    bar.show(run.stats)
                yield batch
            self._epoch, self._batch, self._failed = epoch + 1, 0, 0
        finally:
            run.close()
            if bar is not None:
                bar.close()
