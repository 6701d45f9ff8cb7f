"""Runs Python in a child process, which may hang or die."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

TESTS = Path(__file__).parents[1]
Child = Callable[..., str]


def run_script(
    folder: Path, source: str, *arguments: object, limit: float = 60, options: tuple[str, ...] = ()
) -> str:
    """Run Python source as a script in `folder` and return what it printed; kill the script if it hangs."""
    script = folder / "script.py"
    script.write_text(source)
    command = [sys.executable, *options, str(script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def interrupted(source: str, video: Path) -> tuple[float, list[str]]:
    """Run Python source and send SIGINT half a second after the source has printed `started`.

    The source then prints the time at which it stopped, and other words. Return the seconds from the signal
    to that time, and the other words.
    """
    command = [sys.executable, "-c", source, str(video)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        time.sleep(0.5)
        sent = time.time()
        process.send_signal(signal.SIGINT)
        output, words = process.communicate(timeout=60)
    assert process.returncode == 0, words
    stopped, *facts = output.split()
    return float(stopped) - sent, facts


def tool(name: str, *arguments: object) -> list[str]:
    """Return the command that runs a program of `tools`; its working directory must be `TESTS`."""
    return [sys.executable, "-m", f"tools.{name}", *map(str, arguments)]
