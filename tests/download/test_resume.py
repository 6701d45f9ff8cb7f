"""The files of an earlier run are used if they are right, and fetched again or repaired if they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from kinetics_fast.download.catalog import Content
from support.kinetics_host import (
    add_k400_val,
    clips,
    fetch,
    labels_csv,
    noise,
    path_of,
    request,
    states,
    tar_gz,
    tree,
)
from support.misbehaving_server import Host
from support.troubles import Trouble

PART = path_of("400/val/part_0.tar.gz")
NEW_CLIPS = {name: noise(("new", name)) for name in clips("val", 0, 3)}


@pytest.mark.parametrize("condition", ["", "If-Range is passed over"])
def test_the_beginning_of_an_older_text_is_not_continued(host: Host, tmp_path: Path, condition: str) -> None:
    path = path_of("400/annotations/val.csv")
    old, new = (labels_csv("val", dict.fromkeys(range(3000), label)) for label in ("zumba", "yoga!"))
    host.files |= {path: old, path_of("400/readme.md"): b"# Kinetics"}
    host.troubles[path] = [Trouble(drop_after=50_000), *[Trouble(status=500)] * 3]
    wanted = request(tmp_path, contents=frozenset({Content.ANNOTATIONS}))
    assert states(fetch(host, wanted)) == ["failed", "fetched"]
    host.files[path] = new
    if condition:
        host.troubles[path] = [Trouble(ignore_condition=True)]
        (tmp_path / "annotations/val.csv.part.json").unlink()
    assert states(fetch(host, wanted)) == ["fetched", "there"]
    assert tree(tmp_path)["annotations/val.csv"] == new


@pytest.mark.parametrize("damage", ["flip", "cut", "longer", "no_note", "broken_note", "old"])
def test_a_part_file_that_was_damaged_meanwhile_is_mended(host: Host, tmp_path: Path, damage: str) -> None:
    clips_there = add_k400_val(host, archives=1)
    host.troubles[PART] = [Trouble(drop_after=50_000), *[Trouble(status=500)] * 10]
    wanted = request(tmp_path, extract=True, keep_archives=False)
    assert states(fetch(host, wanted)) == ["failed"]
    part = tmp_path / "archives/val/part_0.tar.gz.part"
    note = part.with_name("part_0.tar.gz.part.json")
    data = bytearray(part.read_bytes())
    assert data == host.files[PART][:50_000]
    if damage == "flip":
        data[40_000] ^= 4
        part.write_bytes(data)
    elif damage == "cut":
        part.write_bytes(data[:777])
    elif damage == "longer":
        part.write_bytes(data + bytes(100_000))
    elif damage == "no_note":
        note.unlink()
    elif damage == "broken_note":
        note.write_text('{"etag": "')
    else:
        host.files[PART] = tar_gz(NEW_CLIPS)
        clips_there = {f"val/{clip}": data for clip, data in NEW_CLIPS.items()}
    host.troubles[PART].clear()
    assert states(fetch(host, wanted)) == ["fetched"]
    assert tree(tmp_path) == clips_there


def test_only_the_missing_clip_is_written_again(host: Host, tmp_path: Path) -> None:
    clips_there = add_k400_val(host, archives=1)
    wanted = request(tmp_path, extract=True, keep_archives=False)
    fetch(host, wanted)
    gone, cut, kept = sorted((tmp_path / "val").iterdir())
    inode = kept.stat().st_ino
    gone.unlink()
    cut.write_bytes(cut.read_bytes()[:-1])
    assert states(fetch(host, wanted)) == ["fetched"]
    assert tree(tmp_path) == clips_there
    assert kept.stat().st_ino == inode


def test_archives_that_were_kept_are_unpacked_without_the_network(host: Host, tmp_path: Path) -> None:
    clips_there = add_k400_val(host)
    fetch(host, request(tmp_path))
    host.asked.clear()
    fetch(host, request(tmp_path, extract=True, keep_archives=False))
    assert [one.path for one in host.asked] == [path_of("400/val/k400_val_path.txt")]
    assert tree(tmp_path) == clips_there


def test_a_kept_archive_that_was_damaged_is_fetched_again(host: Host, tmp_path: Path) -> None:
    clips_there = add_k400_val(host, archives=1)
    fetch(host, request(tmp_path))
    kept = tmp_path / "archives/val/part_0.tar.gz"
    data = bytearray(kept.read_bytes())
    data[60_000] ^= 1
    kept.write_bytes(data)
    assert states(fetch(host, request(tmp_path, extract=True))) == ["fetched"]
    assert tree(tmp_path) == {**clips_there, "archives/val/part_0.tar.gz": host.files[PART]}
