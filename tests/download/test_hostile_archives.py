"""An archive that is made to do harm is damaged, or is refused, and leaves nothing."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from kinetics_fast.download import archive
from kinetics_fast.download.archive import read_archive
from kinetics_fast.download.errors import DamagedError, UnsafeMemberError
from support import hostile_tars
from support.kinetics_host import add_list, clips, fetch, request, states, tar_gz, tree
from support.misbehaving_server import Host

DEEP = "d/" * 3000 + "clip.mp4"
PACKED: list[Callable[[bytes], bytes]] = [bytes, gzip.compress]
REFUSED = {"sparse_member", "device", "link_to_itself", "unknown_kind"}


def members(data: bytes) -> list[str]:
    found: list[str] = []
    read_archive(io.BytesIO(data), lambda path, _size, file: found.append(f"{path}: {file.read().decode()}"))
    return found


@pytest.mark.parametrize("pack", PACKED)
@pytest.mark.parametrize("name", hostile_tars.MALFORMED)
def test_a_malformed_archive_is_damaged(name: str, pack: Callable[[bytes], bytes]) -> None:
    with pytest.raises(DamagedError):
        members(pack(hostile_tars.MALFORMED[name]()))


@pytest.mark.parametrize("pack", PACKED)
@pytest.mark.parametrize("name", hostile_tars.HARMLESS)
def test_what_tar_allows_is_read_or_refused(name: str, pack: Callable[[bytes], bytes]) -> None:
    data = pack(hostile_tars.HARMLESS[name]())
    if name in REFUSED:
        with pytest.raises(UnsafeMemberError):
            members(data)
    elif name == "archive_in_an_archive":
        assert len(members(data)) == 3
    else:
        found = members(data)
        assert {found[0], found[-1]} == {"a/first.mp4: video", "a/last.mp4: video"}


@pytest.mark.parametrize("name", ["back_to_its_own_header", "extended_headers", "size_of_20_digits"])
def test_a_malformed_archive_does_not_stop_the_others(host: Host, tmp_path: Path, name: str) -> None:
    served = {"part_0.tar.gz": hostile_tars.MALFORMED[name](), "part_1.tar.gz": tar_gz(clips("val", 0, 1))}
    add_list(host, "400", "val", served)
    failed, other = fetch(host, request(tmp_path, extract=True, keep_archives=False))
    assert isinstance(failed.error, DamagedError)
    assert "part_0.tar.gz: not a complete archive" in str(failed.error)
    assert states([other]) == ["fetched"]
    assert tree(tmp_path) == {f"val/{name}": data for name, data in clips("val", 0, 1).items()}


def test_a_member_in_too_many_folders_leaves_nothing(host: Host, tmp_path: Path) -> None:
    add_list(host, "400", "val", {"part_0.tar.gz": tar_gz({**clips("val", 0, 1), DEEP: b"clip"})})
    (outcome,) = fetch(host, request(tmp_path, extract=True))
    assert isinstance(outcome.error, UnsafeMemberError)
    assert "too many folders" in str(outcome.error)
    assert tree(tmp_path) == {}


def test_an_archive_of_too_many_members_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_MEMBERS", 10)
    assert len(members(tar_gz({f"{number}.mp4": b"" for number in range(10)}))) == 10
    with pytest.raises(DamagedError, match="more than 10 members"):
        members(tar_gz({f"{number}.mp4": b"" for number in range(11)}))
