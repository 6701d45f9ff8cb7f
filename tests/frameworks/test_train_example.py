"""The training example trains, and resumes as if it had never been stopped."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.ffmpeg

EXAMPLE = Path(__file__).parents[2] / "examples" / "train.py"
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1"}  # sums depend on the number of threads
SHAPES = "moving-shapes-4-2"
SMALL = ("--videos", "4", "2", "--batch-size", "4", "--threads", "2")


def command(folder: Path, *arguments: str, launcher: tuple[str, ...] = ()) -> list[str]:
    data = () if "--data" in arguments or not (folder / SHAPES).exists() else ("--data", str(folder / SHAPES))
    return [sys.executable, *launcher, str(EXAMPLE), *data, *SMALL, *arguments]


def train(folder: Path, *arguments: str, launcher: tuple[str, ...] = ()) -> str:
    words = command(folder, *arguments, launcher=launcher)
    done = subprocess.run(
        words, capture_output=True, text=True, timeout=100, env=ENVIRONMENT, check=False, cwd=folder
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def result(output: str) -> list[str]:
    """Return the accuracy of every epoch and of the evaluation, without the times."""
    return re.findall(r"(epoch \d+: [\d.]+% right|top-1 .*)", output)


def test_a_run_that_was_killed_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    whole = result(train(tmp_path, "--epochs", "3"))
    assert len(whole) == 4
    checkpoint = tmp_path / "run.pt"
    options = ("--epochs", "3", "--checkpoint", str(checkpoint), "--save-every", "2")
    with subprocess.Popen(command(tmp_path, *options), env=ENVIRONMENT, stdout=subprocess.DEVNULL) as run:
        while not checkpoint.exists() and run.poll() is None:
            time.sleep(0.005)
        run.kill()
    rest = result(train(tmp_path, *options))
    assert rest[1:] == whole[-len(rest) :][1:]  # of the interrupted epoch, only the rest counts


def test_two_processes_train_together(tmp_path: Path) -> None:
    launcher = ("-m", "torch.distributed.run", "--nproc-per-node", "2")
    assert len(result(train(tmp_path, "--epochs", "1", launcher=launcher))) == 2
