"""Makes the threads inside decoders happen for short runs too, and counts them."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kinetics_fast import _core

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("av:", "dav1d")  # how libavcodec and dav1d name their threads


@contextmanager
def helped(threads: int) -> Iterator[None]:
    """Give every decoder that can have them so many threads, however short its run is."""
    _core.force_decoder_threads(threads)
    try:
        yield
    finally:
        _core.force_decoder_threads(0)


def threads_in_decoders() -> int:
    """Return how many threads of this process belong to libavcodec or dav1d; of Linux only."""
    return sum(_name(task).startswith(NAMES) for task in Path("/proc/self/task").iterdir())


def _name(task: Path) -> str:
    try:
        return (task / "comm").read_text()
    except (FileNotFoundError, ProcessLookupError):  # the thread has ended
        return ""
