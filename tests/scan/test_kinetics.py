"""A scan of Kinetics accounts for every annotation row, in every layout and version."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

import kinetics_fast as kf
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


def test_the_command_recognises_annotations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "k700-2020"
    root.mkdir()
    made = make_kinetics(root, "700-2020", "flat", CLIPS, scanned.contents())
    assert main(["scan", str(root)]) == 1
    assert capsys.readouterr().out.startswith(f"Kinetics-700-2020, by the annotations {root}/annotations/")
    index = IndexFile(root / schema.DEFAULT_NAME)
    assert len(index) == sum(map(len, made.rows.values()))
    train = kf.Dataset.from_index(root, split="train")
    assert len(train) > 0
    assert (train.labels >= 0).all()
    assert main(["scan", str(root), "--split", "validate", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["version"] == "700-2020"
    assert len(IndexFile(root / "kinetics-fast-val.arrow")) == len(made.rows["val"])


def test_a_folder_of_one_split_has_the_rows_of_this_split(tmp_path: Path) -> None:
    write_k400(tmp_path / "k400", {"train": 2, "val": 1})
    assert main(["scan", str(tmp_path / "k400" / "val")]) == 0
    index = IndexFile(tmp_path / "k400" / "val" / schema.DEFAULT_NAME)
    assert index.table.column("split").to_pylist() == ["val"]


def test_annotations_whose_version_is_unclear_are_mentioned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_k400(tmp_path / "data", {"train": 1})
    assert main(["scan", str(tmp_path / "data")]) == 0
    said = capsys.readouterr().err
    assert "the annotations are not used, and the clips are labelled by their folders: " in said
    assert "do not tell their version; pass version= (--version), one of 400" in said
    assert "no clip has a label" in said
    assert main(["scan", str(tmp_path / "data"), "--version", "kinetics400"]) == 0
    assert capsys.readouterr().err == ""
    assert kf.Dataset.from_index(tmp_path / "data")[0].label == 0


def test_a_table_that_is_no_annotations_is_mentioned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "zumba").mkdir()
    (tmp_path / "zumba" / "a.mp4").write_bytes(scanned.ten_seconds())
    (tmp_path / "train.csv").write_text("path,label\nzumba/a.mp4,0\n")
    assert main(["scan", str(tmp_path)]) == 0
    assert "no column of YouTube ids" in capsys.readouterr().err
    assert kf.Dataset.from_index(tmp_path).classes == ("zumba",)


def test_an_index_in_a_folder_is_found_by_its_split(tmp_path: Path) -> None:
    root = write_k400(tmp_path / "k400", {"train": 2, "val": 1})
    assert main(["scan", str(root), "--split", "val"]) == 0
    with pytest.raises(ValueError, match=r"single splits only \(kinetics-fast-val.arrow\)"):
        kf.Dataset.from_index(root)
    assert main(["report", str(root), "--gallery", "0"]) == 3
    assert len(kf.Dataset.from_index(root, split="validate")) == 1
    assert main(["scan", str(root)]) == 0
    assert len(kf.Dataset.from_index(root)) == 3
    with pytest.raises(ValueError, match="has the splits train, val, got split='test'"):
        kf.Dataset.from_index(root, split="test")
    with pytest.raises(ValueError, match="split must be one of train, val, test, got 'dev'"):
        kf.Dataset.from_index(root, split="dev")
    assert main(["show", str(root), "--frames", "2", "--size", "32", "--out", str(tmp_path / "x.png")]) == 0


def test_countix_is_scanned_by_its_own_annotations(tmp_path: Path) -> None:
    root = tmp_path / "k700"
    (root / "val").mkdir(parents=True)
    (root / "val" / "abcdefghijk_000017_000027.mp4").write_bytes(scanned.ten_seconds())
    (root / "countix_val.csv").write_text(
        "video_id,class,kinetics_start,kinetics_end,repetition_start,repetition_end,count\n"
        "abcdefghijk,squat,17,27,18.5,26,4\n--HHKLZPagg,push up,29,39,30,31.5,2\n"
    )
    assert main(["scan", str(root)]) == 1
    countix, direct = kf.Dataset.from_index(root), kf.Kinetics(root, split="val")
    assert (countix[0].start, countix[0].end, countix[0].label) == (1.5, 9.0, 1)
    assert countix.column("count").tolist() == direct.column("count").tolist() == [4]
    assert countix.classes == direct.classes
    assert dict(IndexFile(root / schema.DEFAULT_NAME).facts)["title"] == "Countix"
    assert main(["report", str(root), "--gallery", "0"]) == 1


def test_ava_kinetics_is_scanned_by_its_own_annotations(tmp_path: Path) -> None:
    root = tmp_path / "k700"
    (root / "val").mkdir(parents=True)
    (root / "val" / "abcdefghijk_000898_000908.mp4").write_bytes(scanned.ten_seconds())
    (root / "kinetics_val_v1.0.csv").write_text(
        "abcdefghijk,902.5,0.1,0.2,0.3,0.4,12\nabcdefghijk,902.5,0.1,0.2,0.3,0.4,17\n"
        "--HHKLZPagg,34,0.5,0.5,1.0,1.0,80\nabcdefghijk,905,,,,,\n"
    )
    assert main(["scan", str(root), "--version", "AVA-Kinetics"]) == 1
    index, direct = kf.Dataset.from_index(root, split="val"), kf.Kinetics(root, "ava-kinetics", "val")
    assert len(index) == len(direct) == 2
    for scanned_record, record in zip(index, direct, strict=True):
        assert scanned_record.label.time == record.label.time
        assert np.array_equal(scanned_record.label.boxes, record.label.boxes)
        assert scanned_record.label.boxes.shape[1] == 4
        assert scanned_record.label.actions.tolist() == record.label.actions.tolist()
    assert index.labels[0].time == 4.5
    assert index.column("time_start").tolist() == [898, 898]
    (batch,) = kf.ClipLoader(index, kf.UniformClips(2, stride=8, clips=1), size=16, batch_size=2)
    assert batch.labels[0].actions.tolist() == [12, 17]
    assert IndexFile(root / schema.DEFAULT_NAME).status_counts() == {"ok": 2, "missing": 1}
    assert main(["report", str(root), "--gallery", "0"]) == 1


def write_k400(root: Path, clips: dict[str, int]) -> Path:
    """Write annotations and videos in folders of splits; return the folder."""
    (root / "annotations").mkdir(parents=True)
    for split, number_of_clips in clips.items():
        (root / split).mkdir()
        rows = [f"zumba,{split:_<8}{number:03},0,10,{split}\n" for number in range(number_of_clips)]
        table = "label,youtube_id,time_start,time_end,split\n" + "".join(rows)
        (root / "annotations" / f"{split}.csv").write_text(table)
        for number in range(number_of_clips):
            name = f"{split:_<8}{number:03}_000000_000010.mp4"
            (root / split / name).write_bytes(scanned.ten_seconds())
    return root
