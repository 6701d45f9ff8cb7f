"""Data sets in a store: scanned, read by their index and by their tar archives, as on a disk."""

from __future__ import annotations

import io
import pickle
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.dataset_index.reader import IndexFile
from kinetics_fast.remote.folder import RemoteFolder
from kinetics_fast.scan.scanner import scan
from kinetics_fast.scan.targets import targets_of_folder
from support.stores import BUCKET, KEY, SECRET, Bucket
from videos import media

pytestmark = pytest.mark.ffmpeg

SAMPLER = kf.RandomClips(4, stride=2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder of two classes and a tar archive."""
    root = tmp_path_factory.mktemp("videos")
    for number, name in enumerate(media.NAMES[:6]):
        place = root / f"class {number % 2}" / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(media.make(name).read_bytes())
    with tarfile.open(root / "shard.tar", "w") as shard:
        for name in media.NAMES[6:9]:
            shard.add(media.make(name), f"in a tar/{name}")
    (root / "class 0" / "broken.mp4").write_bytes(b"no video" * 100)
    return root


@pytest.fixture(scope="module")
def bucket(running_s3: Bucket, folder: Path) -> Bucket:
    for path in folder.rglob("*.*"):
        running_s3.put(f"set/{path.relative_to(folder)}", path.read_bytes())
    return running_s3


def scanned(root: Any, index: Path) -> IndexFile:
    scan(root, targets_of_folder(root), index)
    return IndexFile(index)


def rows(index: IndexFile) -> list[dict[str, Any]]:
    """Return the rows but for what tells whether a file has changed."""
    found: list[dict[str, Any]] = index.table.drop_columns(["header_hash"]).to_pylist()
    return found


def batches(dataset: Any, **options: Any) -> Iterator[kf.ClipBatch]:
    loader = kf.ClipLoader(dataset, SAMPLER, kf.CenterCrop(32), on_error="zero", batch_size=4, **options)
    yield from loader


def assert_equal(ours: Iterator[kf.ClipBatch], theirs: Iterator[kf.ClipBatch]) -> None:
    for one, other in zip(ours, theirs, strict=True):
        for name in ("frames", "labels", "valid", "status", "timestamps", "indices"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
        assert {row: type(error) for row, error in one.errors.items()} == {
            row: type(error) for row, error in other.errors.items()
        }


def test_a_scan_of_a_store_gives_the_rows_of_a_scan_of_a_folder(
    bucket: Bucket, s3: Bucket, folder: Path, tmp_path: Path
) -> None:
    remote = RemoteFolder(bucket.store(), "set")
    index = scanned(remote, tmp_path / "remote.arrow")
    assert rows(index) == rows(scanned(folder, tmp_path / "local.arrow"))
    saved = (tmp_path / "remote.arrow").read_bytes()
    assert KEY.encode() not in saved
    assert SECRET.encode() not in saved
    s3.watched.asked.clear()
    assert scan(remote, targets_of_folder(remote), tmp_path / "remote.arrow").read == 0
    videos = [asked for asked in s3.watched.reads() if asked.path.endswith(".mp4")]
    assert videos == []


def test_a_scan_reads_changed_objects_again(bucket: Bucket, tmp_path: Path) -> None:
    remote = RemoteFolder(bucket.store(), "other")
    for name in ("a.mp4", "b.mp4"):
        bucket.put(f"other/{name}", media.make("open_gop.mp4").read_bytes())
    assert scan(remote, targets_of_folder(remote), tmp_path / "index.arrow").read == 2
    bucket.put("other/b.mp4", media.make("open_gop.mp4").read_bytes() + bytes(8))
    assert scan(remote, targets_of_folder(remote), tmp_path / "index.arrow").read == 1


def test_batches_from_an_index(bucket: Bucket, folder: Path, tmp_path: Path) -> None:
    scanned(folder, tmp_path / "local.arrow")
    local = kf.Dataset.from_index(tmp_path / "local.arrow", root=folder)
    remote = kf.Dataset.from_index(tmp_path / "local.arrow", root=kf.Remote(bucket.store(), "set"))
    assert_equal(batches(remote, shuffle=True, seed=3), batches(local, shuffle=True, seed=3))


def test_batches_from_tar_archives(bucket: Bucket, folder: Path) -> None:
    local = kf.Dataset.from_tars(folder / "shard.tar")
    remote = kf.Dataset.from_tars(kf.Remote(bucket.store("set"), "shard.tar"))
    assert remote.classes == local.classes == ("in a tar",)
    assert_equal(batches(remote), batches(local))


def test_an_index_that_names_a_store_opens_it_only_where_that_is_allowed(
    bucket: Bucket, tmp_path: Path
) -> None:
    index = tmp_path / "kinetics-fast.arrow"
    scanned(RemoteFolder(bucket.store(), "set"), index)
    url = f"s3://{BUCKET}/set"
    assert IndexFile(index).status_counts()["ok"]  # it can be looked at
    for refused in (False, "s3://clip", [f"s3://{BUCKET}/se"], [f"{url}-evil"], []):
        with pytest.raises(PermissionError, match=f"allow_remote=..{url}"):
            kf.Dataset.from_index(index, allow_remote=refused)
    for allowed in (True, [url], url, [f"s3://{BUCKET}/"]):
        dataset = kf.Dataset.from_index(index, allow_remote=allowed)
        assert str(dataset[0].source).startswith(f"Remote('{url}/")
    assert str(pickle.loads(pickle.dumps(dataset))[0].source) == str(dataset[0].source)


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "a//b", "a/../b", "http://x/y", "a\\b"])
def test_a_path_of_an_index_stays_below_its_folder(path: str) -> None:
    with pytest.raises(kf.OpenError, match="must lie below the folder"):
        RemoteFolder("s3://bucket/set").source(path)


@pytest.mark.parametrize(
    "url", ["s3://user:pw@bucket", "https://h/x?sig=1", "ftp://h/x", "https://h/a/../b", "https://h/%2e%2e"]
)
def test_a_url_with_credentials_or_tricks_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="URL of a store") as caught:
        kf.Remote(url, "x")
    assert "pw" not in str(caught.value)
    assert "sig" not in str(caught.value)


def test_prepare_copies_each_object_and_gives_the_files_of_a_folder(
    bucket: Bucket, folder: Path, tmp_path: Path
) -> None:
    remote = kf.prepare(kf.Remote(bucket.store(), "set"), tmp_path / "remote", x264="preset=ultrafast")
    local = kf.prepare(folder, tmp_path / "local", x264="preset=ultrafast")
    assert remote.failures.keys() == local.failures.keys()
    written = sorted(path.relative_to(tmp_path / "local") for path in (tmp_path / "local").rglob("*.mp4"))
    assert written
    for path in written:
        assert (tmp_path / "remote" / path).read_bytes() == (tmp_path / "local" / path).read_bytes()
    assert not list((tmp_path / "remote").rglob("*.source"))
    again = kf.prepare(kf.Remote(bucket.store(), "set"), tmp_path / "remote", x264="preset=ultrafast")
    assert again.prepared == 0
    assert SECRET not in (tmp_path / "remote" / "kinetics-fast.arrow").read_bytes().decode("latin-1")


def test_archives_of_several_stores_are_refused(bucket: Bucket) -> None:
    archives = [kf.Remote(bucket.store(), "a.tar"), kf.Remote(bucket.store(), "b.tar")]
    with pytest.raises(ValueError, match="all be in one store"):
        kf.Dataset.from_tars(archives)


def test_a_member_is_a_range(bucket: Bucket, folder: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO((folder / "shard.tar").read_bytes())) as shard:
        member = shard.getmembers()[0]
    remote = kf.Remote(bucket.store(), "set/shard.tar", member.offset_data, member.size)
    local = kf.FileRange(folder / "shard.tar", member.offset_data, member.size)
    np.testing.assert_array_equal(kf.Video(remote)[:8], kf.Video(local)[:8])
    assert (
        str(remote)
        == f"Remote('s3://{BUCKET}/set/shard.tar', offset={member.offset_data}, size={member.size})"
    )
