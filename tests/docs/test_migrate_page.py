"""The code of docs/migrate.md runs, and gives the documented values.

A block is skipped if a library that it imports is not installed.
"""

from __future__ import annotations

import importlib
import re
import tarfile
from pathlib import Path

import pytest

import kinetics_fast.compat
from kinetics_fast.compat.registry import DROP_INS
from support import page_code
from support.example_video import example_video

pytestmark = pytest.mark.ffmpeg

PATH = Path(__file__).parents[2] / "docs" / "migrate.md"
PAGE = PATH.read_text()
BLOCKS = page_code.blocks(PATH, "py")
LINES = re.findall(r"`((?:from|import) kinetics_fast\.compat\.[^`]*)`", PAGE)


def title(block: str) -> str:
    before = PAGE[: PAGE.index(block.splitlines()[-1])]
    titles: list[str] = re.findall(r"^#+ (.*)$", before, re.MULTILINE)
    return titles[-1]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the folder that the page assumes, and change to it."""
    (tmp_path / "abseiling.mp4").symlink_to(example_video())
    with tarfile.open(tmp_path / "shard.tar", "w", dereference=True) as shard:
        shard.add(tmp_path / "abseiling.mp4", "abseiling.mp4")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.filterwarnings("ignore")  # those of other libraries
@pytest.mark.parametrize("number", range(len(BLOCKS)), ids=[title(block) for block in BLOCKS])
def test_a_block_runs(number: int) -> None:
    if missing := page_code.lacking(BLOCKS[number]):
        pytest.skip(f"not installed: {', '.join(missing)}")
    try:
        page_code.run(BLOCKS[number], {"__name__": "page"})
    finally:
        kinetics_fast.compat.uninstall()


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_the_table_runs(line: str) -> None:
    exec(line, {})


def test_the_page_names_what_install_takes() -> None:
    (sentence,) = re.findall(r"`install` takes (.*?)\. `uninstall`", PAGE, re.DOTALL)
    assert re.findall(r"`(.*?)`", sentence) == list(DROP_INS)


def test_every_drop_in_is_on_the_page() -> None:
    folder = Path(str(importlib.import_module("kinetics_fast.compat").__file__)).parent
    machinery = {"registry", "finder", "child_processes", "reading", "frames"}
    modules = {path.stem for path in folder.iterdir() if not path.stem.startswith(("_", "."))} - machinery
    missing = {name for name in modules if f"kinetics_fast.compat.{name}" not in PAGE}
    assert missing == {"vllm"}  # an environment variable chooses this module
    assert "VLLM_VIDEO_LOADER_BACKEND=kinetics_fast" in PAGE
