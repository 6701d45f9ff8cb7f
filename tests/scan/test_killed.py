"""A scan that is killed at any moment loses nothing, and the next scan continues it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tools import kill_scan

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.ffmpeg


def test_killed_at_five_random_moments_nothing_is_lost(tmp_path: Path) -> None:
    rounds = kill_scan.kill(tmp_path, 5)
    assert sum(outcome.kills for outcome in rounds) >= 5
