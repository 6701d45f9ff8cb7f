"""A scan finds every fault, reads only files that changed, and writes an index that others can read."""

from __future__ import annotations

import os
import random
import shutil
import sys
import tarfile
from pathlib import Path

import pyarrow as pa
import pytest

import kinetics_fast as kf
from kinetics_fast import _core
from kinetics_fast.dataset_index import schema
from kinetics_fast.dataset_index.reader import IndexFile
from kinetics_fast.scan.errors import ScanError
from kinetics_fast.scan.parts import Parts
from kinetics_fast.scan.scanner import scan
from kinetics_fast.scan.targets import table_of
from support import scanned
from support.scanned import rows, statuses
from videos import ffmpeg_cli

pytestmark = pytest.mark.ffmpeg

COLUMNS = {
    "path": "string", "member": "string", "offset": "int64", "id": "string", "time_start": "double",
    "time_end": "double", "label": "words", "split": "words", "status": "words", "reason": "string",
    "size": "int64", "header_hash": "fixed_size_binary[16]", "decoded": "bool", "codec": "words",
    "pixel_format": "words", "width": "int32", "height": "int32", "fps": "double", "frames": "int32",
    "duration": "double", "keyframe_spacing": "float", "droppable_share": "float",
    "frame_index": "large_binary",
}  # fmt: skip
WORDS = "dictionary<values=string, indices=int32, ordered=0>"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    root = tmp_path_factory.mktemp("tree")
    return root, scanned.make_tree(root)


@pytest.fixture
def copy(tree: tuple[Path, dict[str, str]], tmp_path: Path) -> Path:
    shutil.copytree(tree[0], tmp_path / "copy")
    return tmp_path / "copy"


