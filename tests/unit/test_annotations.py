"""Annotation files are read in each of their formats; others are refused with the line of the mistake."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kinetics_fast.datasets.annotations import Annotations, find_annotations, read_annotations

ID = "-3B32lodo2M"
HEADER = "label,youtube_id,time_start,time_end,split"


def written(folder: Path, text: str, name: str = "train.csv") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def rows_of(rows: Annotations) -> list[tuple[str, float, float, str | None]]:
    labels = [rows.classes[label] if label >= 0 else None for label in rows.labels]
    ids = [youtube_id.decode() for youtube_id in rows.ids]
    return list(zip(ids, rows.starts.tolist(), rows.ends.tolist(), labels, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        f'{HEADER},is_cc\n"a, b (c)",{ID},59,69,train,0\nzumba,{ID},0,10,train,1\n',
        f'YouTube Identifier,Start time,End time,Class label\n{ID},59,69,"a, b (c)"\n{ID},0,10,zumba\n',
        f'video-id,start-time,end-time,label-name\r\n{ID},59.0,69.0,"a, b (c)"\r\n{ID},0.0,10.0,zumba\r\n',
        f'\ufeff{HEADER}\n\n"a, b (c)", {ID} ,59,69,train\n\nzumba,{ID},0,10,\n',
        f"label\tyoutube_id\ttime_start\ttime_end\na, b (c)\t{ID}\t59\t69\nzumba\t{ID}\t0\t10\n",
        f'"a, b (c)",{ID},59,69,train\nzumba,{ID},0,10,train\n',
        f"{ID}\t59\t69\ta, b (c)\n{ID}\t0\t10\tzumba\n",
        f'{{"{ID}": {{"annotations": {{"label": "a, b (c)", "segment": [59.0, 69.0]}}, "subset": "train"}},'
        f' "{ID}": {{"annotations": {{"label": "zumba", "segment": [0.0, 10.0]}}, "duration": 10.0}} }}',
    ],
    ids=["CVDF", "crawler", "renamed", "blank lines", "tabs", "no header", "tabs, no header", "JSON"],
)
def test_every_form_says_the_same(text: str, tmp_path: Path) -> None:
    rows = read_annotations(written(tmp_path, text), "400", "train")
    assert rows.classes == ("a, b (c)", "zumba")
    assert rows_of(rows) == [(ID, 59.0, 69.0, "a, b (c)"), (ID, 0.0, 10.0, "zumba")]


def test_rows_may_lack_label_and_times(tmp_path: Path) -> None:
    path = written(tmp_path, f"youtube_id,time_start,time_end,split\n{ID},7,17,test\n{ID},,,test\n")
    rows = read_annotations(path, "400", "test")
    assert rows_of(rows)[0] == (ID, 7.0, 17.0, None)
    assert np.isnan([rows.starts[1], rows.ends[1]]).all()
    path = written(tmp_path, f'{{"{ID}": {{"annotations": {{}}, "subset": "test"}}}}', "test.json")
    rows = read_annotations(path, "400", "test")
    assert rows.labels.tolist() == [-1]
    assert np.isnan(rows.starts[0])


def test_a_label_of_eleven_letters_is_no_id(tmp_path: Path) -> None:
    path = written(tmp_path, f"parasailing,{ID},1,11\nzumba,{ID},2,12\n")
    assert [row[3] for row in rows_of(read_annotations(path, "400", "train"))] == ["parasailing", "zumba"]


def test_rows_of_other_splits_are_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEADER}\na,{ID},1,11,train\nb,{ID},2,12,validate\nc,{ID},3,13,val\n")
    assert [row[3] for row in rows_of(read_annotations(path, "400", "val"))] == ["b", "c"]
    with pytest.raises(ValueError, match="no rows of test: 3 rows are of other splits"):
        read_annotations(path, "400", "test")


def test_many_rows_are_read_in_pieces(tmp_path: Path) -> None:
    lines = [f"class {i % 7},{i:011d},{i},{i + 10},train" for i in range(40_000)]
    path = written(tmp_path, "\n".join([HEADER, *lines]))
    rows = read_annotations(path, "400", "train")
    assert rows.ids[[0, 39_999]].tolist() == [b"00000000000", b"00000039999"]
    assert rows.starts.tolist() == list(range(40_000))
    assert rows.labels[:8].tolist() == [0, 1, 2, 3, 4, 5, 6, 0]
    entries = ",".join(
        f'"{i:011d}": {{"annotations": {{"label": "{"x" * 60}", "segment": [{i}.5, {i + 10}.5]}}}}'
        for i in range(20_000)
    )
    rows = read_annotations(written(tmp_path, f"{{{entries}}}", "train.json"), "400", "train")
    assert rows.starts.tolist() == [i + 0.5 for i in range(20_000)]


def test_classes_are_those_of_all_splits_beside_the_file(tmp_path: Path) -> None:
    written(tmp_path, f"{HEADER}\nabseiling,{ID},1,11,train\nzumba,{ID},1,11,train\n", "train.csv")
    val = written(tmp_path, f"{HEADER}\nbowling,{ID},2,12,val\nzumba,{ID},3,13,val\n", "validate.csv")
    written(tmp_path, f"youtube_id,time_start,time_end,split\n{ID},4,14,test\n", "test.csv")
    rows = read_annotations(val, "400", "val")
    assert rows.classes == ("abseiling", "bowling", "zumba")
    assert rows.labels.tolist() == [1, 2]
    assert read_annotations(tmp_path / "test.csv", "400", "test").classes == rows.classes


def test_classes_are_in_alphabetical_order_whatever_that_of_the_rows(tmp_path: Path) -> None:
    lines = [f"class {i:03d},{ID},{i},{i + 10},train" for i in reversed(range(400))]
    rows = read_annotations(written(tmp_path, "\n".join([HEADER, *lines])), "400", "train")
    assert rows.classes == tuple(f"class {i:03d}" for i in range(400))
    assert rows.labels.tolist() == list(reversed(range(400)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no column of YouTube ids"),
        ("path/a.mp4 0\npath/b.mp4 1\n", "no column of YouTube ids"),
        ("label,youtube_id,time_start,time_end\n", "no rows of train"),
        (f"label,youtube_id,time_start\nzumba,{ID},1\nzumba,{ID}\n", "line 3: 2 cells, but the header has 3"),
        (f"label,youtube_id\ncoin, twice,{ID}\n", "line 2: 3 cells.*quote labels with commas"),
        (f"label,youtube_id,time_start\nzumba,{ID},soon\n", "line 2: start must be a number, got 'soon'"),
        (f"label,youtube_id,time_start\nzumba,{ID},inf\n", "line 2: start must be a number, got 'inf'"),
        (f"label,youtube_id,time_start\nzumba,{ID},1\nzumba, ,2\n", "line 3: ' ' is not a YouTube id"),
        ("label,youtube_id,time_start\nzumba,#N\u00c4ME?,1\n", "line 2: '#N\u00c4ME\\?' is not a YouTube id"),
        (f"label,youtube_id,split\nzumba,{ID},tomorrow\n", "line 2: 'tomorrow' is not a split"),
        ('{"-3B32lodo2M": {"annotations": {"label": "zumba"}}', "is not JSON, or is cut short"),
        ('{"-3B32lodo2M": 3}', "is not an object of YouTube ids"),
        ('{"-3B32lodo2M": {"label": "zumba"}}', "is not an object of YouTube ids"),
    ],
)
def test_a_file_that_is_not_an_annotation_file_is_refused(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=message):
        read_annotations(written(tmp_path, text), "400", "train")


@pytest.mark.parametrize(
    ("version", "split", "name"),
    [
        ("400", "train", "annotations/train.csv"),
        ("400", "val", "validate.csv"),
        ("400", "val", "annotations/kinetics400/validate.csv"),
        ("400", "test", "kinetics_400_test.csv"),
        ("400", "train", "annotations/kinetics-400_train.json"),
        ("400", "train", "../annotations/kinetics_train.csv"),
        ("700-2020", "val", "kinetics700_2020/validate.csv"),
        ("700-2020", "train", "annotations/kinetics700_2020/train.csv"),
        ("countix", "train", "annotations/countix/countix_train.csv"),
        ("ava-kinetics", "val", "annotations/ava-kinetics/ava_kinetics_v1_0/kinetics_val_v1.0.csv"),
    ],
)
def test_annotations_are_found_under_their_published_names(
    version: str, split: str, name: str, tmp_path: Path
) -> None:
    root = tmp_path / "k"
    for decoy in ("train/zumba.csv", "train_list.csv", "notes.txt", f"k600_{split}.csv"):
        written(root, "", decoy)
    path = written(root, "", name)
    assert find_annotations(root, version, split).resolve() == path.resolve()


def test_the_whole_annotations_of_kinetics_600_are_the_text_files(tmp_path: Path) -> None:
    written(tmp_path, "", "annotations/train.csv")
    path = written(tmp_path, "", "annotations/train.txt")
    assert find_annotations(tmp_path, "600", "train") == path


def test_the_first_700_and_the_second_are_told_apart(tmp_path: Path) -> None:
    first = written(tmp_path, "", "annotations/kinetics700/train.csv")
    with pytest.raises(FileNotFoundError):
        find_annotations(tmp_path, "700-2020", "train")
    second = written(tmp_path, "", "annotations/kinetics700_2020/train.csv")
    assert find_annotations(tmp_path, "700", "train") == first
    assert find_annotations(tmp_path, "700-2020", "train") == second
    for name in ("kinetics700_val.csv", "kinetics700_2020_val.csv"):
        written(tmp_path, "", name)
    assert find_annotations(tmp_path, "700-2020", "val").name == "kinetics700_2020_val.csv"


def test_not_finding_annotations_says_where_was_looked(tmp_path: Path) -> None:
    (tmp_path / "k" / "annotations").mkdir(parents=True)
    with pytest.raises(
        FileNotFoundError, match=r"Kinetics-700 val, such as val\.csv, in .*annotations, .*pass"
    ):
        find_annotations(tmp_path / "k", "700", "val")
    for name in ("kinetics_train.csv", "k700-train.csv"):
        written(tmp_path / "k", "", name)
    with pytest.raises(ValueError, match=r"k700-train\.csv and kinetics_train\.csv may both be"):
        find_annotations(tmp_path / "k", "700", "train")
