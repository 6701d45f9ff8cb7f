"""The plan of an epoch: which records make up which batch on which rank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kinetics_fast.loader.order import Numbers


def number_of_batches(videos: int, batch_size: int, world_size: int, *, drop_last: bool) -> int:
    """Return the number of batches of an epoch, which is the same on every rank."""
    together = batch_size * world_size
    return videos // together if drop_last else -(-videos // together)


@dataclass(frozen=True)
class Places:
    """The videos of a batch, one entry for each.

    Attributes
    ----------
    positions : ndarray of int64
        Position in the epoch's order, 0 to N - 1.
    records : ndarray of int64
        Position in the data set.
    padding : ndarray of bool
        Whether the video is a repeat that fills up the last batch of a rank.
    """

    positions: Numbers
    records: Numbers
    padding: npt.NDArray[np.bool_]


class EpochPlan:
    """The order of an epoch, cut into batches.

    The order is cut into parts of world_size x batch_size videos. The g-th batches of all ranks make up the
    g-th part. Therefore neither the order nor the draws for a position depend on the
    number of ranks. The last batch of a single process has fewer videos. With several ranks, the last batch
    is filled up with the epoch's first videos, because the ranks must have equally many batches.
    """

    def __init__(self, order: Numbers, *, batch_size: int, rank: int, world_size: int) -> None:
        self._order = order
        self._batch_size = batch_size
        self._rank = rank
        self._world_size = world_size

    def places(self, batch: int) -> Places:
        """Return the videos of one batch of this rank."""
        first = (batch * self._world_size + self._rank) * self._batch_size
        videos, last = len(self._order), first + self._batch_size
        numbers = np.arange(first, min(last, videos) if self._world_size == 1 else last)
        positions = numbers % videos
        return Places(positions, self._order[positions], numbers >= videos)
