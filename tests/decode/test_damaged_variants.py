"""Damaged files are read or refused: no crash, no hang, no wrong frame called good, no changing status.

`./dev check` reads 2,000 variants of all test videos, the normal suite reads a few. `tools/damage_check.py`
checks the promises.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from support import child
from tools import damage_check

pytestmark = pytest.mark.ffmpeg

PROCESSES = 2
ONCE_BROKEN = [
    176,
    512,
    852,
    1017,
    1790,
    1894,
    1987,
    2087,
    2225,
    2667,
    2675,
    2712,
    3797,
    4839,
    4892,
    1005481,
    2000203,
    2105803,
]


@pytest.mark.parametrize(
    "count", [63, pytest.param(2000, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])]
)
def test_damaged_variants_keep_every_promise(count: int) -> None:
    commands = [child.tool("damage_check", n, count, PROCESSES) for n in range(PROCESSES)]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=child.TESTS)
        for command in commands
    ]
    found: list[str] = []
    for process in running:
        said, words = process.communicate()
        assert (process.returncode, words) == (0, "")
        found += [problem for line in said.splitlines() for problem in json.loads(line)]
    assert found == []


@pytest.mark.parametrize("number", ONCE_BROKEN)
def test_variants_that_once_broke_a_promise_keep_it(number: int, tmp_path: Path) -> None:
    assert damage_check.in_child(number, tmp_path) == []
