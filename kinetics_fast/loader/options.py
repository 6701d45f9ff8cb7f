"""The arguments of a loader, checked once."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, get_args

import numpy as np
import numpy.typing as npt

from kinetics_fast._decode.pixels import Color, Interpolation, Layout, PerChannel, Pixels
from kinetics_fast._decode.validation import Size, checked_size, checked_threads, whole_number
from kinetics_fast.crops.geometry import Boxes
from kinetics_fast.loader.order import Numbers, Order, epoch_order
from kinetics_fast.loader.plan import number_of_batches
from kinetics_fast.loader.records import Records
from kinetics_fast.remote.cache import BlockCache, block_cache
from kinetics_fast.samplers.protocols import Sampler

OnError = Literal["raise", "zero", "replace", "skip"]
ON_ERROR = get_args(OnError)


class Crop(Protocol):
    """Chooses parts of a frame."""

    @property
    def views(self) -> int:
        """Boxes per call."""

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) that each box is resized to."""

    def __call__(self, width: int, height: int, rng: np.random.Generator) -> Boxes:
        """Return boxes x, y, width, height in source pixels, float64 of shape (views, 4)."""


@dataclass(frozen=True)
class PixelOptions:
    """Unchecked pixel arguments, named as in `decode_clips`."""

    layout: Layout
    dtype: npt.DTypeLike
    color: Color
    mean: PerChannel | None
    std: PerChannel | None
    interpolation: Interpolation
    antialias: bool

    def checked(self) -> Pixels:
        """Return the checked arguments."""
        return Pixels.of(
            self.layout, self.dtype, self.color, self.mean, self.std, self.interpolation, self.antialias
        )


@dataclass(frozen=True)
class Options:
    """The arguments of `ClipLoader`, under their names; ``size`` is (height, width) or None."""

    dataset: Records
    sampler: Sampler
    crop: Crop | None
    size: Size | None
    flip: float
    batch_size: int
    shuffle: bool
    seed: int
    rank: int
    world_size: int
    pixels: PixelOptions
    on_error: OnError
    accept_damaged: bool
    max_failures: int | float | None
    timeout: float | None
    threads: int | None
    prefetch: int
    prefetch_bytes: int
    buffers: Sequence[npt.NDArray[Any]] | None
    drop_last: bool
    order: Order | None = None
    cache: str | os.PathLike[str] | None = None
    cache_bytes: int = 100 << 30

    def __post_init__(self) -> None:
        self._check_dataset()
        self._check_recipes()
        self._check_numbers()
        self._check_failures()
        _ = self.block_cache  # a missing library is an error of the constructor
        self.pixels.checked()

    @property
    def block_cache(self) -> BlockCache | None:
        """Where blocks of remote videos are kept; None for nowhere."""
        return block_cache(self.cache, self.cache_bytes)

    @property
    def crop_views(self) -> int:
        """Boxes per clip."""
        return 1 if self.crop is None else self.crop.views

    @property
    def views(self) -> int:
        """Rows per video."""
        return self.sampler.clips * self.crop_views

    @property
    def rows(self) -> int:
        """Rows of a full batch."""
        return self.batch_size * self.views

    @property
    def output_size(self) -> tuple[int, int] | None:
        """(height, width) of the rows; None if it is the size of the videos, which must then be the same."""
        if self.size is not None:
            return checked_size(self.size)
        return None if self.crop is None else self.crop.size

    def epoch_order(self, epoch: int) -> Numbers:
        """Return the positions of an epoch in the data set."""
        records = len(self.dataset)
        return epoch_order(self.order, epoch, self.seed, shuffle=self.shuffle, records=records)

    def videos(self, epoch: int) -> int:
        """Return the number of videos of an epoch on all ranks together."""
        return len(self.dataset) if self.order is None else len(self.epoch_order(epoch))

    def batches(self, epoch: int) -> int:
        """Return the number of batches of an epoch."""
        videos = self.videos(epoch)
        return number_of_batches(videos, self.batch_size, self.world_size, drop_last=self.drop_last)

    def most_failures(self, epoch: int) -> float:
        """Return the number of videos of an epoch that may fail on this rank."""
        if self.max_failures is None:
            return math.inf
        if isinstance(self.max_failures, float):
            videos = self.batches(epoch) * self.batch_size
            return self.max_failures * (min(videos, self.videos(epoch)) if self.world_size == 1 else videos)
        return self.max_failures

    def _check_dataset(self) -> None:
        if isinstance(self.dataset, (str, bytes, Mapping)) or not hasattr(self.dataset, "__getitem__"):
            kind = type(self.dataset).__name__
            raise TypeError(
                f"dataset must be a sequence of kf.Record, (source, label) pairs or sources, got {kind}"
            )
        if not len(self.dataset):
            raise ValueError("dataset must not be empty")

    def _check_recipes(self) -> None:
        if not all(hasattr(self.sampler, name) for name in ("__call__", "clips", "frames")):
            raise TypeError(
                "sampler must be callable with (video, rng) and have clips and frames, "
                f"as kf.RandomClips has, got {self.sampler!r}"
            )
        if self.order is not None and self.shuffle:
            raise ValueError("shuffle=True and order= exclude each other: the order decides")
        if self.order is not None and not callable(self.order):
            raise TypeError(
                "order must be callable with (epoch, rng) and return positions in the data set, "
                f"got {type(self.order).__name__}"
            )
        crop_names = ("__call__", "views", "size")
        if self.crop is not None and not all(hasattr(self.crop, name) for name in crop_names):
            raise TypeError(
                "crop must be callable with (width, height, rng) and have views and size, "
                f"as kf.CenterCrop has, got {self.crop!r}"
            )
        if self.size is not None:
            checked_size(self.size)

    def _check_numbers(self) -> None:
        whole_number("batch_size", self.batch_size, 1)
        whole_number("world_size", self.world_size, 1)
        whole_number("seed", self.seed, 0)
        whole_number("prefetch", self.prefetch, 0)
        whole_number("prefetch_bytes", self.prefetch_bytes, 0)
        whole_number("cache_bytes", self.cache_bytes, 1)
        if not whole_number("rank", self.rank, 0) < self.world_size:
            raise ValueError(f"rank must be below world_size={self.world_size}, got {self.rank}")
        if not 0 <= self.flip <= 1:
            raise ValueError(f"flip must be a probability from 0 to 1, got {self.flip}")
        if self.timeout is not None and not self.timeout > 0:
            raise ValueError(f"timeout must be a number of seconds above 0, or None, got {self.timeout}")
        checked_threads(self.threads)
        if self.buffers is not None and len(self.buffers) <= self.prefetch:
            raise ValueError(
                f"buffers must be at least {self.prefetch + 1} arrays, prefetch + 1, got {len(self.buffers)}"
            )
        if not self.batches(0):
            together = f"batch_size={self.batch_size} x world_size={self.world_size}"
            raise ValueError(
                f"drop_last=True leaves no batch: {self.videos(0)} videos are fewer than {together}"
            )

    def _check_failures(self) -> None:
        if self.on_error not in ON_ERROR:
            raise ValueError(f"on_error must be one of {', '.join(ON_ERROR)}, got {self.on_error!r}")
        limit = self.max_failures
        if limit is not None and (limit < 0 or (isinstance(limit, float) and not limit <= 1)):
            raise ValueError(
                f"max_failures must be an int of at least 0, or a float from 0.0 to 1.0, got {limit}"
            )
