"""The data of bench_epoch.py: pairs of an original and a prepared clip, and their parts for training."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from runner import say
from windows import copy_video

import kinetics_fast as kf
from kinetics_fast.scan.scanner import scan
from kinetics_fast.scan.targets import targets_of_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

STRETCH = 25  # frames of a stretch for validation; a clip of the example spans 15


@dataclass(frozen=True)
class Pair:
    """A clip as it is and as it was prepared. The label of both is the class in the benchmark."""

    name: str
    original: kf.Record
    prepared: kf.Record


def find_pairs(folder: Path, target: Path, scratch: Path) -> list[Pair]:
    """Scan the originals, and find the prepared file of each by its class folder and its name.

    A class is a class folder, or a clip where there are fewer than two class folders.
    """
    index = scratch / "originals.arrow"
    scan(folder, targets_of_folder(folder), index)
    originals = by_name(kf.Dataset.from_index(index, folder))
    prepared = by_name(kf.Dataset.from_index(target))
    for folder_name, name in sorted(originals.keys() ^ prepared.keys()):
        say(f"left out, because it cannot be read on both sides: {folder_name}/{name}")
    names = sorted(originals.keys() & prepared.keys())
    folders = sorted({folder_name for folder_name, _ in names})
    class_of = {
        name: folders.index(name[0]) if len(folders) > 1 else number for number, name in enumerate(names)
    }
    if len(set(class_of.values())) < 2:
        raise SystemExit(f"{folder} and {target} need two clips that are in both, got {len(names)}")
    return [
        Pair(
            "/".join(name),
            replace(originals[name], label=class_of[name]),
            replace(prepared[name], label=class_of[name]),
        )
        for name in names
    ]


def by_name(dataset: kf.Dataset) -> dict[tuple[str, str], kf.Record]:
    """Map the class folder (empty if there is none) and the name of each clip to its record."""
    return {
        ("" if clip.label is None else dataset.classes[clip.label], str(clip.id)): clip for clip in dataset
    }


def data_set(records: Sequence[kf.Record]) -> kf.Dataset:
    return kf.Dataset(
        [record.source for record in records],
        [record.label for record in records],
        starts=[record.start for record in records],
        ends=[record.end for record in records],
        frame_indices=[record.frame_index for record in records],
    )


def coarsest_tick(pairs: Sequence[Pair]) -> float:
    """Return the longest tick of all containers in seconds."""
    sources = [record.source for pair in pairs for record in (pair.original, pair.prepared)]
    return max(float(kf.Video(source).time_base) for source in sources)


def parts(
    record: kf.Record, timestamps: NDArray[np.float64], copies: int, scratch: Path
) -> tuple[list[kf.Record], list[kf.Record]]:
    """Return the records for training, each a file of its own, and those for validation.

    A loader decodes clips of one file together. Therefore no two records for training share a file.
    """
    end, stretches = cut(timestamps)
    files = copy_video(Path(str(record.source)), scratch, copies).copies
    training = [replace(record, source=file, end=end) for file in files]
    return training, [replace(record, start=start, end=stop) for start, stop in stretches]


def cut(timestamps: NDArray[np.float64]) -> tuple[float, list[tuple[float, float | None]]]:
    """Return the end of the part for training, and start and end of each stretch for validation, in seconds.

    The first two thirds of the frames are for training. Every bound lies halfway between two frames, so that
    times that differ by a tick choose the same frames.
    """
    frames = len(timestamps)
    halfway = ((timestamps[1:] + timestamps[:-1]) / 2).tolist()  # item i lies between frames i and i + 1
    first = frames * 2 // 3
    count = max((frames - first) // STRETCH, 1)
    bounds = [first + (frames - first) * number // count for number in range(count + 1)]
    stretches = [
        (halfway[start], None if stop == frames else halfway[stop - 1]) for start, stop in pairwise(bounds)
    ]
    return halfway[first - 1], stretches
