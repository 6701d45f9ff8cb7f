"""Whatever is in an archive: it is read, or refused with its name, and it never takes long or much memory."""

from __future__ import annotations

import os
import random
import socket
import tracemalloc
from pathlib import Path

import pytest

import kinetics_fast as kf
from kinetics_fast.datasets.files.tars import read_members
from support.hostile_tars import HARMLESS, MALFORMED, VIDEO, archive, member, pax


def read(path: Path) -> list[bytes]:
    found = []
    for record in kf.Dataset.from_tars(path):
        assert isinstance(record.source, kf.FileRange)
        data = path.read_bytes()[record.source.offset :][: record.source.size]
        found.append(data)
    return found


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_archive_is_corrupt(tmp_path: Path, name: str) -> None:
    path = tmp_path / "shard.tar"
    path.write_bytes(MALFORMED[name]())
    tracemalloc.start()
    try:
        with pytest.raises(kf.CorruptError, match=r"shard\.tar"):
            kf.Dataset.from_tars(path)
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", HARMLESS)
def test_what_tar_allows_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / "shard.tar"
    path.write_bytes(HARMLESS[name]())
    assert read(path) == [VIDEO, VIDEO]


def test_an_extended_header_of_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "shard.tar"
    with path.open("wb") as file:
        file.write(pax({})[:512].replace(b"00000000000", b"10000000000", 1))
        file.truncate(2 << 30)
    with pytest.raises(kf.CorruptError, match=r"shard\.tar"):
        kf.Dataset.from_tars(path)


@pytest.mark.skipif(os.name != "posix", reason="no pipes with names")
@pytest.mark.parametrize("kind", ["pipe", "socket", "device", "folder", "loop"])
def test_what_is_no_regular_file_is_not_waited_for(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "shard.tar"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(path)
    with pytest.raises(kf.OpenError, match=r"shard\.tar"):
        kf.Dataset.from_tars(path)


def test_no_change_of_any_byte_raises_anything_else(tmp_path: Path) -> None:
    path = tmp_path / "shard.tar"
    rng = random.Random(3)
    plain = [make() for name, make in {**MALFORMED, **HARMLESS}.items() if "many" not in name]
    seeds = [data for data in plain if 1024 < len(data) < 20_000] + [archive(member("a/b.mp4"))]
    ends = {"read": 0, "refused": 0}
    for _ in range(1500):
        data = bytearray(rng.choice(seeds))
        block = rng.randrange(len(data) // 512) * 512
        for _ in range(rng.randint(1, 4)):
            data[block + rng.choice([rng.randrange(100), *range(124, 136), 156, rng.randrange(512)])] = (
                rng.choice([0, 0x80, 0xFF, *b"019xgLKSV57"])
            )
        header = data[block : block + 512]
        data[block + 148 : block + 156] = b"%06o\0 " % (sum(header[:148]) + 8 * 32 + sum(header[156:]))
        path.write_bytes(data)
        members = read_members(path, ("",))
        assert isinstance(members.error, (kf.CorruptError, type(None)))
        ends["read" if members.error is None else "refused"] += 1
    assert min(ends.values()) > 100, ends
