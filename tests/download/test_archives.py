"""The members of an archive stay in its folder, and an archive that is not complete leaves nothing."""

from __future__ import annotations

import gzip
import io
import random
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import IO

import pytest

from kinetics_fast.download.archive import read_archive
from kinetics_fast.download.errors import DamagedError, DownloadError, UnsafeMemberError
from kinetics_fast.download.names import file_name, member_path, parse_list, request_url
from support.kinetics_host import add_list, clips, fetch, noise, path_of, request, states, tar_gz, tree
from support.misbehaving_server import Host

GOOD = clips("val", 0, 2, size=3000)


def _link(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.type, header.linkname = kind, target
    return header


def _file(name: str, size: int = 5) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.size = size
    return header


HOSTILE = {
    "parent": _file("../outside.mp4"),
    "parent_in_the_middle": _file("a/../../outside.mp4"),
    "absolute": _file("/tmp/kinetics-fast-outside.mp4"),
    "windows_parent": _file("..\\outside.mp4"),
    "drive": _file("C:/outside.mp4"),
    "symbolic_link": _link("clip.mp4", tarfile.SYMTYPE, "/etc/passwd"),
    "link_to_a_folder": _link("abseiling", tarfile.SYMTYPE, ".."),
    "hard_link": _link("clip.mp4", tarfile.LNKTYPE, "../../outside.mp4"),
    "device": _link("clip.mp4", tarfile.CHRTYPE),
    "block_device": _link("clip.mp4", tarfile.BLKTYPE),
    "pipe": _link("clip.mp4", tarfile.FIFOTYPE),
    "folder_outside": _link("../folder", tarfile.DIRTYPE),
    "no_name": _file("."),
    "huge_long_name": _link("././@LongLink", tarfile.GNUTYPE_LONGNAME),
}
HOSTILE["huge_long_name"].size = 1 << 33


def _with_member(member: tarfile.TarInfo, add_good: bool = True) -> bytes:
    with io.BytesIO() as buffer:
        with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
            for name, data in GOOD.items() if add_good else ():
                archive.addfile(_file(name, len(data)), io.BytesIO(data))
            archive.addfile(member, io.BytesIO(b"12345") if member.isreg() else None)
            for name, data in GOOD.items() if add_good else ():
                archive.addfile(_file(f"b{name}", len(data)), io.BytesIO(data))
        return buffer.getvalue()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_members_leave_no_trace(host: Host, tmp_path: Path, name: str) -> None:
    add_list(host, "400", "val", {"part_0.tar.gz": _with_member(HOSTILE[name])})
    root = tmp_path / "above" / "root"
    (outcome,) = fetch(host, request(root, extract=True))
    assert isinstance(outcome.error, (UnsafeMemberError, DamagedError))
    assert "part_0.tar.gz" in str(outcome.error)
    assert tree(tmp_path) == {}
    assert not Path("/tmp/kinetics-fast-outside.mp4").exists()
    assert not any(path.is_symlink() or path.is_fifo() for path in tmp_path.rglob("*"))


def _read(data: bytes) -> dict[str, bytes]:
    members: dict[str, bytes] = {}

    def take(path: PurePosixPath, size: int, file: IO[bytes]) -> None:
        members[str(path)] = file.read()
        assert len(members[str(path)]) == size

    read_archive(io.BytesIO(data), take)
    return members


@pytest.mark.parametrize(("form", "longest"), [("gnu", 250), ("pax", 250), ("ustar", 95), ("v7", 60)])
def test_what_tar_packs_is_what_comes_out(tmp_path: Path, form: str, longest: int) -> None:
    folder = tmp_path / "mountain climber (exercise)"
    folder.mkdir()
    for number, size in enumerate([0, 1, 511, 512, 513, 10_240, 70_001]):
        name = f"--{number:09}_000001_000011.mp4" if number else f"{'x' * (longest - 4)}.mp4"
        (folder / name).write_bytes(noise(number, size))
    packed = tmp_path / "packed.tar.gz"
    subprocess.run(["tar", "czf", packed, f"--format={form}", "-C", tmp_path, folder.name], check=True)
    written = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in folder.iterdir()}
    assert _read(packed.read_bytes()) == written


def test_an_archive_of_several_compressed_pieces_is_read_whole() -> None:
    plain = gzip.decompress(tar_gz(GOOD))
    pieces = b"".join(gzip.compress(plain[i : i + 3000]) for i in range(0, len(plain), 3000))
    assert _read(pieces) == GOOD


def test_a_plain_archive_under_the_name_of_a_compressed_one_is_read(host: Host, tmp_path: Path) -> None:
    add_list(host, "400", "val", {"part_120.tar.gz": tar_gz(GOOD, mode="w")})
    fetch(host, request(tmp_path, extract=True, keep_archives=False))
    assert tree(tmp_path) == {f"val/{name}": data for name, data in GOOD.items()}


def test_hidden_files_are_passed_over() -> None:
    files = {"._clip.mp4": b"x", "a/._clip.mp4": b"x", ".DS_Store": b"x", "a/clip.mp4": b"yes"}
    assert _read(tar_gz(files)) == {"a/clip.mp4": b"yes"}


