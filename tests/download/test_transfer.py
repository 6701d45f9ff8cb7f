"""Whatever a server does, the files on the disk equal the files of the server."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from kinetics_fast.download.catalog import Content
from kinetics_fast.download.errors import DamagedError, TransferError
from support.kinetics_host import (
    IMPATIENT,
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
from support.misbehaving_server import Host, etag
from support.troubles import Trouble

PART = path_of("400/val/part_0.tar.gz")
# The same number of bytes, and all bytes differ.
NEW_CLIPS = {name: noise(("new", name)) for name in clips("val", 0, 3)}
CHANGES = Trouble(becomes=tar_gz(NEW_CLIPS))
TROUBLES = {
    "drops": [Trouble(drop_after=5000)] * 3 + [Trouble(drop_after=0)] * 2,
    "drops_before_it_answers": [Trouble(mute=True)] * 3,
    "hangs": [Trouble(hang_after=9000)],
    "throttles": [Trouble(status=503, retry_after="0"), Trouble(status=429), Trouble(pause=0.005)],
    "retry_at_a_date": [Trouble(status=503, retry_after="Wed, 04 Aug 2021 10:00:00 GMT")],
    "500": [Trouble(status=500), Trouble(status=502), Trouble(drop_after=100), Trouble(status=500)],
    "403_at_times": [Trouble(status=403)] * 2,
    "404_at_times": [Trouble(status=404)] * 2,
    "redirects": [Trouble(status=302, location=PART)],
    "ignores_ranges": [
        Trouble(drop_after=20_000),
        Trouble(ignore_range=True, drop_after=30_000),
        Trouble(ignore_range=True),
    ],
    "ranges_elsewhere": [Trouble(drop_after=20_000), Trouble(range_error=7)],
    "announces_too_little": [Trouble(length_error=-1000)],
    "announces_too_much": [Trouble(length_error=1000)],
    "says_no_length": [Trouble(no_length=True)],
    "drops_without_length": [Trouble(no_length=True, drop_after=8000)],
    "no_validators": [Trouble(validators=False, drop_after=9000), Trouble(validators=False)],
    "changes_between_requests": [Trouble(drop_after=50_000), CHANGES],
    "changes_and_ignores_conditions": [Trouble(drop_after=50_000), replace(CHANGES, ignore_condition=True)],
    "flips_a_bit": [Trouble(flip_at=40_000)],
    "flips_a_bit_of_a_range": [Trouble(drop_after=9000), Trouble(flip_at=40_000), Trouble(drop_after=11)],
    "wants_a_login": [Trouble(web_page=True)],
}

UNSEEN_IN_TEXT = {"announces_too_little", "flips_a_bit", "flips_a_bit_of_a_range"}
UNSEEN_IN_TEXT |= {"redirects"}  # it redirects to the archive


@pytest.mark.parametrize("extract", [False, True], ids=["archives", "clips"])
@pytest.mark.parametrize("name", TROUBLES)
def test_the_bytes_are_right_in_the_end(host: Host, tmp_path: Path, name: str, extract: bool) -> None:
    clips_there = add_k400_val(host)
    host.troubles[PART] = list(TROUBLES[name])
    if name.startswith("changes"):
        clips_there |= {f"val/{clip}": data for clip, data in NEW_CLIPS.items()}
    outcomes = fetch(host, request(tmp_path, extract=extract, keep_archives=not extract))
    assert states(outcomes) == ["fetched", "fetched"], [outcome.error for outcome in outcomes]
    assert not host.troubles[PART]
    archives = {f"archives/val/{n}": host.files[path_of(f"400/val/{n}")] for n in _names(2)}
    assert tree(tmp_path) == (clips_there if extract else archives)


# A text has no checksum; only its length and its entity tag show that it is right.
@pytest.mark.parametrize("name", [name for name in TROUBLES if name not in UNSEEN_IN_TEXT])
def test_a_text_is_right_in_the_end(host: Host, tmp_path: Path, name: str) -> None:
    path = path_of("400/annotations/val.csv")
    old, new = (labels_csv("val", dict.fromkeys(range(3000), label)) for label in ("zumba", "yoga!"))
    host.files |= {path: old, path_of("400/readme.md"): b"# <b>Kinetics</b>"}
    host.troubles[path] = [replace(one, becomes=one.becomes and new) for one in TROUBLES[name]]
    outcomes = fetch(host, request(tmp_path, contents=frozenset({Content.ANNOTATIONS})))
    assert states(outcomes) == ["fetched", "fetched"], [outcome.error for outcome in outcomes]
    assert not host.troubles[path]
    expected = new if name.startswith("changes") else old
    assert tree(tmp_path) == {"annotations/val.csv": expected, "readme.md": b"# <b>Kinetics</b>"}


def test_an_answer_without_ranges_is_used_from_where_the_file_ended(host: Host, tmp_path: Path) -> None:
    add_k400_val(host, archives=1)
    host.troubles[PART] = TROUBLES["ignores_ranges"].copy()
    fetch(host, request(tmp_path))
    assert [one.range for one in host.requests(PART)] == [None, "bytes=20000-", "bytes=30000-"]
    assert tree(tmp_path) == {"archives/val/part_0.tar.gz": host.files[PART]}


def _names(count: int) -> list[str]:
    return [f"part_{number}.tar.gz" for number in range(count)]


def test_a_dropped_transfer_goes_on_where_it_was(host: Host, tmp_path: Path) -> None:
    add_k400_val(host, archives=1)
    data = host.files[PART]
    host.troubles[PART] = [Trouble(drop_after=30_000), Trouble(drop_after=20_000)]
    fetch(host, request(tmp_path))
    asked = host.requests(PART)
    assert [one.range for one in asked] == [None, "bytes=30000-", "bytes=50000-"]
    assert {one.if_range for one in asked[1:]} == {etag(data)}
    assert sum(len(noise) for noise in tree(tmp_path).values()) == len(data)


def test_as_many_files_come_at_once_as_there_are_jobs(host: Host, tmp_path: Path) -> None:
    add_k400_val(host, archives=5)
    list_size = len(host.files[path_of("400/val/k400_val_path.txt")])
    sending: set[int] = set()
    all_send = threading.Event()

    def wait_for_the_others(served: int) -> None:
        if served > list_size:
            sending.add(threading.get_ident())
            if len(sending) == 3:
                all_send.set()
            all_send.wait(20)

    host.on_bytes = wait_for_the_others
    assert states(fetch(host, request(tmp_path), jobs=3)) == ["fetched"] * 5
    assert len(sending) >= 3


def test_what_is_there_is_not_asked_for_again(host: Host, tmp_path: Path) -> None:
    add_k400_val(host)
    for wanted in (request(tmp_path / "a"), request(tmp_path / "b", extract=True, keep_archives=False)):
        fetch(host, wanted)
        host.asked.clear()
        assert states(fetch(host, wanted)) == ["there", "there"]
        assert [one.path for one in host.asked] == [path_of("400/val/k400_val_path.txt")]


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_file_that_cannot_be_had_does_not_stop_the_others(host: Host, tmp_path: Path, status: int) -> None:
    clips_there = add_k400_val(host, archives=3)
    host.troubles[PART] = [Trouble(status=status)] * 20
    wanted = request(tmp_path, extract=True, keep_archives=False)
    failed, *others = fetch(host, wanted, jobs=1)
    assert states(others) == ["fetched", "fetched"]
    assert isinstance(failed.error, TransferError)
    assert f"part_0.tar.gz: the server answers {status}" in str(failed.error)
    patience = IMPATIENT.attempts if status == 500 else IMPATIENT.refusals
    assert len(host.requests(PART)) == patience
    host.troubles[PART].clear()
    assert states(fetch(host, wanted)) == ["fetched", "there", "there"]
    assert tree(tmp_path) == clips_there


def test_an_archive_that_always_comes_damaged_leaves_nothing(host: Host, tmp_path: Path) -> None:
    add_k400_val(host, archives=1)
    host.troubles[PART] = [Trouble(flip_at=70_000)] * 9
    (outcome,) = fetch(host, request(tmp_path, extract=True))
    assert isinstance(outcome.error, DamagedError)
    assert "3 times in a row" in str(outcome.error)
    assert len(host.requests(PART)) == 3
    assert tree(tmp_path) == {}


def test_progress_by_single_bytes_is_progress(host: Host, tmp_path: Path) -> None:
    add_k400_val(host, archives=1)
    host.troubles[PART] = [Trouble(drop_after=1)] * 20
    assert states(fetch(host, request(tmp_path))) == ["fetched"]
    assert tree(tmp_path) == {"archives/val/part_0.tar.gz": host.files[PART]}
