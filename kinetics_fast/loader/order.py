"""The order of an epoch: that of the data set, a shuffled one, or one that the caller chooses."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from kinetics_fast.loader.rng import EpochDraws

Numbers = npt.NDArray[np.int64]


class Order(Protocol):
    """Chooses the records of an epoch and their order.

    For the same epoch and the same state of the generator, an order must return the same positions, because
    every rank and every resumed run calls the order for itself.
    """

    def __call__(self, epoch: int, rng: np.random.Generator, /) -> Any:
        """Return positions in the data set, integers of shape (N,). Positions may repeat or be absent."""


def epoch_order(order: Order | None, epoch: int, seed: int, *, shuffle: bool, records: int) -> Numbers:
    """Return the positions of an epoch in the data set.

    Parameters
    ----------
    order : callable or None
        The order that the caller chooses; None for the order of the data set, or a shuffled one.
    epoch : int
        Number of the epoch.
    seed : int
        Random seed.
    shuffle : bool
        Whether to shuffle if `order` is None.
    records : int
        Number of records of the data set.

    Returns
    -------
    ndarray of int64, shape (N,)

    Raises
    ------
    TypeError, ValueError
        The order did not return positions in the data set.
    """
    if order is None:
        return EpochDraws(seed, epoch).permutation(records) if shuffle else np.arange(records, dtype=np.int64)
    chosen = np.asarray(order(epoch, EpochDraws(seed, epoch).order_generator()))
    if chosen.ndim != 1 or (chosen.size and not np.issubdtype(chosen.dtype, np.integer)):
        given = f"{chosen.dtype} {chosen.shape}"
        raise TypeError(f"order must return integers of shape (N,) for epoch {epoch}, got {given}")
    if not chosen.size:
        raise ValueError(f"order must return at least one position for epoch {epoch}, got none")
    outside = chosen[(chosen < 0) | (chosen >= records)]
    if outside.size:
        limits = f"from 0 to {records - 1}"
        raise ValueError(
            f"order must return positions {limits} for epoch {epoch}, got {outside[0]}: "
            f"the data set has {records} records"
        )
    return chosen.astype(np.int64, copy=False)
