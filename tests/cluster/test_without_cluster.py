"""What needs no cluster: shares, a share that is begun again, and the messages where Ray is missing."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from typing import Any

import pytest

import kinetics_fast as kf
from kinetics_fast.cli.main import main
from kinetics_fast.preparation import on_ray
from kinetics_fast.preparation.clips import list_clips
from kinetics_fast.preparation.program import find_ffmpeg
from kinetics_fast.preparation.recipe import recipe_of
from kinetics_fast.ray import read_clips
from kinetics_fast.ray.tasks import shares_of
from kinetics_fast.scan import on_ray as scan_on_ray
from kinetics_fast.scan.known import Key
from kinetics_fast.scan.scanner import examined
from support import scanned
from support.packages import installed
from support.preparing import six_seconds

pytestmark = pytest.mark.ffmpeg

INSTALL = "pip install 'kinetics-fast[ray]'"


@pytest.mark.parametrize(("count", "longest"), [(0, 0), (3, 1), (64, 1), (200, 3), (1280, 20), (50_000, 20)])
def test_shares_are_small_and_have_every_file_once(count: int, longest: int) -> None:
    shares = list(shares_of(range(count)))
    assert [number for share in shares for number in share] == list(range(count))
    assert max(map(len, shares), default=0) == longest


@pytest.fixture
def no_ray(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec

    def find_spec(name: str, package: str | None = None) -> Any:
        return None if name == "ray" else found(name, package)

    monkeypatch.setattr("kinetics_fast.ray.cluster.find_spec", find_spec)


@pytest.mark.usefixtures("no_ray")
def test_commands_say_what_to_install(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "clips").mkdir()
    shutil.copy(six_seconds(), tmp_path / "clips" / "one.mp4")
    for command in (["scan", "clips"], ["prepare", "clips", "target"]):
        words = [command[0], *(str(tmp_path / name) for name in command[1:]), "--engine", "ray"]
        assert main(words) == 3
        assert capsys.readouterr().err.endswith(f"this command needs ray: {INSTALL}\n")
    assert [path.name for path in tmp_path.rglob("*")] == ["clips", "one.mp4"]


@pytest.mark.usefixtures("no_ray")
def test_functions_say_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(ModuleNotFoundError, match=r"kinetics-fast\[ray\]"):
        kf.prepare(tmp_path, tmp_path / "target", engine="ray")
    with pytest.raises(ModuleNotFoundError, match=r"kinetics-fast\[ray\]"):
        read_clips([str(six_seconds())], kf.UniformClips(4, 2, 1))


def test_wrong_arguments_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="engine must be one of local, ray, got 'dask'"):
        kf.prepare(tmp_path, tmp_path / "target", engine="dask")  # type: ignore[arg-type]


@pytest.mark.skipif(not installed("ray"), reason="Ray is not installed")
def test_a_dtype_that_arrow_lacks_is_refused() -> None:
    pytest.importorskip("ml_dtypes")
    with pytest.raises(ValueError, match=r"dtype must be one of uint8, float16, float32, .* got 'bfloat16'"):
        read_clips([str(six_seconds())], kf.UniformClips(4, 2, 1), dtype="bfloat16")


def test_a_share_of_a_scan_has_the_rows_of_a_batch(tmp_path: Path) -> None:
    paths = list(scanned.make_tree(tmp_path))
    files: dict[Key, int | None] = {(path, None): None for path in paths}
    ((_, rows),) = examined(tmp_path, files, {}, decode=True)
    task = scan_on_ray._Task(tmp_path, True)
    assert scan_on_ray._examine_share(task, files, {}) == (len(paths), rows)


@pytest.mark.parametrize("shards", [False, True])
def test_a_share_that_is_begun_again_goes_on_after_its_last_clip(tmp_path: Path, shards: bool) -> None:
    sources, scratch, journal = tmp_path / "sources", tmp_path / "scratch", tmp_path / "journal-share.jsonl"
    (sources / "zumba").mkdir(parents=True)
    scratch.mkdir()
    for number in range(3):
        shutil.copy(six_seconds(), sources / "zumba" / f"{number}.mp4")
    (sources / "zumba" / "4.mp4").write_bytes(b"no video" * 100)
    jobs = list_clips(sources, None, None, None).jobs
    recipe = recipe_of("fast", "profile", None, None)
    task = on_ray._Task(sources, tmp_path / "target", scratch, recipe, find_ffmpeg().version, shards)

    def files() -> dict[Path, tuple[int, int]]:
        facts = {path: path.stat() for path in (tmp_path / "target", scratch) for path in path.rglob("*.mp4")}
        return {path: (fact.st_ino, fact.st_mtime_ns) for path, fact in facts.items()}

    first = on_ray._prepare_share(task, journal, [jobs[0], jobs[1], jobs[3]], {})
    before = files()
    assert len(before) == 2
    with journal.open("ab") as lines:
        lines.write(b'{"name": "zumba/2.mp4", "source":')  # cut off by the loss of the node
    second = on_ray._prepare_share(task, journal, jobs, {})
    assert [outcome.entry for outcome in second[:2]] == [outcome.entry for outcome in first[:2]]
    assert [outcome.entry.name for outcome in second] == [job.name for job in jobs]
    assert all(outcome.is_new for outcome in second)
    assert second[3].entry.error
    assert {path: facts for path, facts in files().items() if path in before} == before
    assert len(files()) == 3
    assert [outcome.file for outcome in second[:3]] == [
        scratch / f"{job.number}.mp4" if shards else None for job in jobs[:3]
    ]


def test_another_ffmpeg_on_a_node_is_refused(tmp_path: Path) -> None:
    recipe = recipe_of("fast", "profile", None, None)
    task = on_ray._Task(tmp_path, tmp_path, tmp_path, recipe, "0.1", False)
    with pytest.raises(RuntimeError, match=r"caller is version 0\.1; install one version on all nodes"):
        on_ray._prepare_share(task, tmp_path / "journal.jsonl", [], {})


def test_a_node_that_does_not_see_the_files_is_named(tmp_path: Path) -> None:
    there = tmp_path / "on another machine"
    recipe = recipe_of("fast", "profile", None, None)
    for source, scratch in ((there, tmp_path), (tmp_path, there)):
        task = on_ray._Task(source, tmp_path, scratch, recipe, find_ffmpeg().version, False)
        with pytest.raises(FileNotFoundError, match=r"node \S+ does not see this folder.*on another machine"):
            on_ray._prepare_share(task, tmp_path / "journal.jsonl", [], {})
    with pytest.raises(FileNotFoundError, match=r"node \S+ does not see this folder.*on another machine"):
        scan_on_ray._examine_share(scan_on_ray._Task(there, False), {}, {})
