"""A small data set with labels, and what the tests of `prepare` ask of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.preparing import small_sources


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Make two class folders with three clips of different containers, and a file that is no video."""
    root = tmp_path / "sources"
    small_sources(root)
    return root
