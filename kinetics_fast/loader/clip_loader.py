"""`ClipLoader`: batches for a training loop from a list of videos."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy.typing as npt

from kinetics_fast._decode.pixels import Color, Interpolation, Layout, PerChannel
from kinetics_fast._decode.validation import Size, whole_number
from kinetics_fast.loader.batch import ClipBatch
from kinetics_fast.loader.epoch_run import EpochRun
from kinetics_fast.loader.options import Crop, OnError, Options, PixelOptions
from kinetics_fast.loader.order import Order
from kinetics_fast.loader.progress import Progress
from kinetics_fast.loader.records import Records
from kinetics_fast.loader.state import check_state, fingerprint
from kinetics_fast.loader.stats import LoaderStats
from kinetics_fast.samplers.protocols import Sampler


class ClipLoader:
    """Batches of clips, which the engine's threads decode ahead while the model works.

    ``for batch in loader`` iterates over one epoch from its start; the next loop is the next epoch. Random
    draws are a pure function of (seed, epoch, position in the epoch's order, attempt): the batches are the
    same for any number of threads and after a resume, and each video is sampled the same on any number of
    ranks.

    Parameters
    ----------
    dataset : sequence
        `Record` objects, (source, label) pairs, or sources. An item is read when it is needed.
    sampler : callable
        Chooses the frames: ``sampler(video, rng)`` returns int64 (clips, frames). It has the attributes
        ``clips`` and ``frames``.
    crop : callable, optional
        Chooses the parts of the frames: ``crop(width, height, rng)`` is called once per clip and returns
        float64 (views, 4). It has the attributes ``views`` and ``size``. None means whole frames.
    size : int or (height, width), optional
        Output size in pixels. None means the size of the crop, or the size that all videos have.
    flip : float
        Probability that a clip is mirrored.
    batch_size : int
        Videos per batch of this rank. A batch has ``batch_size * loader.views`` rows.
    shuffle : bool
        Use another random order in each epoch; otherwise the order of the data set.
    seed : int
        Random seed of the order and of everything that is drawn.
    rank, world_size : int
        Number of this process and number of all processes. The order is cut into parts of
        world_size x batch_size videos, and each part is divided among the ranks, so that all ranks have the
        same number of batches.
    layout : {"THWC", "TCHW", "CTHW"}
        Order of the axes after the batch axis, as for `decode_clips`.
    dtype : str
        Type of the frames, as for `decode_clips`.
    mean, std : float or sequence of float, optional
        Normalisation, as for `decode_clips`.
    on_error : {"raise", "zero", "replace", "skip"}
        What to do with a video that cannot be read, is damaged, is too short for the sampler or too small
        for the crop. ``raise`` raises its error. ``zero`` writes zeros and sets ``valid=False``. ``replace``
        draws another video of the data set, up to 9 times; ``records`` tells which, ``errors`` why. ``skip``
        leaves its rows out; a batch may then have no rows.
    max_failures : int or float, optional
        Number of videos per epoch, or share of them as a float, that may fail on this rank. One more failure
        ends the epoch with `TooManyFailures`.
    timeout : float, optional
        Seconds that indexing the files of a batch may take, and seconds that ``next`` waits for the decoding.
        Videos that are not ready by then fail with `DecodeTimeout`.
    threads : int, optional
        Number of threads that decode, for all batches together, at most 1024. None means the number of CPUs
        of this process. A thread is started when there is work for it.
    prefetch : int
        Number of batches that are decoded ahead of the batch that is handed out.
    prefetch_bytes : int
        Largest size in bytes of the batches that are decoded ahead. If they would be larger, fewer batches
        are decoded ahead, but at least one.
    buffers : sequence of ndarray, optional
        Arrays to decode into, each of the shape and dtype of a batch, which are used in turn. Pass at least
        ``prefetch + 1``. With exactly that many, a batch stays valid until the next one is requested; each
        extra buffer keeps it one batch longer. None means that each batch has an array of its own, whose
        memory is reused when nothing refers to the array any more.
    drop_last : bool
        Leave out the last batch if it is not full. Otherwise, the last batch of a single process has fewer
        rows. If ``world_size`` is above 1, it is filled up with repeats, which have ``valid=False``, so that
        all ranks have equally many batches.
    progress : bool
        Show a progress bar with clips/s and the share of time that the model waits (needs tqdm).
    color : {"rgb", "bgr", "gray"}
        Channels, as for `decode_clips`.
    interpolation : {"bilinear", "bicubic"}
        The filter, as for `decode_clips`.
    antialias : bool
        Widen the filter when shrinking, as for `decode_clips`.
    accept_damaged : bool
        Do not treat a video with DAMAGED frames as failed.
    order : callable, optional
        Chooses the videos of each epoch and their order, for weights or a curriculum, instead of `shuffle`:
        ``order(epoch, rng)`` returns positions in the data set, integers of shape (N,). Positions may repeat
        or be absent, and N may differ between epochs. `rng` is a generator that depends on `seed` and the
        epoch only. The result must depend on nothing else, because every rank and every resumed run calls
        the order for itself.
    cache : path, optional
        A folder of this machine that keeps what was fetched from stores, for videos whose frame index is
        saved. Several processes may share it. An object whose name and size stay the same is believed to be
        the same; remove the folder if that is not so.
    cache_bytes : int
        Largest size of the cache in bytes.

    Raises
    ------
    ValueError, TypeError
        An argument is not valid.

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
        order: Order | None = None,
        cache: str | os.PathLike[str] | None = None,
        cache_bytes: int = 100 << 30,
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
            order=order,
            cache=cache,
            cache_bytes=cache_bytes,
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
        """Return the number of batches of the epoch `epoch`, which is the same on every rank."""
        return self._options.batches(self._epoch)

    def __repr__(self) -> str:
        o = self._options
        order = f"shuffled with seed {o.seed}" if o.shuffle else "in order"
        order = order if o.order is None else f"in the order of {o.order!r}"
        size = "x".join(map(str, reversed(o.output_size))) if o.output_size else "their size"
        pixels = f"{o.sampler.frames} frames at {size}, {o.pixels.layout} {o.pixels.checked().dtype}"
        return (
            f"<kf.ClipLoader: {len(o.dataset)} videos {order}, {len(self)} batches of {o.batch_size} videos "
            f"x {o.views} views, {pixels}, rank {o.rank} of {o.world_size}, on_error={o.on_error!r}; "
            f"epoch {self._epoch}, batch {self._batch}>"
        )

    @property
    def views(self) -> int:
        """Rows per video: clips x crops. ``scores.reshape(-1, loader.views, ...).mean(1)`` averages them."""
        return self._options.views

    @property
    def epoch(self) -> int:
        """The epoch of the loop that is running, or else of the next loop."""
        return self._epoch

    @property
    def stats(self) -> LoaderStats:
        """Statistics of this epoch; between two loops, of the last one."""
        return self._stats

    def set_epoch(self, epoch: int) -> None:
        """Set the epoch of the next loop. A loaded state stays in force if it is of this epoch.

        Parameters
        ----------
        epoch : int
            Number of the epoch, from 0.

        Raises
        ------
        ValueError, TypeError
            The number is negative, or not an int.
        """
        epoch = whole_number("epoch", epoch, 0)
        if epoch != self._epoch:
            self._epoch, self._batch, self._failed, self._resumed = epoch, 0, 0, False

    def state_dict(self) -> dict[str, Any]:
        """Return the position of the loader: the batches that were handed out, not those decoded ahead.

        Returns
        -------
        dict
            Plain values, which are the same on every rank except for ``failed``.
        """
        position = {"epoch": self._epoch, "batch": self._batch, "failed": self._failed}
        return {**fingerprint(self._options), **position}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Let the next loop continue where the state was taken.

        Parameters
        ----------
        state : mapping
            What `state_dict` returned.

        Raises
        ------
        ValueError
            The loader of the state had another number of videos, seed, order, batch size or number of ranks.
        """
        check_state(state, self._options)
        self._epoch, self._batch, self._failed = state["epoch"], state["batch"], state["failed"]
        self._resumed = True

    def _next_position(self) -> tuple[int, int]:
        """Return the epoch of the next loop, and the number of its first batch."""
        return self._epoch, self._batch if self._resumed else 0

    def __iter__(self) -> Iterator[ClipBatch]:
        """Iterate over the batches of an epoch. A loop that is still running ends."""
        return self._iterate(self._options)

    def _iterate(self, options: Options) -> Iterator[ClipBatch]:
        previous = self._run() if self._run else None
        if previous is not None:
            previous.close()
        _, self._batch = self._next_position()
        if not self._resumed:
            self._failed = 0
        self._resumed = False
        numbers = range(self._batch, len(self))
        run = EpochRun(options, self._epoch, numbers, self._failed)
        self._run = weakref.ref(run)
        self._stats = run.stats
        return self._hand_out(run, self._epoch, numbers)

    def _hand_out(self, run: EpochRun, epoch: int, numbers: range) -> Iterator[ClipBatch]:
        bar = Progress(epoch, numbers.start, numbers.stop) if self._progress else None
        try:
            for batch in run:
                self._epoch, self._batch, self._failed = epoch, numbers.start + run.handed_out, run.failed
                if bar is not None:
                    bar.show(run.stats)
                yield batch
            self._epoch, self._batch, self._failed = epoch + 1, 0, 0
        finally:
            run.close()
            if bar is not None:
                bar.close()
