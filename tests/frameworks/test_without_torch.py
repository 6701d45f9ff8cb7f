"""A test run without torch says that the tests of kinetics_fast.torch did not run, and how to run them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

RUN = """
import importlib.util, sys
find_spec = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name == "torch" else find_spec(name, package)
import pytest
sys.exit(pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", sys.argv[1]]))
"""


def test_a_run_without_torch_says_what_did_not_run() -> None:
    folder = Path(__file__).parent
    command = [sys.executable, "-c", RUN, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder.parents[1])
    assert "test_torch.py::" not in done.stdout
    assert "did not run, for lack of torch: tests/frameworks/test_torch.py" in done.stdout
    assert "./dev test --torch" in done.stdout
