"""`prepare` on a cluster of three nodes writes the files of one machine, also if a node is killed."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import kinetics_fast as kf
from kinetics_fast.dataset_index.reader import IndexFile
from kinetics_fast.preparation.workspace import FOLDER
from support import scanned
from support.preparing import contents_of, six_seconds, small_sources

if TYPE_CHECKING:
    from support.ray_nodes import Nodes

pytestmark = [pytest.mark.ffmpeg, pytest.mark.slow, pytest.mark.timeout(300)]

CLIPS = 24
SHARE = 4


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make clips that take a second each, and a file that is no video."""
    root = tmp_path_factory.mktemp("sources")
    small_sources(root)
    for number in range(CLIPS):
        shutil.copy(six_seconds(), root / "zumba" / f"{number:02d}.mp4")
    return root


@pytest.fixture(scope="module")
def alone(many: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what one machine makes of them."""
    target = tmp_path_factory.mktemp("alone") / "target"
    kf.prepare(many, target)
    return target


@pytest.fixture
def shares_of_four(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a task have several clips, as with large data sets."""
    from kinetics_fast.ray import tasks

    monkeypatch.setattr(tasks, "FILES_PER_SHARE", SHARE)
    monkeypatch.setattr(tasks, "FEWEST_SHARES", 1)


def rows(target: Path) -> list[dict[str, object]]:
    return scanned.rows(IndexFile(target / "kinetics-fast.arrow"))


@pytest.mark.usefixtures("nodes")
@pytest.mark.parametrize("shard_size", [None, 1 << 20])
def test_the_files_are_those_of_one_machine(many: Path, tmp_path: Path, shard_size: int | None) -> None:
    told: list[int] = []
    here = kf.prepare(many, tmp_path / "here", shard_size=shard_size)
    there = kf.prepare(
        many,
        tmp_path / "there",
        shard_size=shard_size,
        engine="ray",
        progress=lambda progress: told.append(progress.done),
    )
    assert contents_of(tmp_path / "there") == contents_of(tmp_path / "here")
    assert rows(tmp_path / "there") == rows(tmp_path / "here")
    assert (there.clips, there.prepared, there.failures) == (here.clips, here.prepared, here.failures)
    assert list(here.failures) == ["zumba/four.mp4"]
    assert told == list(range(1, here.clips + 1))
    left = {path.name for path in (tmp_path / "there" / FOLDER).iterdir()}
    assert left == {path.name for path in (tmp_path / "here" / FOLDER).iterdir()}
    again = kf.prepare(many, tmp_path / "there", shard_size=shard_size, engine="ray")
    assert again.prepared == 0


@pytest.mark.usefixtures("shares_of_four")
def test_a_killed_node_costs_its_current_clips_only(
    nodes: Nodes, many: Path, alone: Path, tmp_path: Path
) -> None:
    from support.ray_nodes import until

    target = tmp_path / "target"
    kept: dict[Path, tuple[int, int]] = {}

    def files() -> dict[Path, tuple[int, int]]:
        facts = {path: path.stat() for path in target.rglob("*.mp4") if FOLDER not in path.parts}
        return {path: (fact.st_ino, fact.st_mtime_ns) for path, fact in facts.items()}

    def all_shares_have_begun() -> bool:
        journals = list((target / FOLDER).glob("journal-*-share-*.jsonl"))
        return sum(0 < path.read_bytes().count(b"\n") < SHARE for path in journals) == 3

    def kill() -> None:
        until(all_shares_have_begun)
        nodes.kill(nodes.workers()[0])
        kept.update(files())

    killer = threading.Thread(target=kill)
    killer.start()
    done = kf.prepare(many, target, engine="ray")
    killer.join()
    assert 3 <= len(kept) < CLIPS
    assert {path: facts for path, facts in files().items() if path in kept} == kept
    assert contents_of(target) == contents_of(alone)
    assert rows(target) == rows(alone)
    assert list(done.failures) == ["zumba/four.mp4"]
    assert done.prepared == done.clips - 1
