"""Measure an epoch of the training example, fed from original files and from prepared files.

    python benchmarks/bench_epoch.py FOLDER [--prepared TARGET] [--copies 32] [--epochs 6]

Model, loaders, training and evaluation are those of examples/train.py. TARGET is what `kinetics-fast prepare
FOLDER TARGET` wrote; without it, the benchmark prepares FOLDER first. Both sides read with saved frame
indices. They take turns, epoch by epoch, and each trains a model of its own from the same weights and seed.
The benchmark ends with an error unless both sides have the same frame numbers, at times within one tick of a
container. Each round also reads the same epochs without a model ("data only").

The class folders of FOLDER are the classes; without class folders, each clip is a class. The first two thirds
of every clip are for training, and the last third is for validation. Therefore the accuracy is a check of the
plumbing and nothing else.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import deque
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import torch
from epoch_data import Pair, coarsest_tick, data_set, find_pairs, parts
from runner import ROOT, say

import kinetics_fast as kf

sys.path.append(str(ROOT / "examples"))
import train

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    Frames = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]

SIDES = ("originals", "prepared")
DATA_ONLY = ", data only"
BATCH_SIZE = 16  # the example's default
COLUMNS = ("epoch s", "waiting s", "model s", "CPU s", "clips/s")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("folder", type=Path, metavar="FOLDER", help="original videos, searched recursively")
    add("--prepared", type=Path, metavar="TARGET", help="the files that kinetics-fast prepare made of FOLDER")
    add("--copies", type=int, default=32, help="copies of each clip in an epoch (%(default)s)")
    add("--epochs", type=int, default=6, help="epochs of each side (%(default)s)")
    add("--threads", type=int, help="threads that decode (all CPUs)")
    return parser.parse_args()


class Watched:
    """A loader of the example that keeps which frames its batches have: records, frame numbers and times."""

    def __init__(self, loader: kf.ClipLoader) -> None:
        self._loader = loader
        self.frames: list[Frames] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def __len__(self) -> int:
        return len(self._loader)

    def __iter__(self) -> Iterator[kf.ClipBatch]:
        for batch in self._loader:
            self.frames.append((batch.records, batch.indices, batch.timestamps))
            yield batch


@dataclass(frozen=True)
class Epoch:
    """The seconds of an epoch, of these the seconds waiting for data, and the CPU time of the process."""

    seconds: float
    waiting: float
    cpu: float
    clips: int

    def cells(self) -> tuple[float, ...]:
        """Return the values of `COLUMNS`."""
        return self.seconds, self.waiting, self.seconds - self.waiting, self.cpu, self.clips / self.seconds


class Side:
    """A model that is trained from one kind of files, and a second loader that reads the same epochs."""

    def __init__(self, arguments: argparse.Namespace, training: kf.Dataset, validation: kf.Dataset) -> None:
        example = argparse.Namespace(
            threads=arguments.threads,
            epochs=arguments.epochs,
            batch_size=BATCH_SIZE,
            checkpoint=None,
            save_every=sys.maxsize,
            device="cpu",
        )
        loader, views = train.loaders(example, training, validation)
        self.model_loader, self.views = Watched(loader), Watched(views)
        self.data_loader = Watched(train.loaders(example, training, validation)[0])
        torch.manual_seed(0)  # both sides begin with the same weights
        classes = len({record.label for record in training})
        self._training = train.Training(example, cast("kf.ClipLoader", self.model_loader), classes)

    def train_epoch(self) -> Epoch:
        with redirect_stdout(sys.stderr):
            return timed(self.model_loader, self._training.train_epoch)

    def read_epoch(self) -> Epoch:
        return timed(self.data_loader, lambda: deque(self.data_loader, 0))

    def accuracy(self) -> float:
        views = cast("kf.ClipLoader", self.views)
        return train.evaluate(self._training.model, views, self._training.device)

    def clips(self) -> list[Frames]:
        """Return the frames of all clips so far, batch by batch."""
        return self.model_loader.frames + self.data_loader.frames + self.views.frames


def timed(loader: Watched, work: Callable[[], object]) -> Epoch:
    begin, cpu = time.perf_counter(), time.process_time()
    work()
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
    return Epoch(seconds, loader.stats.seconds_waiting, cpu, loader.stats.clips)


def make_side(arguments: argparse.Namespace, pairs: Sequence[Pair], side: str, scratch: Path) -> Side:
    """Copy the files of a side, and make its loaders and its model."""
    training: list[list[kf.Record]] = []
    validation: list[kf.Record] = []
    for pair in pairs:
        record = pair.original if side == SIDES[0] else pair.prepared
        times = kf.Video(pair.original.source).timestamps  # both sides are cut at the same times
        for_training, for_validation = parts(record, times, arguments.copies, scratch)
        training.append(for_training)
        validation += for_validation
    in_turns = [record for turn in zip(*training, strict=True) for record in turn]
    return Side(arguments, data_set(in_turns), data_set(validation))


def count_equal_clips(originals: Sequence[Frames], prepared: Sequence[Frames], tick: float) -> int:
    """Return how many clips both sides have. Ends the benchmark if their frames are not the same."""
    clips = 0
    for ours, theirs in zip(originals, prepared, strict=True):
        (records, numbers, times), (others, other_numbers, other_times) = ours, theirs
        if not (np.array_equal(records, others) and np.array_equal(numbers, other_numbers)):
            raise SystemExit("originals and prepared files gave other frame numbers for the same seed")
        distance = float(np.abs(times - other_times).max())
        if not distance <= 1.001 * tick:  # the times are rounded to float64
            raise SystemExit(f"times differ by {distance:.6f} s, more than a tick of {tick:.6f} s")
        clips += len(records)
    return clips


def print_table(epochs: dict[str, list[Epoch]]) -> None:
    """Print the medians over the epochs, and the median ratio of the sides within a round."""
    print(f"\n{'medians':<24}" + "".join(f"{column:>12}" for column in COLUMNS))
    for name, measured in epochs.items():
        cells = (median(values) for values in zip(*(epoch.cells() for epoch in measured), strict=True))
        print(f"{name:<24}" + "".join(f"{cell:12.2f}" for cell in cells))
    for what, title in (("", "with the model"), (DATA_ONLY, "data only")):
        both = list(zip(*(epochs[side + what] for side in SIDES), strict=True))
        factor = median(original.seconds / prepared.seconds for original, prepared in both)
        of_cpu = median(original.cpu / prepared.cpu for original, prepared in both)
        print(f"{title}: prepared files are {factor:.2f} times as fast; by CPU time, {of_cpu:.2f} times")


def measure(arguments: argparse.Namespace, pairs: Sequence[Pair], scratch: Path) -> None:
    """Train and read in turns, compare the frames, and print the figures."""
    sides = {side: make_side(arguments, pairs, side, scratch) for side in SIDES}
    epochs: dict[str, list[Epoch]] = {side + what: [] for what in ("", DATA_ONLY) for side in SIDES}
    for number in range(arguments.epochs):
        say(f"round {number + 1} of {arguments.epochs}")
        for name, side in sides.items():
            epochs[name].append(side.train_epoch())
        for name, side in sides.items():
            epochs[name + DATA_ONLY].append(side.read_epoch())
    accuracies = [side.accuracy() for side in sides.values()]
    originals, prepared = (side.clips() for side in sides.values())
    clips = count_equal_clips(originals, prepared, coarsest_tick(pairs))
    classes = len({pair.original.label for pair in pairs})
    print(f"{len(pairs)} clips, {arguments.copies} copies of each, {classes} classes")
    print(f"{clips} sampled clips: equal frame numbers, times within one tick")
    print_table(epochs)
    words = " and ".join(f"{value:.1%} ({side})" for side, value in zip(SIDES, accuracies, strict=True))
    print(f"accuracy in the last third of the clips, a check of the plumbing and nothing else: {words}")


def main() -> None:
    arguments = parse_arguments()
    with tempfile.TemporaryDirectory(prefix="kf-bench-") as folder:
        scratch = Path(folder)
        target = arguments.prepared or scratch / "prepared"
        if not arguments.prepared:
            kf.prepare(arguments.folder, target)
        measure(arguments, find_pairs(arguments.folder, target, scratch), scratch)


if __name__ == "__main__":
    main()
