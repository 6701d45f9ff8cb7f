"""A scan and `prepare` of an S3 store on a cluster give the index and the files of one machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import kinetics_fast as kf
from kinetics_fast.dataset_index.reader import IndexFile
from kinetics_fast.remote.folder import RemoteFolder
from kinetics_fast.scan.engine import examine_on
from kinetics_fast.scan.scanner import scan
from kinetics_fast.scan.targets import targets_of_folder
from support import scanned
from support.preparing import contents_of, six_seconds, small_sources
from support.stores import SECRET, Bucket, s3_server

pytestmark = [pytest.mark.ffmpeg, pytest.mark.slow, pytest.mark.timeout(300)]

CLIPS = 6


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    """Serve class folders with one file that is not a video. The processes of all nodes reach the server."""
    pytest.importorskip("obstore", reason="obstore, of the extra `remote`, is not installed")
    pytest.importorskip("moto.server", reason="moto[server], of the group `stores`, is not installed")
    root = tmp_path_factory.mktemp("sources")
    small_sources(root)
    with s3_server() as bucket:
        for path in root.rglob("*.*"):
            bucket.put(f"set/{path.relative_to(root)}", path.read_bytes())
        for number in range(CLIPS):
            bucket.put(f"set/zumba/{number:02d}.mp4", six_seconds().read_bytes())
        yield bucket


@pytest.mark.usefixtures("nodes")
@pytest.mark.parametrize("decode", [False, True])
def test_the_index_of_a_store_is_that_of_one_machine(bucket: Bucket, tmp_path: Path, decode: bool) -> None:
    store = RemoteFolder(bucket.store(), "set")
    scan(store, targets_of_folder(store), tmp_path / "here.arrow", decode=decode)
    ray = examine_on("ray")
    done = scan(store, targets_of_folder(store), tmp_path / "there.arrow", decode=decode, examine=ray)
    here, there = (IndexFile(tmp_path / name) for name in ("here.arrow", "there.arrow"))
    assert scanned.rows(there) == scanned.rows(here)
    assert done.read == len(here) == CLIPS + 4
    assert {**there.facts, "scanned": None} == {**here.facts, "scanned": None}
    assert SECRET.encode() not in (tmp_path / "there.arrow").read_bytes()


@pytest.mark.usefixtures("nodes")
@pytest.mark.parametrize("shard_size", [None, 1 << 20])
def test_the_files_of_a_store_are_those_of_one_machine(
    bucket: Bucket, tmp_path: Path, shard_size: int | None
) -> None:
    source = kf.Remote(bucket.store(), "set")
    here = kf.prepare(source, tmp_path / "here", shard_size=shard_size)
    there = kf.prepare(source, tmp_path / "there", shard_size=shard_size, engine="ray")
    assert contents_of(tmp_path / "there") == contents_of(tmp_path / "here")
    rows = [scanned.rows(IndexFile(tmp_path / name / "kinetics-fast.arrow")) for name in ("here", "there")]
    assert rows[0] == rows[1]
    assert (there.clips, there.prepared, there.failures) == (here.clips, here.prepared, here.failures)
    assert list(there.failures) == ["zumba/four.mp4"]
    assert not list((tmp_path / "there").rglob("*.source"))
    assert kf.prepare(source, tmp_path / "there", shard_size=shard_size, engine="ray").prepared == 0
