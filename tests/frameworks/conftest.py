"""Leaves out the tests of kinetics_fast.torch where there is no torch, and says so at the end."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

NEEDS_TORCH = ["test_torch.py", "test_torch_resume.py", "test_train_example.py", "test_epoch_benchmark.py"]
collect_ignore = [] if find_spec("torch") else NEEDS_TORCH


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which tests did not run, and how to run them."""
    if collect_ignore:
        terminalreporter.section("no torch")
        files = ", ".join(f"tests/frameworks/{name}" for name in collect_ignore)
        terminalreporter.line(f"did not run, for lack of torch: {files}")
        terminalreporter.line("to run them with whatever torch can be installed: ./dev test --torch")
