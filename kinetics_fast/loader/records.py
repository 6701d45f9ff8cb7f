"""Items of a data set as records, and their labels as one array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from kinetics_fast.datasets import Record

NO_LABEL = -1


class Records(Protocol):
    """A data set: a sequence of items, each of which may be created when it is read."""

    def __len__(self) -> int: ...

    def __getitem__(self, number: int, /) -> Any: ...


def as_record(item: Any) -> Record:
    """Return a Record, a (source, label) pair or a source as a Record."""
    if isinstance(item, Record):
        return item
    if isinstance(item, tuple) and len(item) == 2:
        return Record(item[0], item[1])
    return Record(item)


def label_rows(labels: Sequence[Any], views: int) -> npt.NDArray[Any] | list[Any]:
    """Repeat the label of each video for its rows.

    Integers become int64, with -1 for None. Arrays of one shape and dtype are stacked. Any other labels are a
    list.
    """
    if all(label is None or isinstance(label, (int, np.integer)) for label in labels):
        numbers = [NO_LABEL if label is None else int(label) for label in labels]
        return np.repeat(np.array(numbers, np.int64), views)
    kinds = {(label.shape, label.dtype) if isinstance(label, np.ndarray) else None for label in labels}
    if len(kinds) == 1 and None not in kinds:
        return np.repeat(np.stack(labels), views, axis=0)
    return [label for label in labels for _ in range(views)]
