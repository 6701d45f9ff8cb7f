"""A data set makes its records on access; slices, filters and subsets keep its labels."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

import kinetics_fast as kf


def small() -> kf.Dataset:
    """Return five clips of three classes; one clip has no label."""
    return kf.Dataset(
        ["a.mp4", "b.mp4", "c.mp4", "d.mp4", "e.mp4"],
        [0, 2, 2, None, 0],
        starts=np.array([1.0, np.nan, 0, 0, 0]),
        ids=["a", "b", "c", "d", "e"],
        frame_indices=[b"packed", None, None, None, None],
        classes=["abseiling", "bowling", "zumba"],
        columns={
            "status": ["ok", "short", "ok", "ok", "missing"],
            "duration": np.array([10.0, 3.0, 9.5, np.nan, 10.0]),
        },
    )


def ids(dataset: kf.Dataset) -> list[str | None]:
    return [record.id for record in dataset]


def test_records_are_made_of_the_columns() -> None:
    assert small()[0] == kf.Record("a.mp4", 0, 1.0, None, "a", b"packed")
    assert small()[-2] == kf.Record("d.mp4", None, 0.0, None, "d")
    assert small()[np.int64(1)].start is None
    assert type(small()[1].label) is int
    with pytest.raises(IndexError, match="record 5 of a data set of 5"):
        small()[5]


def test_parts_are_data_sets_with_the_same_label_numbers() -> None:
    assert ids(small()[1:4][::-1]) == ["d", "c", "b"]
    assert ids(small().take([4, 4, -5])) == ["e", "e", "a"]
    assert ids(small()[2:].take([True, False, True])) == ["c", "e"]
    assert small()[1:].classes == small().classes
    assert small()[1:3].labels.tolist() == [2, 2]
    assert small()[3:].column("status").tolist() == ["ok", "missing"]
    with pytest.raises(TypeError, match="float"):
        small().take([0.5])
    with pytest.raises(IndexError):
        small()[1:].take([True] * 5)


def test_filters() -> None:
    assert ids(small().filter(status="ok")) == ["a", "c", "d"]
    assert ids(small().filter(status=["ok", "short"], duration=(None, 9.6))) == ["b", "c"]
    assert ids(small().filter(classes="abseiling")) == ["a", "e"]
    assert ids(small().filter(classes=["zumba", 0], status=["ok"])) == ["a", "c"]
    assert small().filter(classes=[]).labels.tolist() == []
    with pytest.raises(ValueError, match="no class 'zoomba' among the 3"):
        small().filter(classes="zoomba")
    with pytest.raises(KeyError, match="there are none"):
        kf.Dataset(["a.mp4"]).filter(status="ok")


def test_subsets_are_seeded_nested_and_the_same_in_any_company() -> None:
    labels = np.repeat(np.arange(4), [3, 40, 50, 60])
    dataset = kf.Dataset(
        [f"{i}.mp4" for i in range(len(labels))], np.random.default_rng(0).permutation(labels)
    )
    five, twenty = (set(dataset.clips_per_class(n, seed=3)) for n in (5, 20))
    assert five < twenty
    assert np.bincount(dataset.clips_per_class(20).labels).tolist() == [3, 20, 20, 20]
    assert five != set(dataset.clips_per_class(5, seed=4))
    assert set(dataset.filter(classes=[2]).clips_per_class(5, seed=3)) < five
    assert list(dataset.clips_per_class(5)) == list(dataset.clips_per_class(5))
    sources = [int(str(record.source)[:-4]) for record in dataset.clips_per_class(5)]
    assert sources == sorted(sources)
    assert len(small().clips_per_class(9)) == 4  # without the clip that has no label
    with pytest.raises(ValueError, match="at least 1"):
        dataset.clips_per_class(0)


def test_labels_may_be_any_objects() -> None:
    box = np.array([0.0, 0, 1, 1])
    dataset = kf.Dataset(["a.mp4", "b.mp4"], [box, {"words": 3}])
    assert dataset[0].label is box
    assert dataset[1:].labels.tolist() == [{"words": 3}]
    assert kf.Dataset(["a.mp4", "b.mp4"], [box, box]).labels.shape == (2,)
    with pytest.raises(ValueError, match="not numbers"):
        dataset.clips_per_class(1)


def test_columns_must_be_of_one_length() -> None:
    with pytest.raises(ValueError, match="duration must have one value per source, got 1 values for 2"):
        kf.Dataset(["a", "b"], columns={"duration": [1]})


def test_the_report_counts_and_prints() -> None:
    report = small().report()
    assert report["clips"] == 5
    assert report["clips a class"] == {"least": 0, "mean": 1.33, "most": 2}
    assert report["classes without clips"] == ["bowling"]
    assert report["clips without a label"] == 1
    assert report["status"] == {"missing": 1, "ok": 3, "short": 1}
    assert report["seconds"] == {"least": 3.0, "mean": 8.12, "most": 10.0}
    assert "classes without clips  bowling" in str(report)
    assert kf.Dataset([]).report() == {"clips": 0}


def test_a_data_set_pickles() -> None:
    dataset = pickle.loads(pickle.dumps(small()[1:]))
    assert list(dataset) == list(small()[1:])
    assert repr(dataset) == "Dataset(4 clips, 3 classes)"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    names = [
        "b/2.mp4",
        "b/10.MP4",
        "a b/deep/x.mkv",
        "b/._2.mp4",
        "b/3.mp4.part",
        "b/notes.txt",
        "b/.hidden.mp4",
    ]
    for name in [*names, "empty/.keep"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "b" / "broken.mp4").symlink_to("nowhere.mp4")
    (tmp_path / "b" / "loop").symlink_to(tmp_path)
    return tmp_path


def test_from_folder_takes_videos_of_class_folders_in_order(tree: Path) -> None:
    dataset = kf.Dataset.from_folder(tree)
    assert dataset.classes == ("a b", "b", "empty")
    found = [(Path(str(record.source)).relative_to(tree).as_posix(), record.label) for record in dataset]
    assert found == [("a b/deep/x.mkv", 0), ("b/10.MP4", 1), ("b/2.mp4", 1)]
    assert len(kf.Dataset.from_folder(tree, extensions=[".MKV"])) == 1
    assert kf.Dataset.from_folder(tree / "a b" / "deep").labels.tolist() == [-1]


def test_from_folder_says_what_is_wrong(tree: Path) -> None:
    with pytest.raises(FileNotFoundError):
        kf.Dataset.from_folder(tree / "nowhere")
    with pytest.raises(ValueError, match="no videos; the folder contains 1 x hidden file or folder"):
        kf.Dataset.from_folder(tree / "empty")
    with pytest.raises(ValueError, match=r"'\.mp4', got 'mp4'"):
        kf.Dataset.from_folder(tree, extensions=["mp4"])
    (tree / "stray.mp4").touch()
    with pytest.raises(ValueError, match=r"stray\.mp4 lies beside the class folders"):
        kf.Dataset.from_folder(tree)


def lists(folder: Path, text: str) -> Path:
    path = folder / "list.txt"
    path.write_text(text)
    return path


def test_from_list_splits_from_the_right(tmp_path: Path) -> None:
    path = lists(tmp_path, "air drumming/a b.mp4 0\n\n/abs/c.mp4\t12\n  d.mp4   3 \n")
    dataset = kf.Dataset.from_list(path, root="/data")
    assert [record.source for record in dataset] == [
        "/data/air drumming/a b.mp4",
        "/abs/c.mp4",
        "/data/d.mp4",
    ]
    assert dataset.labels.tolist() == [0, 12, 3]


def test_from_list_reads_other_fields_and_separators(tmp_path: Path) -> None:
    slowfast = lists(tmp_path, "my clip.mp4 300 7\n")
    dataset = kf.Dataset.from_list(slowfast, fields=("path", "frames", "label"))
    assert dataset[0] == kf.Record("my clip.mp4", 7)
    commas = lists(tmp_path, "my clip.mp4,1\n")
    assert kf.Dataset.from_list(commas, separator=",", classes="ab")[0] == kf.Record("my clip.mp4", 1)
    unlabelled = lists(tmp_path, "my clip.mp4\n")
    assert kf.Dataset.from_list(unlabelled, fields=["path"])[0] == kf.Record("my clip.mp4")


def test_from_list_says_which_line_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"list\.txt, line 2: 'b\.mp4' is not 'path label'"):
        kf.Dataset.from_list(lists(tmp_path, "a.mp4 0\nb.mp4\n"))
    with pytest.raises(ValueError, match=r"line 1: the label must be a number, got 'clip\.mp4'"):
        kf.Dataset.from_list(lists(tmp_path, "my clip.mp4\n"))
    with pytest.raises(ValueError, match="label 3, but there are 2 classes"):
        kf.Dataset.from_list(lists(tmp_path, "a.mp4 3\n"), classes=["x", "y"])


def test_from_csv_takes_the_named_columns(tmp_path: Path) -> None:
    path = tmp_path / "clips.csv"
    path.write_text(
        '\ufeffname,class,t0,t1,state,seconds\n"b, 1.mp4",zumba,2.5,,ok,9\n'
        'c.mp4,"a, b",,8,short,\nd.mp4,,,,ok,3\n'
    )
    dataset = kf.Dataset.from_csv(
        path,
        "/data",
        path="name",
        label="class",
        start="t0",
        end="t1",
        id="name",
        columns=["state", "seconds"],
    )
    assert dataset.classes == ("a, b", "zumba")
    assert list(dataset) == [
        kf.Record("/data/b, 1.mp4", 1, 2.5, None, "b, 1.mp4"),
        kf.Record("/data/c.mp4", 0, None, 8.0, "c.mp4"),
        kf.Record("/data/d.mp4", None, None, None, "d.mp4"),
    ]
    assert dataset.column("state").tolist() == ["ok", "short", "ok"]
    np.testing.assert_array_equal(dataset.column("seconds"), [9, np.nan, 3])


def test_from_csv_keeps_numbers_as_labels(tmp_path: Path) -> None:
    path = tmp_path / "clips.csv"
    path.write_text("path;label\na.mp4;7\nb.mp4;0\n")
    dataset = kf.Dataset.from_csv(path, delimiter=";")
    assert (dataset.labels.tolist(), dataset.classes) == ([7, 0], ())
    assert kf.Dataset.from_csv(path, delimiter=";", label=None)[0] == kf.Record("a.mp4")
    with pytest.raises(ValueError, match=r"clips\.csv: label 7, but there are 2 classes"):
        kf.Dataset.from_csv(path, delimiter=";", classes=["x", "y"])


def test_from_csv_says_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "clips.csv"
    path.write_text("path,label,t\na.mp4,zumba,0\nb.mp4,zumba\n")
    with pytest.raises(ValueError, match="no column 'file'; its header is path, label, t"):
        kf.Dataset.from_csv(path, path="file")
    with pytest.raises(
        ValueError, match=r"clips\.csv: a row has 2 cells, but the header has 3: b\.mp4,zumba$"
    ):
        kf.Dataset.from_csv(path, start="t")
    with pytest.raises(ValueError, match="'zumba' is not one of the 1 classes"):
        kf.Dataset.from_csv(path, classes=["bowling"])
    path.write_text("path,label,t\na.mp4,zumba,soon\n")
    with pytest.raises(ValueError, match="row 1: t must be a number, got 'soon'"):
        kf.Dataset.from_csv(path, start="t")
