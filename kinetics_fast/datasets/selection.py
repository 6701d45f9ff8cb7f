"""Which records of a data set meet a condition, and which are drawn."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from kinetics_fast.datasets.dataset import Dataset


def matching(
    dataset: Dataset,
    status: str | Iterable[str] | None,
    classes: str | Iterable[str | int] | None,
    duration: tuple[float | None, float | None] | None,
) -> NDArray[np.bool_]:
    """Return one bool a record: whether it meets every condition given."""
    chosen = np.ones(len(dataset), bool)
    if status is not None:
        chosen &= np.isin(dataset.column("status").astype(str), _several(status))
    if classes is not None:
        wanted = [label_number(dataset.classes, name) for name in _several(classes)]
        chosen &= np.isin(dataset.labels, wanted)
    if duration is not None:
        low, high = duration
        seconds = dataset.column("duration").astype(np.float64)
        chosen &= seconds >= (-np.inf if low is None else low)  # NaN is neither
        chosen &= seconds <= (np.inf if high is None else high)
    return chosen


def clips_per_class(labels: NDArray[Any], clips: int, seed: int) -> NDArray[np.int64]:
    """Return the positions of `clips` records of each label, sorted."""
    if operator.index(clips) < 1:
        raise ValueError(f"clips a class: at least 1, not {clips}")
    if labels.dtype != np.int64:
        raise ValueError("clips a class: the labels of this data set are not numbers")
    order = np.argsort(labels, kind="stable")
    numbers, firsts = np.unique(labels[order], return_index=True)
    drawn = [
        np.random.default_rng((seed, number)).permutation(rows)[:clips]
        for number, rows in zip(numbers.tolist(), np.split(order, firsts[1:]), strict=True)
        if number >= 0
    ]
    return np.sort(np.concatenate([np.empty(0, np.int64), *drawn]))


def label_number(classes: tuple[str, ...], name: str | int) -> int:
    """Return the number of a class that is given by its name or number."""
    if isinstance(name, str):
        if name not in classes:
            raise ValueError(f"no class {name!r} among the {len(classes)} of this data set")
        return classes.index(name)
    return operator.index(name)


def _several(values: Any) -> list[Any]:
    return [values] if isinstance(values, str) else list(values)
