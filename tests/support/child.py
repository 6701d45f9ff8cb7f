"""Runs Python in a process of its own, which may hang or die."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

TESTS = Path(__file__).parents[1]
Child = Callable[..., str]


def run_script(
    folder: Path, source: str, *arguments: object, limit: float = 60, options: tuple[str, ...] = ()
) -> str:
    """Run Python source as a script of `folder`, killed where it hangs, and return what it printed."""
    script = folder / "script.py"
    script.write_text(source)
    command = [sys.executable, *options, str(script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tool(name: str, *arguments: object) -> list[str]:
    """Return the command that runs a program of `tools`; its working directory has to be `TESTS`."""
    return [sys.executable, "-m", f"tools.{name}", *map(str, arguments)]
