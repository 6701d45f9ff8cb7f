"""The version of Kinetics comes from the annotations, or is compared with them, and is never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

import kinetics_fast as kf
from kinetics_fast.datasets.annotations import recognised_version
from kinetics_fast.datasets.kinetics_names import VERSION_MARK, version_of, versions_named

HEADER = "label,youtube_id,time_start,time_end,split\n"


def write(root: Path, *classes: int, names: tuple[str, ...] = ("train", "val"), ending: str = ".csv") -> Path:
    """Write annotations in `root`: for each split a file with so many classes, one row per class."""
    folder = root / "annotations"
    folder.mkdir(parents=True, exist_ok=True)
    for name, count in zip(names, classes, strict=False):
        split = "val" if "val" in name else "train"
        rows = "".join(f"label {n},{n:011d},0,10,{split}\n" for n in range(count))
        (folder / f"{name}{ending}").write_text(HEADER + rows)
    return root


def mark(root: Path, version: str) -> None:
    (root / VERSION_MARK).parent.mkdir(parents=True, exist_ok=True)
    (root / VERSION_MARK).write_text(version)


@pytest.mark.parametrize("word", ["400", "k400", "K400", "kinetics400", "Kinetics-400", "kinetics_400"])
def test_a_version_has_one_meaning_in_every_spelling(tmp_path: Path, word: str) -> None:
    write(tmp_path, 3)
    assert kf.Kinetics(tmp_path, word).version == "400"


def test_spellings_of_other_versions() -> None:
    spelled = ["k700_2020", "700-2020", "kinetics700-2020", "Kinetics 700 2020", "AVA_Kinetics", "Countix"]
    assert [version_of(word) for word in spelled] == ["700-2020"] * 4 + ["ava-kinetics", "countix"]
    assert version_of(400) == "400"
    assert [version_of(word) for word in ("kk400", "4000", "401", "kinetics", "")] == [None] * 5
    assert versions_named("clips-2020") == versions_named("ucf101") == versions_named("ok4000") == set()


@pytest.mark.parametrize("word", ["val", "validate", "Validation"])
def test_a_split_has_one_meaning_in_every_spelling(tmp_path: Path, word: str) -> None:
    assert kf.Kinetics(write(tmp_path, 3, 2), "400", word).split == "val"


def test_wrong_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"version must be one of 400, .*, got '401'"):
        kf.Kinetics(tmp_path, version="401")
    with pytest.raises(ValueError, match=r"split must be one of train, val, test, got 'all'"):
        kf.Kinetics(tmp_path, split="all")
    with pytest.raises(FileNotFoundError, match="no annotations"):
        kf.Kinetics(tmp_path / "nowhere")


@pytest.mark.parametrize("version", ["400", "600", "700-2020"])
def test_a_download_marks_its_version(tmp_path: Path, version: str) -> None:
    mark(write(tmp_path, 3), version)
    assert kf.Kinetics(tmp_path).version == version
    (tmp_path / "train").mkdir()
    assert kf.Kinetics(tmp_path / "train").version == version
    with pytest.raises(ValueError, match=f"version: the annotations are of .*{version}, not of Kinetics-"):
        kf.Kinetics(tmp_path, "700" if version == "400" else "400")


@pytest.mark.parametrize("classes", [400, 600])
def test_the_number_of_classes_tells_the_version(tmp_path: Path, classes: int) -> None:
    write(tmp_path, classes, classes)
    assert kf.Kinetics(tmp_path).version == str(classes)
    with pytest.raises(ValueError, match=f"{classes} classes, but Kinetics-700-2020 has 700; pass another"):
        kf.Kinetics(tmp_path, "700-2020")


def test_a_text_file_beside_an_incomplete_table_is_of_600(tmp_path: Path) -> None:
    write(tmp_path, 600, ending=".txt")
    write(tmp_path, 300)
    kinetics = kf.Kinetics(tmp_path, "600")
    assert (kinetics.annotations.name, len(kinetics.classes)) == ("train.txt", 600)


def test_the_number_of_rows_separates_the_versions_of_700(tmp_path: Path) -> None:
    write(tmp_path, 700, names=("val",))
    with pytest.raises(
        ValueError, match="do not tell their version; pass version= \\(--version\\), one of 700, 700-2020"
    ):
        kf.Kinetics(tmp_path, split="val")
    rows = "".join(f"label {n % 700},{n:011d},0,10,val\n" for n in range(34_256))
    (tmp_path / "annotations" / "val.csv").write_text(HEADER + rows)
    assert kf.Kinetics(tmp_path, split="val").version == "700-2020"


@pytest.mark.parametrize(
    ("name", "version"), [("kinetics400_train", "400"), ("kinetics_700_2020_train", "700-2020")]
)
def test_the_name_of_the_file_tells_the_version(tmp_path: Path, name: str, version: str) -> None:
    write(tmp_path, 3, names=(name,))
    assert kf.Kinetics(tmp_path).version == version
    with pytest.raises(ValueError, match="not of Kinetics-600"):
        kf.Kinetics(tmp_path, "600", annotations=tmp_path / "annotations" / f"{name}.csv")


@pytest.mark.parametrize(
    ("folder", "version"), [("k400", "400"), ("Kinetics-600", "600"), ("k700_2020", "700-2020")]
)
def test_the_folder_decides_last(tmp_path: Path, folder: str, version: str) -> None:
    assert kf.Kinetics(write(tmp_path / folder, 3)).version == version


@pytest.mark.parametrize("folder", ["data", "k700"])
def test_nothing_is_guessed(tmp_path: Path, folder: str) -> None:
    write(tmp_path / folder, 3)
    with pytest.raises(ValueError, match="do not tell their version; pass version="):
        kf.Kinetics(tmp_path / folder)


def test_annotations_of_two_versions_are_not_guessed(tmp_path: Path) -> None:
    for version in ("400", "600"):
        write(tmp_path / "annotations" / f"kinetics{version}", int(version))
        for file in (tmp_path / "annotations" / f"kinetics{version}" / "annotations").iterdir():
            file.rename(file.parent.parent / file.name)
    with pytest.raises(ValueError, match="one of 400, 600"):
        kf.Kinetics(tmp_path)
    assert len(kf.Kinetics(tmp_path, "k600").classes) == 600


def test_more_classes_than_the_version_has_contradict_it(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="401 classes, but Kinetics-400 has 400"):
        kf.Kinetics(write(tmp_path, 401), "400")


def test_derived_annotations_tell_themselves(tmp_path: Path) -> None:
    (tmp_path / "kinetics_val_v1.0.csv").write_text("abcdefghijk,902.5,0.1,0.2,0.3,0.4,12\n")
    assert recognised_version(tmp_path, "val") == "ava-kinetics"
    with pytest.raises(ValueError, match="of AVA-Kinetics, not of Kinetics-400"):
        kf.Kinetics(tmp_path, "400", "val", tmp_path / "kinetics_val_v1.0.csv")
    header = "video_id,class,kinetics_start,kinetics_end,repetition_start,repetition_end,count\n"
    (tmp_path / "countix_train.csv").write_text(f"{header}abcdefghijk,squat,17,27,18.5,26,4\n")
    assert recognised_version(tmp_path, "train") == "countix"
    with pytest.raises(ValueError, match="of Countix, not of Kinetics-700"):
        kf.Kinetics(tmp_path, "700", annotations=tmp_path / "countix_train.csv")
    mark(tmp_path, "700-2020")
    assert kf.Kinetics(tmp_path, "countix").version == "countix"
    write(tmp_path, 3)
    assert recognised_version(tmp_path) == "700-2020"
