"""Nothing in a data set ends a scan: what cannot be read is listed with its reason."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import kinetics_fast as kf
from kinetics_fast.cli.main import main
from kinetics_fast.dataset_index.reader import IndexFile
from kinetics_fast.dataset_index.schema import DEFAULT_NAME
from kinetics_fast.datasets.files import listing
from kinetics_fast.datasets.files.entries import kind_of_entry
from kinetics_fast.datasets.files.listing import list_files
from kinetics_fast.scan.header_hash import fingerprint
from kinetics_fast.scan.kinetics_targets import targets_of_kinetics
from kinetics_fast.scan.scanner import scan
from kinetics_fast.scan.targets import targets_of_folder
from support import scanned
from support.hostile_tars import HARMLESS, MALFORMED, archive, member

NOBODY = """
import encodings.utf_8_sig, json, os, sys  # a user without rights may not be able to import more
from pathlib import Path
import pyarrow.compute
from kinetics_fast.scan.targets import targets_of_folder
from kinetics_fast.scan.kinetics_targets import targets_of_kinetics
import kinetics_fast as kf
os.chdir(sys.argv[1])
if os.geteuid() == 0:  # root lists every folder
    os.setuid(65534)
root = Path()
rows = targets_of_folder(root).select(["path", "problem"]).to_pylist()
_, facts = targets_of_kinetics(root, "400", "val", None)
try:
    kf.Dataset.from_folder(root / "train")
except PermissionError as error:
    print(json.dumps([rows, facts["files"]["val"]["folders not listed"], error.filename]))
"""
FEW_DESCRIPTORS = """
import os, resource, sys
from pathlib import Path
import kinetics_fast as kf
from kinetics_fast.scan.scanner import scan
from kinetics_fast.scan.targets import targets_of_folder
root, said = Path(sys.argv[1]), []
targets = targets_of_folder(root)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 4096))
held = []
try:
    while True:
        held.append(os.open("/dev/null", os.O_RDONLY))
except OSError:
    pass
try:
    kf.Dataset.from_tars(root / "shard.tar")
except OSError as error:
    said.append((isinstance(error, kf.Error), error.strerror))
os.close(held.pop())  # one is left, which the lock of the scan takes
try:
    scan(root, targets, Path(sys.argv[1] + ".arrow"))
except OSError as error:
    said.append((isinstance(error, kf.Error), error.strerror))
print(said)
"""
linux = pytest.mark.skipif(sys.platform != "linux", reason="names are UTF-8, and paths are shorter there")


def found(root: Path) -> dict[str, tuple[str, str | None]]:
    """Scan a folder; return the status and the reason of each path, and of each member."""
    index, _ = scanned.scanned(root, root.with_name("index.arrow"))
    return {
        f"{row['path']} {row['member'] or ''}".strip(): (row["status"], row["reason"]) for row in rows(index)
    }


def rows(index: IndexFile) -> list[dict[str, Any]]:
    columns = ["path", "member", "status", "reason", "label", "split", "id"]
    return list(index.table.select(columns).to_pylist())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a data set with one empty file, which is listed whatever else is there."""
    (tmp_path / "root" / "train" / "zumba").mkdir(parents=True)
    (tmp_path / "root" / "train" / "zumba" / "a.mp4").touch()
    return tmp_path / "root"


def test_every_hostile_archive_is_listed_with_its_reason(root: Path) -> None:
    for name, make in {**MALFORMED, **HARMLESS}.items():
        (root / "train" / f"{name}.tar").write_bytes(make())
    listed = found(root)
    for name in MALFORMED:
        status, reason = listed[f"train/{name}.tar"]
        assert status == "undecodable"
        assert reason is not None
        assert "tar archive" in reason or "compressed" in reason
    for name in HARMLESS:
        assert f"train/{name}.tar" not in listed
        assert f"train/{name}.tar a/last.mp4" in listed
    assert listed["train/zumba/a.mp4"] == ("empty", "the file is empty")


