"""Shards are plain tar archives with WebDataset's names; parts and their merge give what one run gives."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

import kinetics_fast as kf
from kinetics_fast.cli.main import main
from kinetics_fast.dataset_index.reader import IndexFile
from kinetics_fast.preparation.result import PrepareProgress
from support import example_kinetics
from support.preparing import contents_of, files_of, six_seconds

pytestmark = pytest.mark.ffmpeg

CLIPS = ("abseiling/one", "abseiling/two.v2", "zumba/three")


@pytest.fixture
def plain_sources(tmp_path: Path) -> Path:
    """Make three good clips of two classes."""
    for number, name in enumerate(CLIPS):
        path = tmp_path / "sources" / f"{name}.mp4"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(six_seconds().read_bytes() + b"\0\0\0\x0cfree" + number.to_bytes(4, "big"))
    return tmp_path / "sources"


def test_a_shard_has_webdatasets_names_and_the_index_addresses_its_members(
    plain_sources: Path, tmp_path: Path
) -> None:
    kf.prepare(plain_sources, tmp_path / "files")
    prepared = kf.prepare(plain_sources, tmp_path / "shards", shard_size=1 << 20)
    assert files_of(tmp_path / "shards") == {"clips-000000.tar", "kinetics-fast.arrow"}
    keys = ["abseiling/one", "abseiling/two_v2", "zumba/three"]
    with tarfile.open(tmp_path / "shards" / "clips-000000.tar") as shard:
        members = shard.getmembers()
        assert [member.name for member in members] == [
            f"{k}.{e}" for k in keys for e in ("mp4", "cls", "json")
        ]
        read = {member.name: shard.extractfile(member).read() for member in members}  # type: ignore[union-attr]
    assert [read[f"{key}.cls"] for key in keys] == [b"0", b"0", b"1"]
    assert json.loads(read["zumba/three.json"])["label"] == "zumba"
    ours = contents_of(tmp_path / "files")
    assert [read[f"{key}.mp4"] for key in keys] == [ours[f"{name}.mp4"] for name in CLIPS]
    dataset = kf.Dataset.from_index(tmp_path / "shards")
    assert [record.label for record in dataset] == [0, 0, 1]
    for record, name in zip(dataset, CLIPS, strict=True):
        assert isinstance(record.source, kf.FileRange)
        whole = kf.Video(tmp_path / "files" / f"{name}.mp4")
        assert (kf.Video(record.source)[7] == whole[7]).all()
        assert len(kf.Video(record.source)) == len(whole)
    assert [record.label for record in kf.Dataset.from_tars(tmp_path / "shards" / "clips-000000.tar")] == [
        0,
        0,
        1,
    ]
    assert prepared.bytes_out == sum(len(data) for data in ours.values())


def test_shards_are_read_as_a_source(plain_sources: Path, tmp_path: Path) -> None:
    kf.prepare(plain_sources, tmp_path / "shards", shard_size=1 << 20)
    again = kf.prepare(tmp_path / "shards" / "kinetics-fast.arrow", tmp_path / "again")
    assert (again.prepared, again.failures) == (3, {})
    dataset = kf.Dataset.from_index(tmp_path / "again")
    assert [dataset.classes[record.label] for record in dataset] == ["abseiling", "abseiling", "zumba"]


def test_a_stopped_run_goes_on_in_its_shard(plain_sources: Path, tmp_path: Path) -> None:
    def stop(progress: PrepareProgress) -> None:
        if progress.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kf.prepare(plain_sources, tmp_path / "shards", shard_size=1 << 20, workers=1, progress=stop)
    assert kf.prepare(plain_sources, tmp_path / "shards", shard_size=1 << 20).prepared == 1
    kf.prepare(plain_sources, tmp_path / "at once", shard_size=1 << 20)
    assert contents_of(tmp_path / "shards") == contents_of(tmp_path / "at once")


def test_a_clip_that_comes_later_goes_into_a_new_shard(plain_sources: Path, tmp_path: Path) -> None:
    kf.prepare(plain_sources, tmp_path / "shards", shard_size=1 << 20)
    before = contents_of(tmp_path / "shards")
    (plain_sources / "zumba" / "four.mp4").write_bytes(six_seconds().read_bytes())
    assert kf.prepare(plain_sources, tmp_path / "shards", shard_size=1 << 20).prepared == 1
    after = contents_of(tmp_path / "shards")
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"clips-000001.tar"}
    assert _statuses(tmp_path / "shards") == ["ok"] * 4


@pytest.mark.parametrize("shards", [False, True])
def test_parts_and_their_merge_give_what_one_run_gives(
    plain_sources: Path, tmp_path: Path, shards: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--shard-size", "1.05"] if shards else []
    parts, whole = tmp_path / "parts", tmp_path / "whole"
    assert main(["prepare", str(plain_sources), str(parts), "--part", "2/2", *options]) == 0
    assert "--merge" in capsys.readouterr().out
    assert not (parts / "kinetics-fast.arrow").exists()
    assert main(["prepare", str(plain_sources), str(parts), "--merge", *options]) == 0
    assert _statuses(parts) == ["undecodable", "ok", "undecodable"]
    assert main(["prepare", str(plain_sources), str(parts), "--part", "1/2", *options]) == 0
    assert main(["prepare", str(plain_sources), str(parts), "--merge", *options]) == 0
    assert main(["prepare", str(plain_sources), str(whole), *options]) == 0
    assert _statuses(parts) == ["ok"] * 3
    one, other = (kf.Dataset.from_index(path) for path in (parts, whole))
    for record, same in zip(one, other, strict=True):
        assert (record.id, record.label, record.frame_index) == (same.id, same.label, same.frame_index)
        assert (kf.Video(record.source)[100] == kf.Video(same.source)[100]).all()
    if not shards:
        assert contents_of(parts) == contents_of(whole)


def test_annotation_rows_go_into_the_index(tmp_path: Path) -> None:
    example_kinetics.write(tmp_path, six_seconds())
    kf.prepare(tmp_path / "k400", tmp_path / "target", version="400")
    index = IndexFile(tmp_path / "target" / "kinetics-fast.arrow")
    assert main(["scan", str(tmp_path / "k400"), "--version", "400"]) == 1
    scanned = IndexFile(tmp_path / "k400" / "kinetics-fast.arrow")
    names = ("id", "label", "split", "time_start", "time_end", "status", "frames")
    for name in names:
        assert index.table.column(name).to_pylist() == scanned.table.column(name).to_pylist(), name
    assert index.classes == scanned.classes
    assert index.facts["version"] == "400"
    from_index = tmp_path / "from_index"
    kf.prepare(scanned.path, from_index)
    again = IndexFile(from_index / "kinetics-fast.arrow")
    assert again.table.column("reason").to_pylist() == scanned.table.column("reason").to_pylist()
    assert again.classes == scanned.classes


def test_repetitions_of_countix_go_into_the_index_and_the_shards(tmp_path: Path) -> None:
    example_kinetics.write(tmp_path, six_seconds())
    target = tmp_path / "target"
    prepared = kf.prepare(tmp_path / "k700", target, version="countix", shard_size=1 << 20)
    assert prepared.failures == {}
    (row,) = IndexFile(target / "kinetics-fast.arrow").table.to_pylist()
    assert json.loads(row["annotation"])["count"] == 4
    with tarfile.open(target / "clips-000000.tar") as shard:
        (name,) = [name for name in shard.getnames() if name.endswith(".json")]
        assert json.load(shard.extractfile(name))["annotation"]["count"] == 4  # type: ignore[arg-type]
    again = kf.prepare(target / "kinetics-fast.arrow", tmp_path / "again")
    (same,) = IndexFile(again.index).table.to_pylist() if again.index else []
    assert same["annotation"] == row["annotation"]


def _statuses(target: Path) -> list[str]:
    found: list[str] = IndexFile(target / "kinetics-fast.arrow").table.column("status").to_pylist()
    return found
