"""`kinetics-fast download` asks for consent, reports to people and machines, and returns an exit code."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

import kinetics_fast as kf
from kinetics_fast.cli.commands.download import download
from kinetics_fast.cli.main import main
from support.child import Child
from support.kinetics_host import (
    LABELS,
    Tree,
    add_k400_val,
    add_list,
    clips,
    labels_csv,
    path_of,
    tar_gz,
    tree,
)
from support.misbehaving_server import Host, serving
from support.troubles import Trouble

COMMAND = "import typer; from kinetics_fast.cli.commands.download import download; typer.run(download)"
VAL = ("--split", "val", "--content", "videos")
PART = path_of("400/val/part_0.tar.gz")
app = typer.Typer()
app.command()(download)


def _hidden(host: Host) -> list[str]:
    return ["--mirror", f"{host.url}/kinetics", "--first-wait", "0.002"]


def _run(host: Host, version: str, root: Path, *options: str) -> Result:
    return CliRunner().invoke(app, [version, str(root), *options, "--accept-terms", *_hidden(host)])


def test_nothing_is_asked_of_a_server_before_the_terms_are_accepted(host: Host, tmp_path: Path) -> None:
    add_k400_val(host)
    result = CliRunner().invoke(app, ["k400", str(tmp_path), *VAL, *_hidden(host)])
    assert result.exit_code == 5
    for words in ("CC BY 4.0", "neither a canonical catalogue", "YouTube", "--accept-terms"):
        assert words in result.stderr
    assert host.asked == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("answer", "code"), [("n", 5), ("y", 0)])
def test_on_a_terminal_it_asks(host: Host, tmp_path: Path, answer: str, code: int) -> None:
    add_k400_val(host)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", COMMAND, "k400", str(tmp_path), *VAL, *_hidden(host)]
    process = subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    os.write(ours, f"{answer}\n".encode())
    _, words = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert process.returncode == code, words
    assert b"Do you accept this?" in words
    assert bool(host.asked) == (code == 0)


def test_the_account_for_machines(host: Host, tmp_path: Path) -> None:
    add_k400_val(host, archives=3)
    host.troubles[path_of("400/val/part_1.tar.gz")] = [Trouble(status=404)] * 3
    result = _run(host, "k400", tmp_path, *VAL, "--json")
    assert result.exit_code == 1
    account = json.loads(result.stdout)
    assert account["version"] == "400"
    assert account["root"] == str(tmp_path)
    assert [file["state"] for file in account["files"]] == ["fetched", "failed", "fetched"]
    assert account["files"][0] == {
        "name": "val/part_0.tar.gz",
        "url": "https://s3.amazonaws.com/kinetics/400/val/part_0.tar.gz",
        "state": "fetched",
        "error": None,
    }
    assert "404" in account["files"][1]["error"]
    assert json.loads(_run(host, "k400", tmp_path, *VAL, "--json").stdout)["files"][1]["state"] == "fetched"


def test_the_account_for_people(host: Host, tmp_path: Path) -> None:
    add_k400_val(host, archives=2)
    host.troubles[PART] = [Trouble(status=404)] * 3
    result = _run(host, "k400", tmp_path, *VAL)
    assert "2 files: 1 fetched, 1 failed" in result.stdout
    assert "run the same command again" in result.stdout
    assert "val/part_0.tar.gz: https://s3.amazonaws.com" in result.stderr
    result = _run(host, "k400", tmp_path, *VAL)
    assert result.exit_code == 0
    assert "2 files: 1 there, 1 fetched" in result.stdout
    assert f"next: kinetics-fast scan {tmp_path}" in result.stdout


def test_listing_fetches_nothing_and_changes_nothing(host: Host, tmp_path: Path) -> None:
    add_k400_val(host, archives=2)
    _run(host, "k400", tmp_path, *VAL)
    (tmp_path / "archives/val/part_1.tar.gz").unlink()
    before = tree(tmp_path)
    host.asked.clear()
    listed = json.loads(_run(host, "k400", tmp_path, *VAL, "--list", "--json").stdout)
    size = len(host.files[path_of("400/val/part_1.tar.gz")])
    assert [(file["name"], file["state"]) for file in listed["files"]] == [
        ("val/part_0.tar.gz", "there"),
        ("val/part_1.tar.gz", "to fetch"),
    ]
    assert listed["bytes_to_fetch"] == listed["files"][1]["size"] == size
    assert {asked.method for asked in host.asked if asked.path.endswith(".gz")} == {"HEAD"}
    assert tree(tmp_path) == before
    shown = _run(host, "k400", tmp_path, *VAL, "--list")
    assert "part_1.tar.gz" in shown.stdout
    assert "to fetch" in shown.stdout
    assert "CC BY 4.0" in shown.stderr


def test_everything_of_a_version(host: Host, tmp_path: Path) -> None:
    expected: Tree = {}
    for i, split in enumerate(("train", "val", "test")):
        files = clips(split, 100 * i, 2, size=2000)
        add_list(host, "400", split, {"part_0.tar.gz": tar_gz(files)})
        expected |= {f"{split}/{name}": data for name, data in files.items()}
        expected[f"annotations/{split}.csv"] = labels_csv(split, {100 * i: LABELS[0]})
    replacement = {"replacement_for_corrupted_k400/-0000000000.mp4": b"replacement"}
    expected |= {f"replacement/{name}": data for name, data in replacement.items()}
    expected["readme.md"] = b"# <b>Kinetics</b>"
    for name in ("annotations/train.csv", "annotations/val.csv", "annotations/test.csv", "readme.md"):
        host.files[path_of(f"400/{name}")] = expected[name]
    host.files[path_of("400/replacement_for_corrupted_k400.tgz")] = tar_gz(replacement)
    result = _run(host, "400", tmp_path, "--extract", "--discard-archives")
    assert result.exit_code == 0, result.output
    assert tree(tmp_path) == expected


def test_some_classes_by_the_annotations(host: Host, tmp_path: Path) -> None:
    files = clips("val", 0, 4, size=2000)
    add_list(host, "700_2020", "val", {"k700_val_001.tar.gz": tar_gz(files, prefix="a folder/")})
    labels = dict(enumerate([LABELS[0], LABELS[1], "zumba", LABELS[1]]))
    host.files[path_of("700_2020/annotations/val.csv")] = labels_csv("val", labels)
    options = (*VAL, "--extract", "--discard-archives", "--class", "Mountain_climber_exercise")
    assert _run(host, "k700-2020", tmp_path, *options).exit_code == 0
    names = list(files)
    expected = {f"val/a folder/{names[i]}": files[names[i]] for i in (1, 3)}
    assert tree(tmp_path) == expected
    # Another class later: the archive is fetched again, and the earlier clips stay.
    assert _run(host, "k700-2020", tmp_path, *options, "--class", "zumba").exit_code == 0
    assert tree(tmp_path) == {**expected, f"val/a folder/{names[2]}": files[names[2]]}
    wrong = _run(host, "k700-2020", tmp_path, *options, "--class", "mountain climbing")
    assert wrong.exit_code == 2
    assert "did you mean 'mountain climber (exercise)'" in " ".join(wrong.stderr.replace("│", " ").split())


def test_some_classes_of_the_replacements_for_broken_clips(host: Host, tmp_path: Path) -> None:
    files = clips("train", 0, 3, size=2000)
    names = list(files)
    add_list(host, "400", "train", {"part_0.tar.gz": tar_gz(files)})
    replacement = {f"r/{names[0][:11]}.mp4": b"0", f"r/{names[1]}": b"1", f"r/{names[2][:11]}_x.mp4": b"2"}
    host.files[path_of("400/replacement_for_corrupted_k400.tgz")] = tar_gz(replacement)
    labels = {0: LABELS[0], 1: LABELS[1], 2: LABELS[0]}
    host.files[path_of("400/annotations/train.csv")] = labels_csv("train", labels)
    options = ("--split", "train", "--content", "videos", "--extract", "--discard-archives")
    assert _run(host, "k400", tmp_path, *options, "--class", LABELS[0]).exit_code == 0
    wanted = {f"train/{names[i]}": files[names[i]] for i in (0, 2)}
    stand_ins = {name: data for name, data in replacement.items() if data != b"1"}
    assert tree(tmp_path) == wanted | {f"replacement/{name}": data for name, data in stand_ins.items()}


def test_some_classes_by_archive(host: Host, tmp_path: Path) -> None:
    add_list(host, "600", "train", {f"{label}.tar.gz": tar_gz(clips(label, 0, 1)) for label in LABELS})
    result = _run(host, "k600", tmp_path, "--split", "train", "--content", "videos", "--class", LABELS[1])
    assert result.exit_code == 0
    assert list(tree(tmp_path)) == [f"archives/train/{LABELS[1]}.tar.gz"]


def test_downstream_annotations_are_unpacked(host: Host, tmp_path: Path) -> None:
    ava, countix = (path_of(f"700_2020/annotations/{n}.tar.gz") for n in ("ava_kinetics_v1_0", "countix"))
    host.files[ava] = tar_gz({"ava_kinetics_v1_0/kinetics_val_v1.0.csv": b"a,b\n"})
    host.files[countix] = tar_gz({"countix_val.csv": b"c,d\n"})
    result = _run(host, "k700-2020", tmp_path, "--content", "ava-kinetics", "--content", "countix")
    assert result.exit_code == 0, result.output
    assert tree(tmp_path) == {
        "annotations/ava_kinetics_v1_0/kinetics_val_v1.0.csv": b"a,b\n",
        "annotations/countix/countix_val.csv": b"c,d\n",
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["k700"], "400, 600, 700-2020"),
        (["k400", "--content", "countix"], "k700-2020"),
        (["k400", "--discard-archives"], "--extract"),
        (["k400", "--class", "abseiling"], "--extract"),
        (["k600", "--class", "abseiling"], "--split"),
        (["k400", "--class", "abseiling", "--content", "annotations"], "--content videos"),
        (["k400", "--jobs", "0"], "--jobs"),
        (["k400", "--split", "dev"], "--split"),
    ],
)
def test_data_that_is_not_available_is_refused_with_advice(
    host: Host, tmp_path: Path, arguments: list[str], words: str
) -> None:
    result = _run(host, arguments[0], tmp_path, *arguments[1:])
    assert result.exit_code == 2
    assert words in result.stderr
    assert host.asked == []


@pytest.mark.parametrize(("version", "split"), [("400", "validate"), ("kinetics-400", "val")])
def test_versions_and_splits_have_the_spellings_of_the_python_interface(
    host: Host, tmp_path: Path, version: str, split: str
) -> None:
    clips_of_val = add_k400_val(host)
    result = _run(host, version, tmp_path, "--split", split, "--content", "videos", "--extract")
    assert result.exit_code == 0, result.output
    assert set(clips_of_val) <= set(tree(tmp_path))


def test_what_the_download_advises_next_gives_a_labelled_data_set(host: Host, tmp_path: Path) -> None:
    add_k400_val(host)
    labels = {number: LABELS[number % 2] for number in range(6)}
    host.files[path_of("400/annotations/val.csv")] = labels_csv("val", labels)
    host.files[path_of("400/readme.md")] = b"# Kinetics"
    root = tmp_path / "data"
    result = _run(host, "k400", root, "--split", "val", "--extract")
    assert result.exit_code == 0, result.output
    advice = result.stdout.splitlines()[-1]
    assert advice == f"next: kinetics-fast scan {root}"
    assert main(advice.split()[2:]) == 1  # the clips are noise, not videos
    labelled = kf.Dataset.from_index(root, split="validate", status=None)
    assert [labelled.classes[label] for label in labelled.labels] == list(labels.values())
    assert kf.Kinetics(root, split="val").version == "400"


def test_two_versions_do_not_share_a_folder(host: Host, tmp_path: Path) -> None:
    add_k400_val(host)
    _run(host, "k400", tmp_path, *VAL)
    result = _run(host, "k600", tmp_path, *VAL)
    assert result.exit_code == 2
    assert "holds k400" in " ".join(result.stderr.replace("│", " ").split())


def test_a_host_that_is_not_there_is_an_error_in_words(tmp_path: Path) -> None:
    with serving() as gone:
        pass
    result = _run(gone, "k400", tmp_path, *VAL)
    assert result.exit_code == 3
    assert "k400_val_path.txt" in result.stderr
    assert "try again later" in result.stderr


def test_a_list_that_is_a_web_page_is_an_error_in_words(host: Host, tmp_path: Path) -> None:
    host.troubles[path_of("400/val/k400_val_path.txt")] = [Trouble(web_page=True)]
    result = _run(host, "k400", tmp_path, *VAL)
    assert result.exit_code == 3
    assert "not a list of archives" in result.stderr


def test_without_its_packages_it_says_what_to_install(tmp_path: Path, child: Child) -> None:
    script = """
import sys
sys.modules["httpx"] = None
from typer.testing import CliRunner
import typer
from kinetics_fast.cli.commands.download import download
app = typer.Typer()
app.command()(download)
result = CliRunner().invoke(app, ["k400", sys.argv[1]])
print(result.exit_code, result.stderr)
"""
    assert (
        child(script, tmp_path)
        == "3 kinetics-fast: this command needs httpx: pip install 'kinetics-fast[download]'\n\n"
    )
