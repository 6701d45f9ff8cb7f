"""The benchmark of an epoch trains from originals and prepared files, and refuses files with other frames."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import kinetics_fast as kf
from support.preparing import six_seconds, uneven, wavering

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.ffmpeg

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "bench_epoch.py"
COPIES, EPOCHS = 2, 1


def make_folder(root: Path, **classes: Path) -> Path:
    """Make one class folder per video."""
    for name, video in classes.items():
        (root / name).mkdir(parents=True)
        shutil.copy(video, root / name / f"clip{video.suffix}")
    return root


def bench(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    words = ["--copies", str(COPIES), "--epochs", str(EPOCHS), *options]
    command = [sys.executable, str(SCRIPT), str(folder), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)


def test_both_sides_train_on_the_same_frames(tmp_path: Path) -> None:
    done = bench(make_folder(tmp_path / "clips", steady=six_seconds(), uneven=uneven()))
    assert done.returncode == 0, done.stderr
    assert "2 clips, 2 copies of each, 2 classes" in done.stdout
    # For training: two clips of each copy, with a model and without. For validation: 10 x 3 views of two
    # stretches of 25 frames in the last 50 of 150 frames, and of one in the last 36 of 107.
    clips = 2 * EPOCHS * 2 * COPIES * 2 + 30 * (2 + 1)
    assert f"{clips} sampled clips: equal frame numbers, times within one tick" in done.stdout
    for row in ("originals", "prepared", "originals, data only", "prepared, data only"):
        assert re.search(rf"^{row} +(\d+\.\d\d *){{4}}$", done.stdout, re.MULTILINE)
    assert re.search(r"check of the plumbing .*% \(originals\) and .*% \(prepared\)", done.stdout)


@pytest.mark.parametrize(
    ("other", "message"),
    [(uneven, "gave other frame numbers"), (wavering, "times differ by 0.010")],
)
def test_prepared_files_with_other_frames_are_refused(
    tmp_path: Path, other: Callable[[], Path], message: str
) -> None:
    folder = make_folder(tmp_path / "clips", one=six_seconds(), two=six_seconds())
    changed = make_folder(tmp_path / "changed", one=six_seconds(), two=other())
    kf.prepare(changed, tmp_path / "target")
    done = bench(folder, "--prepared", str(tmp_path / "target"))
    assert done.returncode == 1
    assert message in done.stderr
    assert done.stdout == ""
