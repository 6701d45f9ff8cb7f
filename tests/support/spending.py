"""Measures the memory and the CPU time that reading a file takes, each file in a forked process."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from support.child import Child

MEASURE = """
import json, os, sys

for path in sys.argv[1:]:
    child = os.fork()
    if child == 0:
        try:
            use(path)
        except kf.Error:
            pass
        os._exit(0)
    _, status, used = os.wait4(child, 0)
    row = [os.path.basename(path), status, used.ru_maxrss >> 10, used.ru_utime + used.ru_stime]
    print(json.dumps(row), flush=True)
"""


class Spent(NamedTuple):
    """What reading one file took; `status` is the wait status of the process, 0 for a clean exit."""

    name: str
    status: int
    mebibytes: int
    cpu_seconds: float


def spent(child: Child, use: str, paths: Iterable[Path]) -> list[Spent]:
    """Read every path by the function `use` of the Python source `use`, and return what each path took."""
    return [Spent(*json.loads(line)) for line in child(use + MEASURE, *paths).splitlines()]
