"""A scan on a cluster of three nodes writes the index of a scan on one machine, also if a node is killed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kinetics_fast.dataset_index.reader import IndexFile
from kinetics_fast.scan.engine import examine_on
from support import scanned

if TYPE_CHECKING:
    from support.ray_nodes import Nodes

pytestmark = [pytest.mark.ffmpeg, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make class folders with files of every fault, several times, so that every node has many tasks."""
    root = tmp_path_factory.mktemp("tree")
    scanned.make_tree(root)
    for number in range(20):
        shutil.copytree(root / "train", root / f"more-{number}")
    return root


def without_date(index: IndexFile) -> dict[str, Any]:
    """Return rows, columns and facts of an index. The date of the scan is left out."""
    facts = {name: value for name, value in index.facts.items() if name != "scanned"}
    return {"rows": index.table.to_pydict(), "schema": index.table.schema.remove_metadata(), "facts": facts}


@pytest.mark.usefixtures("nodes")
@pytest.mark.parametrize("decode", [False, True])
def test_the_index_is_that_of_one_machine(tree: Path, tmp_path: Path, decode: bool) -> None:
    done: list[int] = []
    options = {"decode": decode, "progress": done.append}
    here, _ = scanned.scanned(tree, tmp_path / "here.arrow", decode=decode)
    there, result = scanned.scanned(tree, tmp_path / "there.arrow", examine=examine_on("ray"), **options)
    assert without_date(there) == without_date(here)
    assert result.read == len(here)
    assert done == sorted(done)
    assert done[-1] == len(here)
    assert not (tmp_path / "there.arrow.parts").exists()


@pytest.mark.usefixtures("nodes")
def test_only_changed_files_are_read_again(tree: Path, tmp_path: Path) -> None:
    root = tmp_path / "copy"
    shutil.copytree(tree / "train", root)
    scanned.scanned(root, examine=examine_on("ray"))
    changed = next(root.rglob("*.mp4"))
    changed.write_bytes(scanned.three_seconds())
    index, result = scanned.scanned(root, examine=examine_on("ray"))
    here, _ = scanned.scanned(root, tmp_path / "here.arrow")
    # A file that could not be read is tried again by every scan.
    assert 1 <= result.read < len(index)
    assert index.table.to_pylist() == here.table.to_pylist()


def test_a_killed_node_changes_nothing(nodes: Nodes, tree: Path, tmp_path: Path) -> None:
    here, _ = scanned.scanned(tree, tmp_path / "here.arrow", decode=True)
    done: list[int] = []
    with nodes.losing_a_busy_one(lambda: done and done[-1] > 20):
        there, _ = scanned.scanned(
            tree, tmp_path / "there.arrow", decode=True, examine=examine_on("ray"), progress=done.append
        )
    assert without_date(there) == without_date(here)
