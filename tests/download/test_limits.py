"""What a server sends in place of a small file has a largest size and a longest time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kinetics_fast.download import limits, plan
from kinetics_fast.download.catalog import Content
from kinetics_fast.download.errors import TransferError
from kinetics_fast.download.limits import TABLE, TEXT, Limits
from kinetics_fast.download.session import StatusError
from support.kinetics_host import (
    IMPATIENT,
    add_k400_val,
    fetch,
    impatient,
    labels_csv,
    path_of,
    request,
    states,
    tree,
)
from support.misbehaving_server import Host
from support.troubles import Trouble

LIST = path_of("400/val/k400_val_path.txt")
CSV = path_of("400/annotations/val.csv")
ANNOTATIONS = frozenset({Content.ANNOTATIONS})
SMALL = Limits(50_000, 600)
URL = "https://s3.amazonaws.com/kinetics/400/val/k400_val_path.txt"


class Clock:
    """A clock that stands still until something has happened, and then shows that all time has run out."""

    def __init__(self, happened: Callable[[], bool]) -> None:
        self._happened = happened

    def monotonic(self) -> float:
        return 1e9 if self._happened() else 0.0


def add_annotations(host: Host) -> None:
    host.files |= {
        CSV: labels_csv("val", dict.fromkeys(range(500), "zumba")),
        path_of("400/readme.md"): b"# K",
    }


def test_the_published_files_are_well_below_the_limits() -> None:
    assert TEXT.size > 20 * 100_000
    assert TABLE.size > 5 * 30_000_000
    assert 60 < TEXT.seconds < TABLE.seconds


@pytest.mark.parametrize("where", ["list", "redirected"])
def test_an_endless_list_is_refused_at_its_largest_size(host: Host, tmp_path: Path, where: str) -> None:
    add_k400_val(host)
    endless = path_of("elsewhere")
    host.files[endless] = bytes(100_000)
    if where == "list":
        host.troubles[LIST] = [Trouble(endless=True)]
    else:
        host.troubles[LIST] = [Trouble(status=302, location=endless)]
        host.troubles[endless] = [Trouble(endless=True)]
    with pytest.raises(TransferError, match=r"k400_val_path\.txt: the server sends more than 4\.0 MB"):
        fetch(host, request(tmp_path))
    assert len(host.requests(LIST)) == 1
    assert host.served < TEXT.size + (64 << 20)  # what the kernel buffers on the way
    assert tree(tmp_path) == {}


def test_the_body_of_a_redirect_is_not_read(host: Host, tmp_path: Path) -> None:
    add_k400_val(host)
    other = path_of("elsewhere")
    host.files[other] = host.files[LIST]
    host.troubles[LIST] = [Trouble(status=302, location=other, endless=True)]
    assert states(fetch(host, request(tmp_path))) == ["fetched", "fetched"]


def test_the_body_of_a_refusal_is_not_read(host: Host, tmp_path: Path) -> None:
    add_k400_val(host)
    host.troubles[LIST] = [Trouble(status=503, endless=True)] * 2
    assert states(fetch(host, request(tmp_path))) == ["fetched", "fetched"]


def test_redirects_in_a_circle_end(host: Host, tmp_path: Path) -> None:
    add_k400_val(host)
    host.troubles[LIST] = [Trouble(status=302, location=LIST)] * 50
    with pytest.raises(TransferError, match="more than 20 redirects"):
        fetch(host, request(tmp_path))
    assert len(host.requests(LIST)) == 21


def test_a_list_that_comes_too_slowly_is_given_up(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "time", Clock(lambda: host.served > 1000))
    add_k400_val(host)
    host.troubles[LIST] = [Trouble(endless=True, pause=0.01)]
    with pytest.raises(TransferError, match=r"k400_val_path\.txt: not complete after 600 s"):
        fetch(host, request(tmp_path))
    assert len(host.requests(LIST)) == 1


def test_attempts_end_when_the_time_has_run_out(host: Host) -> None:
    host.troubles[LIST] = [Trouble(status=503)] * 9
    session = impatient(host.url)
    try:
        with pytest.raises(TransferError, match="not complete after -1 s"):
            session.text(URL, Limits(100, -1))
        assert host.requests(LIST) == []
        with pytest.raises(TransferError, match="503") as refused:
            session.text(URL, TEXT)
        assert isinstance(refused.value.__cause__, StatusError)
        assert len(host.requests(LIST)) == IMPATIENT.attempts
    finally:
        session.close()


@pytest.mark.parametrize("trouble", [Trouble(endless=True), Trouble(length_error=10**15)])
def test_annotations_without_end_leave_nothing(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: Trouble
) -> None:
    monkeypatch.setattr(plan, "TABLE", SMALL)
    add_annotations(host)
    host.troubles[CSV] = [trouble]
    failed, other = fetch(host, request(tmp_path, contents=ANNOTATIONS))
    assert isinstance(failed.error, TransferError)
    assert "val.csv: the server sends more than 50.0 kB" in str(failed.error)
    assert states([other]) == ["fetched"]
    assert tree(tmp_path) == {"readme.md": b"# K"}
    assert states(fetch(host, request(tmp_path, contents=ANNOTATIONS))) == ["fetched", "there"]


def test_annotations_that_come_too_slowly_are_continued(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_annotations(host)
    host.troubles[CSV] = [Trouble(pause=0.01)]
    part = tmp_path / "annotations" / "val.csv.part"
    with monkeypatch.context() as patch:
        patch.setattr(limits, "time", Clock(lambda: part.exists() and part.stat().st_size > 0))
        failed, _ = fetch(host, request(tmp_path, contents=ANNOTATIONS), jobs=1)
    assert "val.csv: not complete after 3600 s" in str(failed.error)
    assert 0 < part.stat().st_size < len(host.files[CSV])
    assert states(fetch(host, request(tmp_path, contents=ANNOTATIONS))) == ["fetched", "there"]
    assert host.requests(CSV)[-1].range is not None
    assert tree(tmp_path) == {"annotations/val.csv": host.files[CSV], "readme.md": b"# K"}


def test_the_read_me_has_the_limits_of_a_list(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "TEXT", SMALL)
    add_annotations(host)
    host.troubles[path_of("400/readme.md")] = [Trouble(endless=True)]
    outcomes = fetch(host, request(tmp_path, contents=ANNOTATIONS))
    assert states(outcomes) == ["fetched", "failed"]
    assert "readme.md: the server sends more than 50.0 kB" in str(outcomes[1].error)


def test_annotations_that_are_read_to_choose_clips_have_the_larger_limits(host: Host, tmp_path: Path) -> None:
    add_k400_val(host)
    host.files[CSV] = labels_csv("val", dict.fromkeys(range(150_000), "zumba"))
    assert len(host.files[CSV]) > TEXT.size
    wanted = request(tmp_path, classes=("zumba",), extract=True)
    assert states(fetch(host, wanted)) == ["fetched", "fetched"]


@pytest.mark.parametrize("pause", ["9" * 5000, "Mon, 01 Jan 2024 00:00:00 +99999999999999999999", "Mon, "])
def test_pauses_that_mean_nothing_are_pauses_of_the_usual_length(
    host: Host, tmp_path: Path, pause: str
) -> None:
    add_k400_val(host)
    host.troubles[LIST] = [Trouble(status=503, retry_after=pause)]
    assert states(fetch(host, request(tmp_path))) == ["fetched", "fetched"]
