"""A report adds up, shows every class, and needs nothing but itself."""

from __future__ import annotations

import base64
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kinetics_fast.cli.main import main
from kinetics_fast.dataset_index.reader import IndexFile
from kinetics_fast.dataset_index.schema import DEFAULT_NAME
from kinetics_fast.report.counts import count
from kinetics_fast.report.gallery import FRAMES, gallery
from kinetics_fast.report.histograms import histograms
from kinetics_fast.report.page import render
from support import scanned

pytestmark = pytest.mark.ffmpeg

ODD = '<b>"odd" & <script>alert(1)<'
LOADS = {"src", "href", "srcset", "action", "data", "poster", "background"}


class Page(HTMLParser):
    """What a browser would take from a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.data: Any = None
        self.words: list[str] = []
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        named = dict(attrs)
        self._inside = "data" if named.get("id") == "data" else tag
        self.loads += [value or "" for name, value in attrs if name in LOADS]
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_endtag(self, _tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "data":
            self.data = json.loads(data)
        elif self._inside not in ("script", "style"):
            self.words.append(data)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    scanned.make_tree(root)
    odd = root / "train" / ODD
    odd.mkdir()
    (odd / f"{'x' * 11}_000000_000010.mp4").write_bytes(scanned.ten_seconds())
    scanned.scanned(root)
    return root


@pytest.fixture(scope="module")
def index(root: Path) -> IndexFile:
    return IndexFile(root / DEFAULT_NAME)


@pytest.fixture(scope="module")
def text(index: IndexFile) -> str:
    return render(index, count(index), histograms(index), gallery(index, 1))


def test_counts_add_up(index: IndexFile) -> None:
    counts = count(index)
    statuses = scanned.statuses(index)
    assert counts.total.rows == len(index) == len(statuses)
    for status in set(statuses.values()):
        expected = list(statuses.values()).count(status)
        assert counts.total.by_status[status] == expected
        assert sum(each.by_status[status] for each in counts.by_split.values()) == expected
        assert sum(counts.of_class(name).by_status[status] for name in counts.by_class) == expected
        if status != "ok":
            assert sum(reason.clips for reason in counts.reasons if reason.status == status) == expected
    assert counts.total.usable + counts.total.missing + counts.total.broken == counts.total.rows
    assert list(counts.by_split) == ["train", "val"]


def test_distributions_hold_every_clip_that_was_indexed(index: IndexFile) -> None:
    indexed = sum(row["frames"] is not None for row in scanned.rows(index))
    assert [sum(histogram.clips) for histogram in histograms(index)] == [indexed] * 6
    for histogram in histograms(index):
        assert len(histogram.labels) == len(histogram.clips)


def test_the_page_loads_nothing(text: str) -> None:
    page = Page(text)
    assert all(value.startswith("#") for value in page.loads)
    assert {value[1:] for value in page.loads} <= set(page.ids)
    assert not {"link", "img", "iframe", "object", "embed"} & set(page.tags)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    assert "url(" not in style[1]
    assert "@import" not in style[1]
    assert "default-src 'none'" in text


def test_names_cannot_break_the_page(text: str) -> None:
    page = Page(text)
    assert page.tags.count("script") == 2
    assert any(name == ODD for name, _, _ in page.data["classes"])


def test_every_class_has_its_counts_and_a_moving_picture(text: str, index: IndexFile) -> None:
    data = Page(text).data
    assert [name for name, _, _ in data["classes"]] == list(index.classes)
    assert sum(sum(counts) for _, counts, _ in data["classes"]) == len(index)
    for _, _, sprites in data["classes"]:
        ((path, picture),) = sprites
        assert scanned.statuses(index)[path] == "ok"
        strip = Image.open(io.BytesIO(base64.b64decode(picture)))
        assert strip.format == "WEBP"
        assert strip.width == pytest.approx(FRAMES * strip.height * 4 / 3, abs=FRAMES)


def test_every_clip_that_is_not_ok_is_listed_with_why(text: str, index: IndexFile) -> None:
    faults = Page(text).data["faults"]
    expected = {row["path"]: row for row in scanned.rows(index) if row["status"] != "ok"}
    assert faults["count"] == len(expected)
    assert set(faults["names"]) == set(expected)
    data = Page(text).data
    for name, status, reason in zip(faults["names"], faults["status"], faults["reason"], strict=True):
        assert data["statuses"][status] == expected[name]["status"]
        assert faults["reasons"][reason] == expected[name]["reason"]


def test_more_pictures_a_class_on_request(index: IndexFile) -> None:
    by_class: dict[str, list[str]] = {}
    for sprite in gallery(index, 3):
        by_class.setdefault(sprite.label, []).append(sprite.path)
    assert all(len(set(paths)) == len(paths) for paths in by_class.values())
    assert sorted(len(paths) for paths in by_class.values()) == [1, 2, 3]  # all there are, and no more


def test_the_command(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    assert main(["report", str(root), "--out", str(page), "--gallery", "0"]) == 1
    assert "truncated" in capsys.readouterr().out
    assert main(["report", str(root), "--out", str(page), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert sum(each["clips"] for each in told["splits"].values()) == told["total"]["clips"]
    assert sum(each["clips"] for each in told["classes"].values()) == told["total"]["clips"]
    assert page.read_text().count("data:image/webp") == 1  # one in the script; the pictures are in the data
