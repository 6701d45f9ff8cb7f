"""The work that count_instructions.py counts: counted_work.py MARKS REPETITIONS VIDEO..., under callgrind.

MARKS is a library with two functions: at `zero` callgrind forgets its counts, at `dump` it writes them to a
file. Each item runs once before its repetitions are counted, so that work that is done only once is left out.
"""

from __future__ import annotations

import ctypes
import functools
import gc
import pickle
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kinetics_fast as kf

if TYPE_CHECKING:
    from collections.abc import Callable

PATTERNS = ((16, 8), (32, 2))
PIXELS: dict[str, dict[str, Any]] = {
    "source size, uint8": {},
    "224x224, float32": {"size": 224, "dtype": "float32", "layout": "CTHW", "mean": 0.45, "std": 0.225},
}


def windows(lengths: dict[str, int], frames: int, stride: int, options: dict[str, Any]) -> None:
    """Decode one window of each video that is long enough, a third into it."""
    span = (frames - 1) * stride + 1
    for path, length in lengths.items():
        if length >= span:
            clip = kf.Clip(path, start=(length - span) // 3, frames=frames, stride=stride)
            kf.decode_clips([clip], threads=1, **options)


def index(files: list[bytes]) -> None:
    """Index each video. The cache of indices does not hold videos that are given as bytes."""
    for file in files:
        kf.Video(file)


def items(paths: list[str]) -> dict[str, Callable[[], object]]:
    videos = [kf.Video(path) for path in paths]
    lengths = {path: len(video) for path, video in zip(paths, videos, strict=True)}
    saved = [pickle.dumps(video) for video in videos]
    work: dict[str, Callable[[], object]] = {}
    for frames, stride in PATTERNS:
        for pixels, options in PIXELS.items():
            call = functools.partial(windows, lengths, frames, stride, options)
            work[f"{frames}x{stride}, {pixels}"] = call
    work["index"] = functools.partial(index, [Path(path).read_bytes() for path in paths])
    work["pickle an index"] = lambda: [pickle.dumps(video) for video in videos]
    work["unpickle an index"] = lambda: [pickle.loads(pickled) for pickled in saved]
    return work


def main() -> None:
    marks = ctypes.CDLL(sys.argv[1])
    repetitions = int(sys.argv[2])
    work = items(sys.argv[3:])
    gc.disable()
    for name, call in work.items():
        call()
        marks.zero()
        for _ in range(repetitions):
            call()
        marks.dump(name.encode())


if __name__ == "__main__":
    main()