def test_the_last_of_two_members_of_one_name_wins(host: Host, tmp_path: Path) -> None:
    with io.BytesIO() as buffer:
        with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
            for data in (b"first", b"again"):
                archive.addfile(_file("clip.mp4"), io.BytesIO(data))
        add_list(host, "400", "val", {"part_0.tar.gz": buffer.getvalue()})
    for _ in range(2):
        fetch(host, request(tmp_path, extract=True, keep_archives=False))
        assert tree(tmp_path) == {"val/clip.mp4": b"again"}
        (tmp_path / ".kinetics-fast/download/val/part_0.tar.gz.json").unlink()


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda _: b"",
    "no_archive": lambda _: b"no archive" * 200,
    "garbage_compressed": lambda _: gzip.compress(b"no archive" * 200),
    "cut_in_the_checksum": lambda packed: packed[:-3],
    "cut_in_the_middle": lambda packed: packed[: len(packed) // 2],
    "checksum": lambda packed: packed[:-6] + bytes([packed[-6] ^ 1]) + packed[-5:],
    "length": lambda packed: packed[:-1] + bytes([packed[-1] ^ 1]),
    "something_after_the_end": lambda packed: packed + b"more",
    "cut_tar": lambda packed: gzip.compress(gzip.decompress(packed)[:4000]),
    "header_in_the_middle": lambda packed: gzip.compress(_break_second_header(gzip.decompress(packed))),
}


def _break_second_header(plain: bytes) -> bytes:
    second = plain.index(list(GOOD)[1].encode())
    return plain[:second] + b"?" + plain[second + 1 :]


@pytest.mark.parametrize("name", DAMAGES)
def test_damaged_archives_are_refused(name: str) -> None:
    with pytest.raises(DamagedError):
        _read(DAMAGES[name](tar_gz(GOOD)))


def test_broken_headers_raise_no_other_error() -> None:
    plain = bytearray(gzip.decompress(tar_gz(GOOD, mode="w:gz")))
    rng = random.Random(5)
    ends = {"read": 0, "refused": 0}
    for _ in range(400):
        broken = bytearray(plain)
        header = rng.choice([0, plain.index(list(GOOD)[1].encode()) - 2])
        for _ in range(rng.randint(1, 4)):
            broken[header + rng.randrange(512)] = rng.choice([0, 0x80, 0xFF, *b"019xgLKSV5"])
        checksum = sum(broken[header : header + 148]) + 8 * 32 + sum(broken[header + 156 : header + 512])
        broken[header + 148 : header + 156] = b"%06o\0 " % checksum
        try:
            _read(bytes(broken))
            ends["read"] += 1
        except DownloadError:
            ends["refused"] += 1
    assert min(ends.values()) > 20, ends


@pytest.mark.parametrize("name", ["", "a/b/clip.mp4", "-id_000001.mp4", "a b/..c.mp4", "./clip.mp4"])
def test_ordinary_paths_are_safe(name: str) -> None:
    assert str(member_path(name)) == name.removeprefix("./") or not name


def test_addresses_with_blanks_and_parentheses_are_quoted_once(host: Host, tmp_path: Path) -> None:
    names = ["mountain climber (exercise).tar.gz", "tying knot (not on a tie).tar.gz", "a+b #1?&100%.tar.gz"]
    members = {name: clips("val", 10 * i, 1) for i, name in enumerate(names)}
    add_list(host, "600", "val", {name: tar_gz(files) for name, files in members.items()})
    assert (
        states(fetch(host, request(tmp_path, "k600", extract=True, keep_archives=False))) == ["fetched"] * 3
    )
    expected = {
        f"val/{name.removesuffix('.tar.gz')}/{clip}": data
        for name, files in members.items()
        for clip, data in files.items()
    }
    assert tree(tmp_path) == expected
    quoted = "https://s3.amazonaws.com/kinetics/600/val/pull%20ups.tar.gz"
    assert file_name(quoted) == "pull ups.tar.gz"
    assert request_url(quoted, "http://mirror/k/") == "http://mirror/k/600/val/pull%20ups.tar.gz"


def test_the_class_folder_of_an_archive_is_not_doubled(host: Host, tmp_path: Path) -> None:
    files = {f"mountain_climber_(exercise)/{name}": data for name, data in GOOD.items()}
    files |= {f"mountain_climber_(exercise)/._{name}": b"apple" for name in GOOD}
    add_list(host, "600", "val", {"mountain climber (exercise).tar.gz": tar_gz(files)})
    fetch(host, request(tmp_path, "k600", extract=True, keep_archives=False))
    assert tree(tmp_path) == {f"val/mountain climber (exercise)/{n}": data for n, data in GOOD.items()}


@pytest.mark.parametrize(
    "text", ["", "\n\n", "<html>", "ftp://host/a.tar.gz", "https://host/", "https://host/..tar.gz/x",
             "https://a/x.tar.gz\nhttps://b/x.tar.gz", "https://host/a%2F..%2Fb.tar.gz", "https://host/a.exe"]
)  # fmt: skip
def test_texts_that_are_not_lists_are_refused(text: str) -> None:
    with pytest.raises(DownloadError):
        parse_list(text, "the list")


def test_lists_may_have_blanks_and_windows_line_ends() -> None:
    lines = "\ufeffhttps://h/a b.tar.gz \r\n\r\nhttps://h/c.tgz\r\nhttps://h/c.tgz"
    assert parse_list(lines, "the list") == ["https://h/a b.tar.gz", "https://h/c.tgz"]


def test_the_test_server_lists_archives_as_cvdf_does(host: Host) -> None:
    add_list(host, "400", "val", {"part_0.tar.gz": b"x"})
    listed = host.files[path_of("400/val/k400_val_path.txt")]
    assert listed == b"https://s3.amazonaws.com/kinetics/400/val/part_0.tar.gz\n"
