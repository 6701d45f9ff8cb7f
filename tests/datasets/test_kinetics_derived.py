"""AVA-Kinetics and Countix give spans, counts, boxes and moments in the time of the clips."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.datasets import KeyFrame
from kinetics_fast.datasets.matching import Reason

COUNTIX = """video_id,class,kinetics_start,kinetics_end,repetition_start,repetition_end,count
abcdefghijk,squat,17,27,18.500000,26.000000,4
abcdefghijk,squat,40,50,39.900000,50.000000,11
--HHKLZPagg,push up,29,39,30.000000,31.500000,2
"""
AVA = """abcdefghijk,902.5,0.1,0.2,0.3,0.4,12
--HHKLZPagg,34,0.5,0.5,1.0,1.0,80
abcdefghijk,902.5,0.1,0.2,0.3,0.4,17
noboxes____,5,,,,,
twoclips___,50,0.0,0.0,1.0,1.0,1
abcdefghijk,902.5,0.6,0.2,0.9,0.4,12
shortrow___,7
bare_clip__,7,0.0,0.0,1.0,1.0,1
elsewhere__,900,0.0,0.0,1.0,1.0,1
"""


def put(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


def test_countix_has_spans_in_clip_time_and_counts(tmp_path: Path) -> None:
    put(tmp_path, "train/squat/abcdefghijk_000040_000050.mp4", "train/squat/abcdefghijk_000017_000027.mp4")
    (tmp_path / "countix_train.csv").write_text(COUNTIX)
    countix = kf.Kinetics(tmp_path, version="countix", split="train")
    assert countix.classes == ("push up", "squat")
    assert [(record.label, record.start, record.end) for record in countix] == [(1, 1.5, 9.0), (1, 0.0, 10.0)]
    assert [record.id for record in countix] == ["abcdefghijk_000017_000027", "abcdefghijk_000040_000050"]
    assert countix.column("count").tolist() == [4, 11]
    assert countix.filter(classes="squat")[1:].column("count").tolist() == [11]
    report = countix.report()
    assert (report["rows"], report["matched"], report["missing"], report["ambiguous"]) == (3, 2, 1, 0)


@pytest.fixture
def ava(tmp_path: Path) -> kf.Kinetics:
    put(
        tmp_path,
        "val/abcdefghijk_000898_000908.mp4",
        "val/--HHKLZPagg_000029_000039.mp4",
        "val/noboxes_____000000_000010.mp4",
        "val/twoclips____000041_000051.mp4",
        "val/twoclips____000046_000056.mp4",
        "val/shortrow____000000_000010.mp4",
        "val/bare_clip__.mp4",
        "val/elsewhere___000000_000010.mp4",
    )
    (tmp_path / "annotations").mkdir()
    (tmp_path / "annotations" / "kinetics_val_v1.0.csv").write_text(AVA)
    return kf.Kinetics(tmp_path, version="ava-kinetics", split="val")


def test_ava_kinetics_has_a_key_frame_a_record(ava: kf.Kinetics) -> None:
    assert [record.id for record in ava[:2]] == ["abcdefghijk", "--HHKLZPagg"]
    label = ava[0].label
    assert isinstance(label, KeyFrame)
    assert label.time == 4.5
    assert label.actions.tolist() == [12, 17, 12]
    np.testing.assert_allclose(
        label.boxes, [[0.1, 0.2, 0.3, 0.4], [0.1, 0.2, 0.3, 0.4], [0.6, 0.2, 0.9, 0.4]]
    )
    assert label.boxes.dtype == np.float32
    assert label.actions.dtype == np.int64
    assert [record.label.time for record in ava] == [4.5, 5.0, 5.0, 4.0, 7.0]
    assert [len(record.label.boxes) for record in ava] == [3, 1, 0, 1, 0]
    assert ava[2].label.boxes.shape == (0, 4)


def test_ava_kinetics_takes_the_clip_that_shows_the_moment_best(ava: kf.Kinetics) -> None:
    assert str(ava[3].source).endswith("twoclips____000046_000056.mp4")
    assert ava.column("time_start")[3] == 46


def test_every_key_frame_has_an_outcome(ava: kf.Kinetics) -> None:
    reasons = [Reason(reason) for reason in ava.matches.reasons]
    assert reasons == [*[Reason.MOMENT] * 5, Reason.UNKNOWN_START, Reason.OTHER_TIMES]
    assert (
        ava.matches.explain(6) == "only clips of other times of the video: val/elsewhere___000000_000010.mp4"
    )
    report = ava.report()
    assert (report["rows"], report["matched"], report["missing"], report["ambiguous"]) == (7, 5, 1, 1)
    assert report["lines of the annotations"] == {"matched": 7, "missing": 1, "ambiguous": 1}


@pytest.mark.parametrize("row", ["abcdefghijk", "abcdefghijk,soon", "abcdefghijk,5,a,b,c,d,1"])
def test_a_row_that_is_no_key_frame_is_refused(row: str, tmp_path: Path) -> None:
    path = tmp_path / "kinetics_val_v1.0.csv"
    path.write_text(f"abcdefghijk,902.5,0.1,0.2,0.3,0.4,12\n{row}\n")
    with pytest.raises(ValueError, match=f"line 2: '{row}' is not youtube_id,timestamp"):
        kf.Kinetics(tmp_path, version="ava-kinetics", split="val")
