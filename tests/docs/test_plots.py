"""A plot that is made from a page agrees with the page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_plot_of_the_peers_shows_the_figures_of_the_table(tmp_path: Path) -> None:
    made = tmp_path / "peers.svg"
    command = [sys.executable, "benchmarks/plot_peers.py", "docs/speed.md", str(made)]
    subprocess.run(command, cwd=ROOT, check=True)
    assert made.read_text() == (ROOT / "docs" / "peers.svg").read_text()
