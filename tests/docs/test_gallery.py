"""Every example runs as it is, from any folder, and writes nothing into data that exists."""

from __future__ import annotations

import importlib
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.ffmpeg

EXAMPLES = Path(__file__).parents[2] / "examples"
GALLERY = sorted(set(EXAMPLES.glob("*.py")) - {EXAMPLES / "moving_shapes.py", EXAMPLES / "train.py"})
OPTIONAL = re.compile(r"^import (torch|jax|ray)$", re.MULTILINE)
SLOW = {"ray_training"}  # starts a cluster


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the working directory of the examples, in which the first one makes the videos."""
    return tmp_path_factory.mktemp("gallery")


def contents(root: Path) -> dict[str, int]:
    return {str(path.relative_to(root)): path.stat().st_mtime_ns for path in sorted(root.rglob("*"))}


@pytest.mark.filterwarnings("ignore:::ray")
@pytest.mark.parametrize(
    "script",
    [
        pytest.param(script, id=script.stem, marks=[pytest.mark.slow] if script.stem in SLOW else [])
        for script in GALLERY
    ],
)
def test_an_example_runs(
    script: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = script.read_text()
    for name in OPTIONAL.findall(text):
        pytest.importorskip(name)
    assert len(text.splitlines()) <= 60
    title, line = text.splitlines()[1:3]
    assert line == "=" * len(title)
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(str(EXAMPLES))
    monkeypatch.setattr(sys, "argv", [str(script)])
    before = contents(folder)
    runpy.run_path(str(script), run_name="__main__")
    assert capsys.readouterr().out
    assert not before or contents(folder) == before


def test_moving_shapes_never_writes_into_a_folder_that_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(EXAMPLES))
    (tmp_path / "moving-shapes-1-1").mkdir()
    moving_shapes = importlib.import_module("moving_shapes")
    assert moving_shapes.make(1, 1) == Path("moving-shapes-1-1")
    assert list(contents(tmp_path)) == ["moving-shapes-1-1"]


@pytest.mark.slow
@pytest.mark.parametrize("classes", [("zumba",), ("abseiling", "zumba", *map(str, range(9)))])
def test_train_takes_its_classes_from_the_data_and_leaves_the_data_alone(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, classes: tuple[str, ...]
) -> None:
    pytest.importorskip("torch")
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(str(EXAMPLES))
    video = (importlib.import_module("moving_shapes").make() / "val" / "up" / "000.mp4").resolve()
    for split in ("train", "val"):
        for name in classes:
            (tmp_path / "data" / split / name).mkdir(parents=True)
            (tmp_path / "data" / split / name / "a.mp4").symlink_to(video)
    before = contents(tmp_path / "data")
    command = [sys.executable, str(EXAMPLES / "train.py"), "--data", "data", "--epochs", "1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "top-1 with 10 x 3 views" in done.stdout
    assert contents(tmp_path / "data") == before
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.mark.slow
def test_train_says_what_its_data_lacks(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    (tmp_path / "data" / "train").mkdir(parents=True)
    command = [sys.executable, str(EXAMPLES / "train.py"), "--data", "data"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "data has no folder val; it needs train and val, with class folders\n"
