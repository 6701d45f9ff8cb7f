"""Helpers of the loader's tests: a small data set, a loader that draws everything, comparing batches."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import kinetics_fast as kf
from kinetics_fast.loader.records import Records
from videos import media

VIDEOS = ("short_gop.mkv", "open_gop.mp4", "rotated_90.mp4", "variable_frame_rate.mp4", "odd_127x95.mp4")


def dataset(count: int) -> list[tuple[Path, int]]:
    """Return `count` records of five videos; the label of a record is its position."""
    return [(media.make(VIDEOS[number % len(VIDEOS)]), number) for number in range(count)]


def loader(records: Records, **options: Any) -> kf.ClipLoader:
    """Make a loader of small random clips, with the options changed that `options` name."""
    arguments: dict[str, Any] = {
        "sampler": kf.RandomClips(3, stride=2),
        "crop": kf.RandomResizedCrop((12, 16)),
        "flip": 0.5,
        "batch_size": 2,
        "shuffle": True,
        "dtype": "uint8",
        **options,
    }
    return kf.ClipLoader(records, **arguments)


def same(a: kf.ClipBatch, b: kf.ClipBatch) -> bool:
    """Say whether two batches are equal byte for byte."""
    arrays = ("frames", "labels", "records", "valid", "status", "indices", "timestamps")
    equal = all(
        np.array_equal(getattr(a, name), getattr(b, name), equal_nan=name == "timestamps") for name in arrays
    )
    return equal and {row: str(error) for row, error in a.errors.items()} == {
        row: str(error) for row, error in b.errors.items()
    }


def all_same(some: Sequence[kf.ClipBatch], others: Sequence[kf.ClipBatch]) -> bool:
    """Say whether two loops gave the same batches."""
    return len(some) == len(others) and all(map(same, some, others))