def test_the_members_before_the_damage_are_read(root: Path) -> None:
    (root / "train" / "shard.tar").write_bytes(MALFORMED["damaged_header"]())
    index, _ = scanned.scanned(root)
    listed = {row["member"] or row["path"]: row for row in rows(index)}
    assert listed["a/first.mp4"]["path"] == "train/shard.tar"
    assert listed["train/shard.tar"]["status"] == "undecodable"
    assert (listed["train/shard.tar"]["split"], listed["train/shard.tar"]["id"]) == ("train", "shard")
    with pytest.raises(ValueError, match="no header where one is expected"):
        index.video(len(index) - 1)


@linux
def test_names_that_are_not_utf8_are_listed_and_reported(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = root.rename(root.with_name(os.fsdecode(b"root\xff")))
    folder = root / "train" / os.fsdecode(b"zu\xffmba")
    folder.mkdir()
    (folder / "a.mp4").touch()
    (folder / os.fsdecode(b"b\xfe.mp4")).touch()
    (folder / "c.tar").write_bytes(archive(b""))
    (root / os.fsdecode(b"d\xfd.tar")).write_bytes(archive(b""))
    (root / "e.tar").write_bytes(
        archive(member("a/\N{GREEK SMALL LETTER ALPHA}.mp4").replace(b"\xce\xb1", b"\xce\xff"))
    )
    assert main(["scan", str(root)]) == 1
    index = IndexFile(root / DEFAULT_NAME)
    listed = {f"{row['path']} {row['member'] or ''}".strip(): row for row in rows(index)}
    assert listed["train/zu\\xffmba/a.mp4"]["label"] == "zu\\xffmba"
    for name in ("a.mp4", "b\\xfe.mp4", "c.tar a/first.mp4"):
        row = listed[f"train/zu\\xffmba/{name}"]
        assert row["status"] == "undecodable"
        assert "not UTF-8" in row["reason"]
    assert listed["train/zumba/a.mp4"]["status"] == "empty"
    assert index.root == root
    assert main(["report", str(root), "--gallery", "0"]) == 1
    assert main(["report", str(root), "--gallery", "0", "--json"]) == 1
    assert main(["info", str(root / "train/zumba/a.mp4")]) == 1
    page = (root / DEFAULT_NAME).with_suffix(".html").read_text(encoding="utf-8")
    assert "zu\\\\xffmba" in page
    capsys.readouterr().out.encode()


@linux
def test_a_name_that_is_not_utf8_is_not_mistaken_for_another_file(root: Path) -> None:
    (root / os.fsdecode(b"a\xff.mp4")).touch()
    (root / "a\\xff.mp4").write_bytes(b"text")
    index, _ = scanned.scanned(root)
    statuses = [row["status"] for row in rows(index) if row["path"] == "a\\xff.mp4"]
    assert sorted(statuses) == ["no video", "undecodable"]


@pytest.mark.skipif(os.name != "posix", reason="no pipes with names")
def test_pipes_sockets_devices_and_links_are_listed_without_being_opened(root: Path) -> None:
    os.mkfifo(root / "pipe.mp4")
    os.mkfifo(root / "pipe.tar")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(root / "socket.mp4"))
    (root / "device.mp4").symlink_to("/dev/zero")
    (root / "device.tar").symlink_to("/dev/zero")
    (root / "loop.mp4").symlink_to("loop.mp4")
    (root / "nothing.mp4").symlink_to("nowhere.mp4")
    (root / "notes").symlink_to("nowhere")
    (root / "circle").symlink_to(root)
    (root / "loop").symlink_to("loop")
    (root / "folder.mp4").mkdir()
    special = ("undecodable", "this is a pipe, socket or device")
    nothing = ("undecodable", "this is a link to nothing")
    assert found(root) == {
        "pipe.mp4": special,
        "pipe.tar": special,
        "socket.mp4": special,
        "device.mp4": special,
        "device.tar": special,
        "loop.mp4": nothing,
        "nothing.mp4": nothing,
        "train/zumba/a.mp4": ("empty", "the file is empty"),
    }
    assert len(kf.Dataset.from_folder(root / "train")) == 1


@pytest.mark.skipif(os.name != "posix", reason="no pipes with names")
def test_a_pipe_that_takes_the_place_of_a_file_is_not_waited_for(root: Path) -> None:
    targets = targets_of_folder(root)
    path = root / "train" / "zumba" / "a.mp4"
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(OSError, match="not a regular file"):
        fingerprint(str(path))
    scan(root, targets, root / DEFAULT_NAME)
    (row,) = rows(IndexFile(root / DEFAULT_NAME))
    assert (row["status"], row["reason"]) == ("undecodable", "this is not a regular file")


