"""Counts the distributions of facts about the clips: numbers in bins, words by frequency."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

if TYPE_CHECKING:
    from kinetics_fast.dataset_index.reader import IndexFile

MOST_WORDS = 10
BINS = 25
NICE_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Histogram:
    """A distribution of a fact over the clips.

    Attributes
    ----------
    title, note : str
        The fact, and its median or the number of different values.
    labels : list of str
        The label of each bar.
    clips : list of int
        The number of clips of each bar.
    ends : (str, str) or None
        The ends of the scale if the bars are bins. None if the bars are words, the most frequent first.
    """

    title: str
    note: str
    labels: list[str]
    clips: list[int]
    ends: tuple[str, str] | None = None


def histograms(index: IndexFile) -> list[Histogram]:
    """Return the distributions over all clips that could be indexed."""
    table = index.table
    sizes = zip(table.column("width").to_pylist(), table.column("height").to_pylist(), strict=True)
    rates = _numbers(table, "fps").round(2)
    return [
        _binned("Duration", "s", _numbers(table, "duration")),
        _words("Resolution", [f"{width}x{height}" for width, height in sizes if width]),
        _words("Frame rate", [f"{rate:g} fps" for rate in rates.tolist()]),
        _words("Codec", [word for word in table.column("codec").to_pylist() if word]),
        _doubling("Key-frame spacing", "frames", _numbers(table, "keyframe_spacing")),
        _binned("Droppable packets", "%", 100 * _numbers(table, "droppable_share"), highest=100),
    ]


def _numbers(table: pa.Table, name: str) -> npt.NDArray[np.float64]:
    return np.asarray(table.column(name).drop_null().to_numpy(), np.float64)


def _words(title: str, words: list[str]) -> Histogram:
    counted = Counter(words).most_common()
    kept, rest = counted[:MOST_WORDS], counted[MOST_WORDS:]
    if rest:
        kept.append((f"{len(rest)} others", sum(clips for _, clips in rest)))
    kinds = f"{len(counted)} different" if len(counted) > 1 else ""
    return Histogram(title, kinds, [word for word, _ in kept], [clips for _, clips in kept])


def _binned(
    title: str, unit: str, values: npt.NDArray[np.float64], highest: float | None = None
) -> Histogram:
    """Count in equal bins of a round width. The last bin includes outliers."""
    if not len(values):
        return Histogram(title, "", [], [])
    top = highest or max(float(np.quantile(values, 0.998)), 1e-9)
    step = _nice_step(top / (BINS - 1))
    bins = int(np.ceil(top / step))
    numbers = np.clip((values / step).astype(np.int64), 0, bins - 1)
    beyond = float(values.max()) > bins * step
    labels = [f"{i * step:g} to {(i + 1) * step:g} {unit}" for i in range(bins)]
    end = f"{bins * step:g} {unit}"
    if beyond:
        labels[-1], end = f"{(bins - 1) * step:g} {unit} and more", f"{(bins - 1) * step:g} {unit} +"
    counted = np.bincount(numbers, minlength=bins)
    return Histogram(title, _median(values, unit), labels, counted.tolist(), ("0", end))


def _nice_step(least: float) -> float:
    power = 10.0 ** np.floor(np.log10(least))
    return float(next(step for step in NICE_STEPS if step * power >= least * (1 - 1e-9)) * power)


def _doubling(title: str, unit: str, values: npt.NDArray[np.float64]) -> Histogram:
    """Count in bins of doubling width: 1, 2 to 3, 4 to 7 and so on."""
    if not len(values):
        return Histogram(title, "", [], [])
    powers = np.floor(np.log2(np.maximum(values, 1))).astype(np.int64)
    bins = range(int(powers.min()), int(powers.max()) + 1)
    labels = [f"{2**i} to {2 ** (i + 1) - 1} {unit}" if i else f"1 {unit}" for i in bins]
    counted = [int(np.count_nonzero(powers == i)) for i in bins]
    ends = str(2 ** bins[0]), f"{2 ** (bins[-1] + 1) - 1} {unit}"
    return Histogram(title, _median(values, unit), labels, counted, ends)


def _median(values: npt.NDArray[Any], unit: str) -> str:
    return f"median {np.median(values):.4g} {unit}"
