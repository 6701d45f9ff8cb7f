"""A scan of Kinetics accounts for every annotation row, in every layout and version."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from kinetics_fast.cli.main import main
from kinetics_fast.dataset_index import schema
from kinetics_fast.dataset_index.reader import IndexFile
from kinetics_fast.datasets.matching import Outcome
from kinetics_fast.report.counts import count
from kinetics_fast.report.page import render
from kinetics_fast.scan.kinetics_targets import targets_of_kinetics
from kinetics_fast.scan.scanner import scan
from support import scanned
from support.made_kinetics import make_kinetics
from support.made_tree import LAYOUTS, SPLITS, VERSIONS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.ffmpeg

CLIPS = 150
PAIRS = list(zip(LAYOUTS, VERSIONS * 2, strict=True))


@pytest.mark.parametrize(("layout", "version"), PAIRS)
def test_every_row_is_accounted_for(tmp_path: Path, layout: str, version: str) -> None:
    account(tmp_path, layout, version, CLIPS)


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("version", VERSIONS)
def test_every_row_of_two_thousand_is_accounted_for(tmp_path: Path, layout: str, version: str) -> None:
    account(tmp_path, layout, version, 2000)


def account(tmp_path: Path, layout: str, version: str, clips: int) -> None:
    """Compare every row of an index, and the counts of its report, with the ledger of the made data set."""
    root = tmp_path / "root"
    root.mkdir()
    made = make_kinetics(root, version, layout, clips, scanned.contents())
    targets, facts = targets_of_kinetics(root, version, None, None)
    scan(root, targets, tmp_path / "index.arrow", facts=facts)
    index = IndexFile(tmp_path / "index.arrow")
    columns = (index.table.column(name).to_pylist() for name in ("split", "id", "status", "path", "member"))
    found = list(zip(*columns, strict=True))
    ledger = [(split, row) for split, rows in made.rows.items() for row in rows]
    assert len(found) == len(ledger)
    for (split, name, status, path, member), (of_split, row) in zip(found, ledger, strict=True):
        assert (split, name) == (of_split, row.youtube_id)
        matched = row.reason.outcome is Outcome.MATCHED
        assert (f"{path}/{member}" if member else path) == (row.path if matched else None)
        expected = scanned.status_of(row.content) if matched else "missing"
        if row.start is None and expected == "short":  # the row has no duration
            expected = "ok"
        assert status == expected
    assert {status for _, _, status, _, _ in found} == set(schema.STATUSES)
    page = render(index, count(index), [], [])
    for split in facts["published"]:
        assert f"{max(facts['published'][split].values()):,}" in page
    assert "named by no row" in page
    counts = count(index)
    assert counts.total.rows == len(ledger)
    assert {split: each.rows for split, each in counts.by_split.items()} == Counter(of for of, _ in ledger)
    for split in SPLITS:
        assert facts["files"][split]["videos"] == len(made.named_by)


def test_the_command_scans_one_split(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = make_kinetics(tmp_path, "700-2020", "flat", CLIPS, scanned.contents())
    options = ["scan", str(tmp_path), "--version", "700-2020", "--split", "val"]
    assert main([*options, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert sum(told["status"].values()) == len(made.rows["val"])
    assert told["status"]["missing"] == len(made.rows["val"]) - len(made.rows_of("val", Outcome.MATCHED))
    assert told["index"].endswith("kinetics-fast-val.arrow")
    assert main([*options[:2], "--split", "val"]) == 2
    assert main([*options[:3], "701"]) == 3
    assert "400, 600, 700" in capsys.readouterr().err
