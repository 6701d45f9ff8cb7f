"""Decodes clips of many files, good and bad, and prints the resources that the process holds.

    PYTHONPATH=tests python -m tools.stress_clips CLIPS FILES WARM

The program prints the resources after WARM clips and at the end. It reads every file within the first FILES
clips, so that all indices are in the cache by then.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
from pathlib import Path

import numpy as np

import kinetics_fast as kf
from kinetics_fast import _core
from support.process import resident_bytes
from tools import damage_variants
from videos import media

BATCH = 10
SETTLING = 20  # measurements, of which the median counts


def make_files(folder: Path, count: int) -> list[Path]:
    """Return `count` files: videos of every kind, damaged videos, and files that are not videos."""
    rng = np.random.default_rng(4)
    paths = []
    for number in range(count):
        name = media.NAMES[number % len(media.NAMES)]
        kind = number % 5
        data = media.make(name).read_bytes()
        if kind == 3:
            data = damage_variants.variant(number).data
        elif kind == 4:
            data = data[: len(data) // 3] if number % 2 else rng.bytes(5000)
        paths.append(folder / f"{number}-{name}")
        paths[-1].write_bytes(data)
    return paths


def held() -> dict[str, int]:
    """Return resident bytes, open file descriptors and threads."""
    return {
        "resident": resident_bytes(),
        "descriptors": len(os.listdir("/proc/self/fd")),  # noqa: PTH208 (entries may vanish)
        "threads": len(os.listdir("/proc/self/task")),  # noqa: PTH208
    }


def main() -> None:
    count, files, warm = map(int, sys.argv[1:])
    _core.limit_io_threads(4)  # or their number depends on how many reads wait at once
    rng = np.random.default_rng(9)
    after_warming: list[dict[str, int]] = []
    last: list[dict[str, int]] = []
    good = 0
    with tempfile.TemporaryDirectory(prefix="stress-") as folder:
        paths = make_files(Path(folder), files)
        order = np.concatenate([rng.permutation(files), rng.integers(0, files, count - files)]).tolist()
        for start in range(0, count, BATCH):
            chosen = [paths[n] for n in order[start : start + BATCH]]
            clips = [kf.Clip(path, start=int(rng.integers(0, 6)), frames=4, stride=2) for path in chosen]
            batch = kf.decode_clips(clips, size=48, on_error="zero")
            good += BATCH - len(batch.errors)
            del batch
            gc.collect(0)
            if warm <= start < warm + SETTLING * BATCH:
                after_warming.append(held())
            last = [*last[-SETTLING + 1 :], held()]
    print(json.dumps({"good": good, "warm": usual(after_warming), "end": usual(last)}))


def usual(measured: list[dict[str, int]]) -> dict[str, int]:
    """Return the median resident size and the fewest descriptors, because a worker may still close one."""
    fewest = {name: min(one[name] for one in measured) for name in ("descriptors", "threads")}
    return {"resident": int(np.median([one["resident"] for one in measured])), **fewest}


if __name__ == "__main__":
    main()
