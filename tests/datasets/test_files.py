"""Lists and tables are read as editors, spreadsheets and pandas write them, and bad arguments are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.datasets.annotations import read_annotations, read_ava

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, text: str) -> Path:
    path = folder / "clips.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def rows(dataset: kf.Dataset) -> list[tuple[Any, Any]]:
    return [(record.source, record.label) for record in dataset]


def test_a_byte_order_mark_is_no_part_of_the_first_path(tmp_path: Path) -> None:
    listed = kf.Dataset.from_list(written(tmp_path, "\ufeffa.mp4 0\r\nb.mp4 1\r\n"))
    assert rows(listed) == [("a.mp4", 0), ("b.mp4", 1)]


def test_minus_one_is_no_label_and_does_not_renumber_the_others(tmp_path: Path) -> None:
    table = kf.Dataset.from_csv(written(tmp_path, "path,label\na,-1\nb,2\nc,0\n"))
    assert (rows(table), table.classes) == ([("a", None), ("b", 2), ("c", 0)], ())


def test_whole_numbers_with_a_point_are_labels_as_pandas_writes_them(tmp_path: Path) -> None:
    table = kf.Dataset.from_csv(written(tmp_path, "path,label\na,2.0\nb,\nc,10.0\n"))
    assert (rows(table), table.classes) == ([("a", 2), ("b", None), ("c", 10)], ())
    named = kf.Dataset.from_csv(written(tmp_path, "path,label\na,2.5\nb,3\n"))
    assert named.classes == ("2.5", "3")


@pytest.mark.parametrize("label", ["-2", "99999999999999999999"])
def test_numbers_that_are_no_labels_are_refused(tmp_path: Path, label: str) -> None:
    with pytest.raises(ValueError, match=rf"clips\.csv.*{label}"):
        kf.Dataset.from_csv(written(tmp_path, f"path,label\na,{label}\n"))
    with pytest.raises(ValueError, match=rf"clips\.csv.*{label}"):
        kf.Dataset.from_list(written(tmp_path, f"a {label}\n"))


def test_spaces_around_the_words_of_a_header_do_not_count(tmp_path: Path) -> None:
    assert rows(kf.Dataset.from_csv(written(tmp_path, "path , label\na , 1\n"))) == [("a", 1)]


def test_a_quote_that_is_never_closed_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    text = 'path,label\n"a,1\n' + "b,2\n" * 40_000
    with pytest.raises(ValueError, match=r"clips\.csv"):
        kf.Dataset.from_csv(written(tmp_path, text))
    header = "label,youtube_id,time_start,time_end,split\n"
    annotated = header + '"a,-3B32lodo2M,1,2,val\n' + "b,c,1,2,val\n" * 20_000
    with pytest.raises(ValueError, match=r"clips\.csv"):
        read_annotations(written(tmp_path, annotated), "400", "val")
    with pytest.raises(ValueError, match=r"clips\.csv"):
        read_ava(written(tmp_path, '"-3B32lodo2M,1\n' + "-3B32lodo2M,2\n" * 20_000))


def test_a_word_where_a_time_is_meant_is_found_by_file_and_line(tmp_path: Path) -> None:
    path = written(tmp_path, "path,label,from\na,1,0.5\nb,1,soon\n")
    with pytest.raises(ValueError, match=r"clips\.csv, row 2: from must be a number, got 'soon'"):
        kf.Dataset.from_csv(path, start="from")


def test_a_row_without_a_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"clips\.csv, row 2: path"):
        kf.Dataset.from_csv(written(tmp_path, "path,label\na,1\n,2\n"))


def test_labels_are_numbers_of_classes() -> None:
    with pytest.raises(ValueError, match="label 5, but there are 1 classes"):
        kf.Dataset(["a", "b"], [0, 5], classes=["x"])
    with pytest.raises(ValueError, match=r"a label must be at least 0, .* got -7"):
        kf.Dataset(["a", "b"], [0, -7])


def test_bounds_may_be_lists_with_none() -> None:
    dataset = kf.Dataset(["a", "b"], starts=[None, 1], ends=[2, None])
    assert [(record.start, record.end) for record in dataset] == [(None, 2.0), (1.0, None)]


@pytest.mark.parametrize("sources", ["a.mp4", b"bytes", (name for name in "ab"), None])
def test_sources_are_a_sequence(sources: Any) -> None:
    with pytest.raises(TypeError, match="sequence of sources"):
        kf.Dataset(sources)


@pytest.mark.parametrize("positions", [1, [[0, 1]], np.zeros((2, 2), bool)])
def test_positions_are_a_list(positions: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="positions"):
        kf.Dataset(["a", "b"]).take(positions)


def test_a_folder_may_be_named_with_a_slash_at_its_end(tmp_path: Path) -> None:
    (tmp_path / "zumba").mkdir()
    (tmp_path / "zumba" / "a.mp4").touch()
    assert kf.Dataset.from_folder(f"{tmp_path}/")[0].source == f"{tmp_path}/zumba/a.mp4"


def test_archives_without_videos_are_an_error_as_folders_are(tmp_path: Path) -> None:
    (tmp_path / "empty.tar").write_bytes(bytes(10_240))
    for paths in ([], [tmp_path / "empty.tar"]):
        with pytest.raises(ValueError, match="no videos"):
            kf.Dataset.from_tars(paths)


@pytest.mark.parametrize(
    ("folders", "listed"), [(("train", "val"), "train and val"), (("validate",), "validate")]
)
def test_folders_of_splits_are_not_taken_for_classes_in_silence(
    tmp_path: Path, folders: tuple[str, ...], listed: str
) -> None:
    for folder in folders:
        (tmp_path / folder / "zumba").mkdir(parents=True)
        (tmp_path / folder / "zumba" / "a.mp4").touch()
    with pytest.warns(UserWarning, match=f"{listed} are named as splits.* such as .*{folders[0]}"):
        kf.Dataset.from_folder(tmp_path)
    assert kf.Dataset.from_folder(tmp_path / folders[0]).classes == ("zumba",)
    (tmp_path / "bus").mkdir()  # a class, like "train" then
    assert "bus" in kf.Dataset.from_folder(tmp_path).classes
