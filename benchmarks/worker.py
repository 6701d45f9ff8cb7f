"""The code in the process of a competitor: threads take windows one after another and call one reader."""

from __future__ import annotations

import importlib
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.sharedctypes import Synchronized
    from types import ModuleType

    import numpy.typing as npt
    from windows import Window, Work

CLIPS_A_CALL = 16

_reader: ModuleType
_read: Callable[..., npt.NDArray[Any]]
_next_window: Synchronized[int]


def start(module: str, function: str, next_window: Synchronized[int]) -> None:
    """Load the reader. `next_window` is shared by all processes of the competitor."""
    global _reader, _read, _next_window
    _reader = importlib.import_module(module)
    _read = getattr(_reader, function)
    _next_window = next_window


def read_frames(windows: Sequence[Work]) -> list[npt.NDArray[Any]]:
    """Read windows outside the clock, to warm the process up and to get the pixels of the reader."""
    return [_read(*window.arguments).copy() for window in windows]


def read_windows(windows: Sequence[Work], threads: int) -> tuple[float, float]:
    """Read windows until all are taken. Give start and end on the monotonic clock of the machine."""

    def take_turns() -> None:
        while True:
            with _next_window.get_lock():
                number = _next_window.value
                _next_window.value += 1
            if number >= len(windows):
                return
            _read(*windows[number].arguments)

    with ThreadPoolExecutor(threads) as pool:
        begin = time.monotonic()
        for turns in [pool.submit(take_turns) for _ in range(threads)]:
            turns.result()
        return begin, time.monotonic()


def read_batches(windows: Sequence[Work], threads: int) -> tuple[float, float]:
    """Read windows in calls of up to `CLIPS_A_CALL` clips (more on many CPUs) of equal frame size."""
    size = max(CLIPS_A_CALL, 4 * threads)
    begin = time.monotonic()
    by_size = sorted(cast("Sequence[Window]", windows), key=lambda window: window.output_size)
    for _, group in groupby(by_size, key=lambda window: window.output_size):
        same_size = list(group)
        for first in range(0, len(same_size), size):
            batch = same_size[first : first + size]
            _reader.read_batch([window.arguments for window in batch], threads)
    return begin, time.monotonic()
