"""What a loader is asked for, checked once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from kinetics_fast._decode.pixels import Color, Interpolation, Layout, PerChannel, Pixels
from kinetics_fast._decode.validation import Size, checked_size, checked_threads, whole_number
from kinetics_fast.crops.geometry import Boxes
from kinetics_fast.loader.plan import number_of_batches
from kinetics_fast.loader.records import Records
from kinetics_fast.samplers.protocols import Sampler

OnError = Literal["raise", "zero", "replace", "skip"]
ON_ERROR = ("raise", "zero", "replace", "skip")


class Crop(Protocol):
    """Says which parts of a frame are wanted."""

    @property
    def views(self) -> int:
        """Boxes a call."""

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) that each box is resized to."""

    def __call__(self, width: int, height: int, rng: np.random.Generator) -> Boxes:
        """Give float64 (views, 4) boxes x, y, width, height in source pixels."""


@dataclass(frozen=True)
class PixelOptions:
    """What `decode_clips` calls so."""

    layout: Layout
    dtype: npt.DTypeLike
    color: Color
    mean: PerChannel | None
    std: PerChannel | None
    interpolation: Interpolation
    antialias: bool

    def checked(self) -> Pixels:
        """Make the core's request."""
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

    def __post_init__(self) -> None:
        self._check_dataset()
        self._check_recipes()
        self._check_numbers()
        self._check_failures()
        self.pixels.checked()

    @property
    def crop_views(self) -> int:
        """Boxes a clip."""
        return 1 if self.crop is None else self.crop.views

    @property
    def views(self) -> int:
        """Rows a video."""
        return self.sampler.clips * self.crop_views

    @property
    def rows(self) -> int:
        """Rows a batch."""
        return self.batch_size * self.views

    @property
    def output_size(self) -> tuple[int, int] | None:
        """(height, width) of the rows; None: that of the videos, which is then the same in all."""
        if self.size is not None:
            return checked_size(self.size)
        return None if self.crop is None else self.crop.size

    @property
    def batches(self) -> int:
        """Batches of an epoch."""
        return number_of_batches(
            len(self.dataset), self.batch_size, self.world_size, drop_last=self.drop_last
        )

    @property
    def max_failed_videos(self) -> float:
        """How many videos of an epoch may fail on this rank."""
        if self.max_failures is None:
            return math.inf
        if isinstance(self.max_failures, float):
            return self.max_failures * self.batches * self.batch_size
        return self.max_failures

    def _check_dataset(self) -> None:
        if isinstance(self.dataset, (str, bytes, Mapping)) or not hasattr(self.dataset, "__getitem__"):
            kind = type(self.dataset).__name__
            raise TypeError(
                f"dataset is a sequence of kf.Record, (source, label) pairs or sources, not {kind}"
            )
        if not len(self.dataset):
            raise ValueError("the dataset is empty")

    def _check_recipes(self) -> None:
        if not all(hasattr(self.sampler, name) for name in ("__call__", "clips", "frames")):
            raise TypeError(
                "sampler is called with (video, rng) and has clips and frames, as kf.RandomClips does; "
                f"{self.sampler!r} is not so"
            )
        crop_names = ("__call__", "views", "size")
        if self.crop is not None and not all(hasattr(self.crop, name) for name in crop_names):
            raise TypeError(
                "crop is called with (width, height, rng) and has views and size, as kf.CenterCrop does; "
                f"{self.crop!r} is not so"
            )
        if self.size is not None:
            checked_size(self.size)

    def _check_numbers(self) -> None:
        whole_number("batch_size", self.batch_size, 1)
        whole_number("world_size", self.world_size, 1)
        whole_number("seed", self.seed, 0)
        whole_number("prefetch", self.prefetch, 0)
        whole_number("prefetch_bytes", self.prefetch_bytes, 0)
        if not whole_number("rank", self.rank, 0) < self.world_size:
            raise ValueError(
                f"rank is 0 to {self.world_size - 1} in a world of {self.world_size}, not {self.rank}"
            )
        if not 0 <= self.flip <= 1:
            raise ValueError(f"flip is the probability of mirroring a clip, 0 to 1, not {self.flip}")
        if self.timeout is not None and not self.timeout > 0:
            raise ValueError(f"timeout is a number of seconds above 0, or None, not {self.timeout}")
        checked_threads(self.threads)
        if self.buffers is not None and len(self.buffers) <= self.prefetch:
            raise ValueError(
                f"buffers are {len(self.buffers)}; prefetch={self.prefetch} needs at least "
                f"{self.prefetch + 1}, one more than the batches that are ahead"
            )
        if not self.batches:
            together = f"batch_size={self.batch_size} x world_size={self.world_size}"
            raise ValueError(f"drop_last leaves no batch of {together} from {len(self.dataset)} videos")

    def _check_failures(self) -> None:
        if self.on_error not in ON_ERROR:
            raise ValueError(f"on_error is one of {', '.join(ON_ERROR)}, not {self.on_error!r}")
        limit = self.max_failures
        if limit is not None and (limit < 0 or (isinstance(limit, float) and not limit <= 1)):
            raise ValueError(f"max_failures is a count, or a share from 0.0 to 1.0, not {limit}")
