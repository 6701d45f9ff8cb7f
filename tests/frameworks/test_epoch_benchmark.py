"""The benchmark of an epoch trains from originals and prepared files, and refuses files with other frames."""

from __future__ import annotations

import importlib
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import kinetics_fast as kf
from support.preparing import six_seconds, uneven, wavering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Bench = Callable[..., None]

pytestmark = pytest.mark.ffmpeg

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
COPIES, EPOCHS = 2, 1


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """Return the program, run in this process because torch takes seconds to import."""
    known = set(sys.modules)
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    module = importlib.import_module("bench_epoch")

    def run(folder: Path, *options: str) -> None:
        words = ["--copies", str(COPIES), "--epochs", str(EPOCHS), *options]
        monkeypatch.setattr(sys, "argv", [module.__file__, str(folder), *words])
        module.main()

    yield run
    for name in set(sys.modules) - known:
        file = getattr(sys.modules[name], "__file__", None)
        if file and Path(file).parent in (BENCHMARKS, BENCHMARKS.parent / "examples"):
            del sys.modules[name]


def make_folder(root: Path, **classes: Path) -> Path:
    """Make one class folder per video."""
    for name, video in classes.items():
        (root / name).mkdir(parents=True)
        shutil.copy(video, root / name / f"clip{video.suffix}")
    return root


def test_both_sides_train_on_the_same_frames(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench(make_folder(tmp_path / "clips", steady=six_seconds(), uneven=uneven()))
    printed = capsys.readouterr().out
    assert "2 clips, 2 copies of each, 2 classes" in printed
    # For training: two clips of each copy, with a model and without. For validation: 10 x 3 views of two
    # stretches of 25 frames in the last 50 of 150 frames, and of one in the last 36 of 107.
    clips = 2 * EPOCHS * 2 * COPIES * 2 + 30 * (2 + 1)
    assert f"{clips} sampled clips: equal frame numbers, times within one tick" in printed
    for row in ("originals", "prepared", "originals, data only", "prepared, data only"):
        assert re.search(rf"^{row} +(\d+\.\d\d *){{5}}$", printed, re.MULTILINE)
    assert re.search(r"check of the plumbing .*% \(originals\) and .*% \(prepared\)", printed)


@pytest.mark.parametrize(
    ("other", "message"),
    [(uneven, "gave other frame numbers"), (wavering, "times differ by 0.010")],
)
def test_prepared_files_with_other_frames_are_refused(
    bench: Bench,
    other: Callable[[], Path],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = make_folder(tmp_path / "clips", one=six_seconds(), two=six_seconds())
    changed = make_folder(tmp_path / "changed", one=six_seconds(), two=other())
    kf.prepare(changed, tmp_path / "target")
    with pytest.raises(SystemExit, match=message):
        bench(folder, "--prepared", str(tmp_path / "target"))
    assert capsys.readouterr().out == ""
