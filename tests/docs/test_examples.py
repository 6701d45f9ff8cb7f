"""The examples of the documentation run, and give the documented results."""

from __future__ import annotations

import doctest
import importlib
import re
import shlex
import shutil
import tarfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.cli.exit_codes import ExitCode
from kinetics_fast.cli.main import main
from kinetics_fast.datasets.kinetics_names import VERSION_MARK
from support import example_kinetics
from support.example_video import example_video

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
WITH_OBSTORE = ["Remote"]
CLASSES = [
    name
    for name in kf.__all__
    if isinstance(getattr(kf, name), type) and (name not in WITH_OBSTORE or find_spec("obstore"))
]
PAGES = [
    "README.md",
    *(f"docs/{name}.md" for name in ("kinetics", "loader", "pixels", "prepare", "samplers", "scan")),
    *(["docs/remote.md"] if find_spec("obstore") else []),
]
VALUES = re.compile(r"^(\S.*)  # (\(.*?\))", re.MULTILINE)


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


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.usefixtures("examples")
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


@pytest.mark.parametrize("page", ["README.md", "docs/scan.md", "docs/download.md"])
def test_commands_of_the_pages_run(page: str, examples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: object) -> ExitCode:
        return ExitCode.OK

    for name in ("_ask", "_run", "_list"):  # the transfers, which tests/download tests
        monkeypatch.setattr(f"kinetics_fast.cli.commands.download.{name}", nothing)
    shutil.copytree(examples / "k400", examples / "DATA", symlinks=True)
    mark = examples / "DATA" / VERSION_MARK
    mark.parent.mkdir(parents=True)
    mark.write_text("700-2020")
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
    commands = re.findall(r"^kinetics-fast (.*)", "".join(blocks), re.MULTILINE)
    assert commands
    for command in commands:
        words = shlex.split(command, comments=True)
        assert main(words) in (0, 1), command  # 1: some clips of the examples are missing


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("examples")
def test_python_of_the_pages_runs(page: str) -> None:
    names: dict[str, object] = {}
    source = "\n".join(re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(), re.DOTALL))
    exec(source, names)  # code of the page
    values = VALUES.findall(source)
    assert values
    for expression, value in values:
        assert str(eval(expression, names)) == value
