"""Damaged files are read or refused: no crash, no hang, no wrong frame called good, no changing status.

`./dev check` reads 2 000 variants of all test videos, the normal suite a few. `damage_check.py` has the
promises.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "damage_check.py"
PROCESSES = 2


@pytest.mark.parametrize(
    "count", [63, pytest.param(2000, marks=[pytest.mark.full, pytest.mark.timeout(3600)])]
)
def test_damaged_variants_keep_every_promise(count: int) -> None:
    commands = [[sys.executable, str(SCRIPT), str(n), str(count), str(PROCESSES)] for n in range(PROCESSES)]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for command in commands
    ]
    found: list[str] = []
    for process in running:
        said, words = process.communicate()
        assert (process.returncode, words) == (0, "")
        found += [problem for line in said.splitlines() for problem in json.loads(line)]
    assert found == []
