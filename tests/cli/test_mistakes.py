"""A mistake on the command line ends with a message that says what to do, and the documented exit code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from kinetics_fast.cli.main import main
from videos import media

pytestmark = pytest.mark.ffmpeg

INTERRUPTED = """
import sys
import kinetics_fast

class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == "kinetics_fast.cli.app":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupt())
from kinetics_fast.cli import main
print(main(["info", "a.mp4"]))
"""


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Change to a folder where pictures may be written."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["scan", "{root}", "--version", "400", "--split", "dev"], 2, "--split"),
        (["scan", "{root}", "--version", "701"], 2, "--version"),
        (["scan", "{root}", "--split", "val"], 3, "no annotations, such as val.csv"),
        (["scan", "{root}", "--annotations", "{root}"], 3, "no annotations, such as train.csv"),
        (["report", "{root}"], 3, "make one by kinetics-fast scan"),
        (["show", "{root}/none.arrow"], 3, "make one by kinetics-fast scan"),
        (["show", "{video}", "--seed", "-1"], 2, "--seed"),
        (["show", "{video}", "--frames", "10000000"], 3, "bytes"),
        (["report"], 2, "INDEX"),
    ],
)
@pytest.mark.usefixtures("elsewhere")
def test_mistakes_end_with_a_message_and_an_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, says: str
) -> None:
    places = {"root": tmp_path, "video": media.make("open_gop.mp4")}
    assert main([word.format(**places) for word in arguments]) == code
    said = capsys.readouterr()
    assert says in said.err
    assert said.out == ""


def test_an_interrupt_while_the_commands_are_imported_leaves_no_trace() -> None:
    command = [sys.executable, "-c", INTERRUPTED]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("130\n", "")


@pytest.mark.usefixtures("elsewhere")
def test_a_batch_is_shown_with_a_row_for_each_of_its_views(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from kinetics_fast.cli.inspection import show
    from kinetics_fast.cli.pictures.contact_sheet import save_contact_sheet

    for name in ("a/1.mp4", "b/2.mp4"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).symlink_to(media.make("open_gop.mp4"))
    assert main(["scan", str(tmp_path)]) == 0
    captions: list[str] = []
    monkeypatch.setattr(show, "save_contact_sheet", lambda *sheet: captions.extend(sheet[3]))
    index = str(tmp_path / "kinetics-fast.arrow")
    assert main(["show", index, "--crop", "three", "--size", "48", "--frames", "4"]) == 0
    assert len(captions) == 6
    assert captions[0] == captions[2] != captions[3] == captions[5]
    assert "6 views of 2 videos of 2" in capsys.readouterr().out
    monkeypatch.setattr(show, "save_contact_sheet", save_contact_sheet)
    picture = tmp_path / "sheet.png"
    assert main(["show", index, "--frames", "4", "--size", "48", "--out", str(picture)]) == 0
    with Image.open(picture) as sheet:
        assert sheet.width > sheet.height / 2


def test_a_folder_whose_name_has_no_letter_of_ours_is_not_taken_for_annotations(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "日本").mkdir()
    assert main(["scan", str(tmp_path), "--version", "400", "--split", "validate"]) == 3
    said = capsys.readouterr().err
    assert "400 val" in said
    assert "日本" not in said