@pytest.mark.skipif(os.name != "posix", reason="folders have no such permissions")
def test_folders_that_cannot_be_listed_are_listed(root: Path, child: Any) -> None:
    (root / "val.csv").write_text("label,youtube_id,time_start,time_end\nzumba,-3B32lodo2M,1,2\n")
    (root / "k400").mkdir(mode=0o300)  # it could hold the annotations
    (root / "train" / "secret").mkdir(mode=0o300)
    (root / "train" / "secret.tar").touch(mode=0o200)
    listed, facts, filename = json.loads(child(NOBODY, root))
    assert {row["path"]: row["problem"] for row in listed} == {
        "train/zumba/a.mp4": None,
        "k400": "the folder cannot be listed (Permission denied)",
        "train/secret": "the folder cannot be listed (Permission denied)",
        "train/secret.tar": "cannot be read (Permission denied)",
    }
    assert facts == {"the folder cannot be listed": ["k400", "train/secret"]}
    assert filename == "train/secret"


def test_a_folder_that_disappears_while_it_is_listed_is_listed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "train" / "gone").mkdir()

    def removing(entry: os.DirEntry[str], *options: Any) -> Any:
        kind = kind_of_entry(entry, *options)
        if entry.name == "gone":
            Path(entry.path).rmdir()
        return kind

    monkeypatch.setattr(listing, "kind_of_entry", removing)
    assert found(root) == {
        "train/zumba/a.mp4": ("empty", "the file is empty"),
        "train/gone": ("undecodable", "the folder cannot be listed (No such file or directory)"),
    }


def test_folders_that_link_to_each_other_end(root: Path) -> None:
    folders = [root / "train" / f"class {number:02}" for number in range(12)]
    for folder in folders:
        folder.mkdir()
        for other in folders:
            (folder / f"to {other.name}").symlink_to(other)
    files = list_files(root)
    assert files.relative_path(len(files) - 1) == "train/zumba/a.mp4"
    assert "more than 100 paths lead to the folder" in str(next(iter(files.unread.values())))


@linux
def test_folders_nested_deeper_than_functions_are_searched(root: Path) -> None:
    here = Path.cwd()
    try:
        os.chdir(root)
        for _ in range(1500):
            Path("d").mkdir()
            os.chdir("d")
        Path("deep.mp4").touch()
        os.chdir(here)
        assert found(root)["d/" * 1500 + "deep.mp4"] == ("empty", "the file is empty")
    finally:
        os.chdir(here)
        subprocess.run(["rm", "-r", root], check=True)  # pytest cannot remove so deep a folder


def test_a_data_set_without_a_single_readable_video_is_scanned(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "shard.tar").write_bytes(b"")
    ((path, (status, reason)),) = found(root).items()
    assert (path, status) == ("shard.tar", "undecodable")
    assert reason == "is not a complete tar archive (empty file)"


def test_a_scan_of_kinetics_counts_what_it_cannot_read(root: Path) -> None:
    (root / "val.csv").write_text("label,youtube_id,time_start,time_end\nzumba,-3B32lodo2M,1,2\n")
    (root / "val.tar").write_bytes(MALFORMED["extended_headers"]())
    (root / "-3B32lodo2M_000001_000002.mp4").symlink_to("/dev/zero")
    (root / "loop").symlink_to("loop")
    targets, facts = targets_of_kinetics(root, "400", "val", None)
    assert targets.column("problem").to_pylist() == [
        "only a pipe, socket or device: -3B32lodo2M_000001_000002.mp4"
    ]
    assert facts["files"]["val"]["archives not read to the end"] == {
        "is not a complete tar archive": ["val.tar"]
    }


@linux
def test_a_lack_of_descriptors_is_no_fault_of_the_data(root: Path, child: Any) -> None:
    (root / "shard.tar").write_bytes(archive(b""))
    assert child(FEW_DESCRIPTORS, root) == f"{[(True, 'Too many open files')] * 2}\n"