def test_every_fault_is_named(tree: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    root, expected = tree
    index, result = scanned.scanned(root, tmp_path / "index.arrow")
    assert statuses(index) == expected
    assert result.files == result.read == len(expected)
    for row in rows(index):
        assert (row["reason"] is None) == (row["status"] == "ok")
        assert (row["frame_index"] is not None) == (row["status"] in ("ok", "short", "truncated"))


def test_a_row_says_what_the_video_says(tree: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    root, _ = tree
    index, _ = scanned.scanned(root, tmp_path / "index.arrow")
    for number, row in enumerate(rows(index)):
        if row["status"] != "ok":
            continue
        video = kf.Video(root / row["path"])
        assert (row["width"], row["height"], row["frames"]) == (video.width, video.height, len(video))
        assert (row["fps"], row["duration"], row["codec"]) == (video.fps, video.duration, video.codec)
        assert row["keyframe_spacing"] == pytest.approx(len(video) / len(video.keyframes))
        assert 0 < row["droppable_share"] < 1
        assert (row["id"], row["time_start"], row["time_end"]) == (Path(row["path"]).name[:11], 10, 20)
        assert (row["split"], row["label"]) == tuple(row["path"].split("/")[:2])
        assert (index.video(number)[5] == video[5]).all()


def test_the_columns_stay_what_they_are(tree: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    path = tmp_path / "index.arrow"
    scanned.scanned(tree[0], path)
    with pa.OSFile(str(path)) as file:  # like any reader of Arrow files
        table = pa.ipc.open_file(file).read_all()
    assert {f.name: str(f.type).replace(WORDS, "words") for f in table.schema} == COLUMNS
    assert set(table.column("status").to_pylist()) <= set(schema.STATUSES)


def test_unchanged_files_are_not_read_again(copy: Path) -> None:
    before, _ = scanned.scanned(copy)
    for path in copy.rglob("*.mp4"):
        os.utime(path, (1, 1))
    after, result = scanned.scanned(copy)
    assert result.read == 0
    assert after.table.equals(before.table)


def test_a_data_set_that_was_moved_keeps_its_index(copy: Path, tmp_path: Path) -> None:
    before, _ = scanned.scanned(copy)
    copy.rename(tmp_path / "elsewhere")
    after = IndexFile(tmp_path / "elsewhere" / schema.DEFAULT_NAME)
    assert Path(str(after.root)).resolve() == tmp_path / "elsewhere"
    _, result = scanned.scanned(tmp_path / "elsewhere")
    assert result.read == 0
    assert after.table.equals(before.table)


@pytest.mark.parametrize("where", ["head", "tail", "size"])
def test_changed_files_are_read_again(copy: Path, where: str) -> None:
    before, _ = scanned.scanned(copy)
    changed = next(path for path, status in statuses(before).items() if status == "ok")
    data = bytearray((copy / changed).read_bytes())
    if where == "size":
        data = data[:-100]
    else:
        data[100 if where == "head" else -100] ^= 0xFF
    (copy / changed).write_bytes(data)
    after, result = scanned.scanned(copy)
    assert result.read == 1
    (row,) = [row for row in rows(after) if row["path"] == changed]
    assert (
        row["header_hash"]
        != rows(before)[after.table.column("path").to_pylist().index(changed)]["header_hash"]
    )


def test_files_that_come_and_go(copy: Path) -> None:
    before, _ = scanned.scanned(copy)
    gone, moved = [path for path, status in statuses(before).items() if status == "ok"][:2]
    (copy / gone).unlink()
    (copy / moved).rename((copy / moved).with_name("new.mp4"))
    after, result = scanned.scanned(copy)
    assert result.read == 1
    assert set(statuses(after)) == set(statuses(before)) - {gone, moved} | {
        str(Path(moved).with_name("new.mp4"))
    }


def test_decoding_every_frame_finds_what_no_header_says(tmp_path: Path) -> None:
    whole = scanned.header_first()
    middle = (len(whole) + whole.index(b"mdat")) // 2
    noise = random.Random(1).randbytes(2000)
    (tmp_path / "well.mp4").write_bytes(whole)
    (tmp_path / "ill.mp4").write_bytes(whole[:middle] + noise + whole[middle + len(noise) :])
    index, _ = scanned.scanned(tmp_path)
    assert statuses(index) == {"ill.mp4": "ok", "well.mp4": "ok"}
    index, result = scanned.scanned(tmp_path, decode=True)
    assert result.read == 2
    assert statuses(index) == {"ill.mp4": "undecodable", "well.mp4": "ok"}
    assert "frames are damaged, the first is" in rows(index)[0]["reason"]
    _, result = scanned.scanned(tmp_path, decode=True)
    assert result.read == 0


def test_members_of_a_tar_are_read_in_place(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    expected = {}
    with tarfile.open(root / "train.tar", "w") as shard:
        for number, (content, data) in enumerate(scanned.contents().items()):
            file = tmp_path / "member.mp4"
            file.write_bytes(data)
            name = f"zumba/{number:011d}_000000_000010.mp4"
            shard.add(file, name)
            expected[name] = scanned.status_of(content)
    index, _ = scanned.scanned(root)
    assert {row["member"]: row["status"] for row in rows(index)} == expected
    first = next(i for i, row in enumerate(rows(index)) if row["status"] == "ok")
    assert isinstance(index.source(first), kf.FileRange)
    assert len(index.video(first)[0:60:20]) == 3


def test_what_cannot_be_read_is_tried_again(tmp_path: Path) -> None:
    loop = tmp_path / "loop.mp4"
    loop.symlink_to(loop)  # opening this link fails for every user
    for _ in range(2):
        result = scan(tmp_path, table_of({"path": [loop.name]}, 1), tmp_path / "index.arrow")
        assert result.read == 1
    (row,) = rows(IndexFile(tmp_path / "index.arrow"))
    assert row["status"] == "undecodable"
    assert "symbolic links" in row["reason"]


def test_an_index_of_another_version_is_made_anew(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "FORMAT", "0 KFI0")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kinetics_fast.scan.parts.FORMAT", "0 KFI0")
        before, result = scanned.scanned(copy)
    monkeypatch.undo()
    with pytest.raises(ValueError, match="not an index of this version"):
        IndexFile(before.path)
    _, again = scanned.scanned(copy)
    assert again.read == result.read > 0


@pytest.mark.skipif(sys.platform == "darwin", reason="every name is UTF-8 there")
def test_a_file_name_that_is_not_utf8_does_not_stop_a_scan(tmp_path: Path) -> None:
    (tmp_path / "well.mp4").write_bytes(scanned.ten_seconds())
    (tmp_path / os.fsdecode(b"ill\xff.mp4")).write_bytes(scanned.ten_seconds())
    index, _ = scanned.scanned(tmp_path)
    assert statuses(index) == {"ill\\xff.mp4": "undecodable", "well.mp4": "ok"}


@pytest.mark.parametrize("suffix", ["mkv", "avi"])
def test_a_file_of_another_container_that_ends_too_soon_is_truncated(tmp_path: Path, suffix: str) -> None:
    whole, cut = tmp_path / f"whole.{suffix}", tmp_path / f"cut.{suffix}"
    source = tmp_path / "source.m4x"
    source.write_bytes(scanned.ten_seconds())
    ffmpeg_cli.remux(source, whole)
    cut.write_bytes(whole.read_bytes()[:-9000])
    index, _ = scanned.scanned(tmp_path)
    assert statuses(index) == {cut.name: "truncated", whole.name: "ok"}


def test_one_scan_at_a_time_writes_an_index(copy: Path) -> None:
    with Parts(copy / schema.DEFAULT_NAME).locked(), pytest.raises(ScanError, match="another scan"):
        scanned.scanned(copy)


def test_what_is_no_index_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.arrow"
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(ValueError, match="not an index"):
        IndexFile(path)
    table = pa.table({"path": ["a.mp4"]})
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    with pytest.raises(ValueError, match="not an index"):
        IndexFile(path)


def test_an_index_as_a_data_set(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index, _ = scanned.scanned(copy)
    train = kf.Dataset.from_index(index.path, split="train", status="ok")
    assert train.classes == ("abseiling", "air drumming")
    assert len(train) == 4
    assert {train.classes[record.label] for record in train} == set(train.classes)
    everything = kf.Dataset.from_index(index.path, status=None)
    assert len(everything) == len(index)
    assert len(kf.Dataset.from_index(index.path)) == sum(
        s in ("ok", "short") for s in statuses(index).values()
    )

    def parses(*_: object) -> None:
        raise AssertionError("a container was parsed")

    expected = [kf.Video(record.source)[0:60:20] for record in train]
    monkeypatch.setattr(_core, "submit_index", parses)
    loader = kf.ClipLoader(
        train, kf.UniformClips(3, stride=20, clips=1), batch_size=1, layout="THWC", dtype="uint8"
    )
    for batch, frames in zip(loader, expected, strict=True):
        assert batch.frames.shape[1:] == frames.shape
        assert not batch.errors


def test_a_clip_by_a_saved_index_reads_its_own_bytes_alone(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(scanned.header_first())
    index, _ = scanned.scanned(tmp_path)
    video = index.video(0)
    first, second = video.keyframes[:2].tolist()
    batch = kf.decode_clips([kf.Clip(video, indices=range(first, second))])
    assert 0 < batch.stats["bytes_read"] < video._index.bytes
    assert batch.stats["runs"] == 1
