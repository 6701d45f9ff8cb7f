"""Random generators that are a pure function of (seed, epoch, position, attempt)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


class EpochDraws:
    """The generators of one epoch.

    Philox is a cipher of (key, counter). The key is derived from seed and epoch, and each attempt at each
    position of the epoch has its own range of counters, so that no draw depends on earlier draws.
    """

    def __init__(self, seed: int, epoch: int) -> None:
        self._key = np.random.SeedSequence([seed, epoch]).generate_state(2, np.uint64)

    def permutation(self, length: int) -> npt.NDArray[np.int64]:
        """Return the shuffled order of the epoch."""
        return self.order_generator().permutation(length)

    def order_generator(self) -> np.random.Generator:
        """Return the generator for the order of the epoch."""
        return self._generator([0, 1, 0, 0])

    def generator(self, position: int, attempt: int) -> np.random.Generator:
        """Return the generator for a position of the epoch; attempt 0 is for the planned video."""
        return self._generator([0, 0, attempt, position])

    def _generator(self, counter: list[int]) -> np.random.Generator:
        return np.random.Generator(np.random.Philox(key=self._key, counter=np.array(counter, np.uint64)))
