"""The commands of README work in an empty environment: the wheel with `[all]`, and no ffmpeg on PATH."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from support import page_code
from support.example_video import example_video

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as `pip install '.[all]'` does in a clone, with the tools that are installed."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "--quiet", "wheel", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(ROOT)], check=True)
    (found,) = folder.glob("*.whl")
    return found


class Environment:
    """An empty environment, an empty folder, and a PATH that has the commands of the environment alone."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder / "venv", with_pip=True)
        self.bin = folder / "venv" / "bin"
        self.folder = folder / "work"
        self.folder.mkdir()

    def run(self, *command: str) -> str:
        """Run a command, which must succeed, and return its output."""
        program = shutil.which(command[0], path=str(self.bin))
        assert program, f"{command[0]} is not installed"
        variables = {"PATH": str(self.bin), "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [program, *command[1:]],
            cwd=self.folder,
            env=variables,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, f"{shlex.join(command)}:\n{done.stdout}"
        return done.stdout


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment(tmp_path_factory.mktemp("environment"))


def commands() -> list[list[str]]:
    """Return the commands of README, without those that install from a clone."""
    blocks = "".join(page_code.blocks(ROOT / "README.md", "sh"))
    found = [shlex.split(line, comments=True) for line in blocks.splitlines()]
    return [words for words in found if words and words != ["pip", "install", ".[all]"]]


def test_every_command_of_the_readme_runs(wheel: Path, environment: Environment) -> None:
    assert commands()[0] == ["pip", "install", "FILE.whl[all]"]
    for words in commands():
        output = environment.run(*(word.replace("FILE.whl", str(wheel)) for word in words))
        assert "kinetics-fast" in output or words[0] == "pip", words
    assert (environment.folder / "kinetics-fast-demo.png").stat().st_size > 0


def test_the_loop_of_the_first_page_runs(environment: Environment) -> None:
    videos = environment.folder / "clips" / "train" / "abseiling"
    videos.mkdir(parents=True)
    shutil.copy(example_video(), videos / "one.mp4")
    code = "\n".join(page_code.blocks(ROOT / "docs" / "start.md", "python"))
    output = environment.run("python", "-c", f"{code}\nprint(frames.shape, labels)")
    assert output == "(1, 3, 16, 224, 224) [0]\n"


def test_prepare_finds_an_ffmpeg_where_path_has_none(environment: Environment) -> None:
    environment.run("kinetics-fast", "prepare", "clips/train", "fast")
    assert "1 clips" in environment.run(
        "python", "-c", "import kinetics_fast as kf; print(kf.Dataset.from_index('fast'))"
    )


def test_the_description_of_the_wheel_has_absolute_links_only(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        links = re.findall(r"\]\(([^)]*)\)", archive.read(name).decode())
    assert links
    assert [link for link in links if not link.startswith("https://")] == []
