"""What runs inside a competitor's process: one reader, driven by threads that take windows in turn."""

from __future__ import annotations

import importlib
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.sharedctypes import Synchronized
    from types import ModuleType

    from readers import Frames
    from windows import Window

CLIPS_A_CALL = 16

_reader: ModuleType
_next_window: Synchronized[int]


def start(reader: str, next_window: Synchronized[int]) -> None:
    """Load the reader; `next_window` is shared by all processes of the competitor."""
    global _reader, _next_window
    _reader = importlib.import_module(f"readers.{reader}")
    _next_window = next_window


def read_frames(windows: Sequence[Window]) -> list[Frames]:
    """Read windows outside the clock: warms the process up, and shows which frames the reader gives."""
    return [_reader.read(window.path, window.indices).copy() for window in windows]


def read_windows(windows: Sequence[Window], threads: int) -> tuple[float, float]:
    """Read windows until all are taken; gives begin and end on the machine's monotonic clock."""

    def take_turns() -> None:
        while True:
            with _next_window.get_lock():
                number = _next_window.value
                _next_window.value += 1
            if number >= len(windows):
                return
            _reader.read(windows[number].path, windows[number].indices)

    with ThreadPoolExecutor(threads) as pool:
        begin = time.monotonic()
        for turns in [pool.submit(take_turns) for _ in range(threads)]:
            turns.result()
        return begin, time.monotonic()


def read_batches(windows: Sequence[Window], threads: int) -> tuple[float, float]:
    """Read windows in calls of up to `CLIPS_A_CALL` clips (more on many CPUs) of equally large videos."""
    size = max(CLIPS_A_CALL, 4 * threads)
    begin = time.monotonic()
    for _, group in groupby(sorted(windows, key=lambda window: window.size), key=lambda window: window.size):
        same_size = list(group)
        for first in range(0, len(same_size), size):
            batch = same_size[first : first + size]
            paths = [window.path for window in batch]
            _reader.read_batch(paths, [window.indices for window in batch], threads)
    return begin, time.monotonic()
