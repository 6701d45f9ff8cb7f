"""The examples of the documentation run, and give the documented results."""

from __future__ import annotations

import doctest
import importlib
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from importlib.util import find_spec
from os.path import expandvars
from pathlib import Path

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.cli.exit_codes import ExitCode
from kinetics_fast.cli.main import main
from kinetics_fast.datasets.kinetics_names import VERSION_MARK
from support import example_kinetics, page_code
from support.example_video import example_video
from support.packages import installed

pytestmark = pytest.mark.ffmpeg

ROOT = Path(__file__).parents[2]
WITH_TORCH = [
    "kinetics_fast.compat.lerobot",
    "kinetics_fast.compat.pytorchvideo",
    "kinetics_fast.compat.torchcodec.decoders._video_decoder",
    "kinetics_fast.compat.torchvision.video",
    "kinetics_fast.compat.torchvision.video_reader",
]
MODULES = [
    "kinetics_fast",
    "kinetics_fast.compat.decord.video_reader",
    *(WITH_TORCH if find_spec("torch") else []),
    "kinetics_fast.compat.mmaction2",
    "kinetics_fast.compat.opencv",
    "kinetics_fast.compat.skvideo",
    "kinetics_fast.compat.vllm",
    "kinetics_fast.compat.webdataset",
    "kinetics_fast.conventions.i3d",
    "kinetics_fast.conventions.mmaction2",
    "kinetics_fast.conventions.mmaction2_uniform",
    "kinetics_fast.conventions.pyslowfast",
    "kinetics_fast.conventions.pytorchvideo",
    "kinetics_fast.conventions.torchcodec_indices",
    "kinetics_fast.conventions.torchcodec_timestamps",
    "kinetics_fast.conventions.videomae",
    "kinetics_fast.datasets.published",
    "kinetics_fast._decode.decode_clips",
    "kinetics_fast.dataset_index.reader",
    "kinetics_fast.preparation.prepare",
    "kinetics_fast.samplers.fixed",
    "kinetics_fast.samplers.span",
]
WITH_OBSTORE = [pytest.mark.skipif(not installed("obstore"), reason="obstore is not installed")]
WITH_RAY = [pytest.mark.slow, pytest.mark.skipif(not installed("ray"), reason="Ray is not installed")]
CLASSES = [
    pytest.param(name, marks=WITH_OBSTORE if name == "Remote" else [])
    for name in kf.__all__
    if isinstance(getattr(kf, name), type)
]
PAGES = ["README.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))]
LIBRARIES = {"docs/remote.md": WITH_OBSTORE, "docs/scale.md": WITH_RAY}
PAGES_WITH_PYTHON = [
    pytest.param(page, marks=LIBRARIES.get(page, []))
    for page in PAGES
    if page_code.blocks(ROOT / page, "python")
]
OWN_TESTS = ("docs/loader.md", "docs/migrate.md")  # tests/frameworks and test_migrate_page.py
PAGES_WITH_LIBRARIES = [
    page for page in PAGES if page not in OWN_TESTS and page_code.blocks(ROOT / page, "py")
]
SLOW_COMMANDS = {"docs/prepare.md": [pytest.mark.slow], "docs/scale.md": WITH_RAY}
PAGES_WITH_COMMANDS = [
    pytest.param(page, marks=SLOW_COMMANDS.get(page, []))
    for page in PAGES
    if "\nkinetics-fast " in (ROOT / page).read_text()
]


@pytest.fixture
def examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the folder that the examples assume, and change to it."""
    video = example_video()
    (tmp_path / "abseiling.mp4").symlink_to(video)
    action = tmp_path / "clips" / "train" / "abseiling"
    action.mkdir(parents=True)
    (action / "one.mp4").symlink_to(video)
    example_kinetics.write(tmp_path, video)
    with tarfile.open(tmp_path / "shard.tar", "w") as shard:
        shard.add(video, "abseiling.mp4")
    monkeypatch.chdir(tmp_path)
    assert main(["scan", "k400", "--version", "400", "--json"]) == 1  # exit code 1: a clip is missing
    return tmp_path


@pytest.fixture
def no_cluster_left() -> Iterator[None]:
    yield
    if "ray" in sys.modules:
        sys.modules["ray"].shutdown()


@pytest.mark.filterwarnings("ignore:::ray")
@pytest.mark.parametrize("name", [*MODULES, pytest.param("kinetics_fast.ray.reading", marks=WITH_RAY)])
@pytest.mark.usefixtures("examples", "no_cluster_left")
def test_examples_of_docstrings_run(name: str) -> None:
    names = {"kf": kf, "np": np, "video": kf.Video("abseiling.mp4")}
    result = doctest.testmod(importlib.import_module(name), extraglobs=names)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.usefixtures("examples")
def test_examples_of_public_classes_run(name: str) -> None:
    names = {"kf": kf, "np": np, "video": kf.Video("abseiling.mp4")}
    # Wherever a class and its methods are defined, their docstrings belong to the package.
    found = doctest.DocTestFinder().find(getattr(kf, name), name, module=False, globs=names)
    runner = doctest.DocTestRunner()
    for example in found:
        runner.run(example)
    assert runner.failures == 0


@pytest.mark.filterwarnings("ignore:::ray")
@pytest.mark.parametrize("page", PAGES_WITH_COMMANDS)
def test_commands_of_the_pages_run(page: str, examples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: object) -> ExitCode:
        return ExitCode.OK

    for name in ("_ask", "_run", "_list"):  # the transfers, which tests/download tests
        monkeypatch.setattr(f"kinetics_fast.cli.commands.download.{name}", nothing)
    shutil.copytree(examples / "k400", examples / "DATA", symlinks=True)
    mark = examples / "DATA" / VERSION_MARK
    mark.parent.mkdir(parents=True)
    mark.write_text("700-2020")
    monkeypatch.setenv("SLURM_ARRAY_TASK_ID", "1")
    if page == "docs/scale.md" and not installed("ray"):
        pytest.skip("not installed: ray")
    blocks = page_code.blocks(ROOT / page, "sh")
    commands = re.findall(r"^kinetics-fast (.*)", "".join(blocks), re.MULTILINE)
    assert commands
    for command in commands:
        if "://" in command:  # no test leaves this machine
            continue
        words = shlex.split(expandvars(command), comments=True)
        assert main(words) in (0, 1), command  # 1: some clips of the examples are missing


@pytest.mark.filterwarnings("ignore:::ray")
@pytest.mark.parametrize("page", PAGES_WITH_PYTHON)
@pytest.mark.usefixtures("examples", "no_cluster_left")
def test_python_of_the_pages_runs(page: str) -> None:
    code = "\n".join(page_code.blocks(ROOT / page, "python"))
    if missing := page_code.lacking(code):
        pytest.skip(f"not installed: {', '.join(missing)}")
    assert page_code.run(code, {}) > 0


@pytest.mark.parametrize("page", PAGES_WITH_LIBRARIES)
@pytest.mark.usefixtures("examples")
def test_code_of_the_pages_for_another_library_runs(page: str) -> None:
    for code in page_code.blocks(ROOT / page, "py"):
        if missing := page_code.lacking(code):
            pytest.skip(f"not installed: {', '.join(missing)}")
        page_code.run(code, {})


def test_the_tables_of_the_page_on_scale_are_computed_from_its_figures() -> None:
    page = (ROOT / "docs" / "scale.md").read_text()
    script = [sys.executable, str(ROOT / "benchmarks" / "scale.py")]
    tables = subprocess.run(script, capture_output=True, text=True, check=True).stdout.strip().split("\n\n")
    assert len(tables) > 5
    for table in tables:
        name, *lines = table.strip().split("\n")
        text = "\n".join(lines)
        assert f"<!-- {name} -->\n{text}\n<!-- {name} -->\n" in page
