"""Commands import only their own packages, name missing packages, and return the documented exit codes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from kinetics_fast.cli.app import COMMANDS
from kinetics_fast.cli.main import main
from videos import media
from videos.ffmpeg_cli import Facts

if TYPE_CHECKING:
    from pathlib import Path

    from support.child import Child

pytestmark = pytest.mark.ffmpeg

HELP = """
import sys
from kinetics_fast.cli import main
assert main(["--help"]) == 0
print(sorted({"pyarrow", "PIL", "httpx", "ffmpeg"} & set(sys.modules)))
"""
IN_A_TERMINAL = """
import os, pty, sys
os.environ["COLUMNS"] = sys.argv[1]
command = "import sys; from kinetics_fast.cli import main; main(sys.argv[1:])"
pty.spawn([sys.executable, "-c", command, *sys.argv[2:]])
"""
WITHOUT = """
import sys
sys.modules[sys.argv[1]] = None  # as if it were not installed
from kinetics_fast.cli import main
sys.stderr = sys.stdout
print(main(sys.argv[2:]))
"""


def test_help_names_every_command_and_imports_none_of_their_packages(child: Child) -> None:
    said = child(HELP)
    assert all(f" {name} " in said for name in COMMANDS)
    assert said.strip().endswith("[]")


@pytest.mark.parametrize(
    ("package", "extra"),
    [
        ("typer", "all"),
        ("rich", "all"),
        ("pyarrow", "scan"),
        ("PIL", "cli"),
        ("httpx", "download"),
        ("ffmpeg", "prepare"),
    ],
)
def test_a_missing_package_is_named_with_the_command_that_brings_it(
    child: Child, tmp_path: Path, package: str, extra: str
) -> None:
    arguments = {
        "typer": ["info", "x.mp4"],
        "rich": ["demo"],
        "pyarrow": ["scan", str(tmp_path)],
        "PIL": ["show", str(media.make("open_gop.mp4"))],
        "ffmpeg": ["prepare", str(tmp_path), str(tmp_path / "target")],
        "httpx": ["download", "k400", str(tmp_path / "k400"), "--accept-terms", "--split", "val"],
    }
    said = child(WITHOUT, package, *arguments[package])
    assert f"pip install 'kinetics-fast[{extra}]'" in said
    assert package in said
    assert said.strip().endswith("3")


def test_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    video = str(media.make("open_gop.mp4"))
    assert main(["info", video]) == 0
    assert main(["info", video, str(tmp_path / "missing.mp4")]) == 1
    assert main(["info"]) == 2
    assert main(["no-such-command"]) == 2
    assert main(["report", str(tmp_path)]) == 3
    assert "kinetics-fast: " in capsys.readouterr().err


@pytest.mark.parametrize("columns", ["80", "2000"])
def test_tables_show_whole_names_at_any_width(tmp_path: Path, columns: str, child: Child) -> None:
    names = [f"{letter * 60}.mp4" for letter in "ab"]
    for name in names:
        (tmp_path / name).symlink_to(media.make("open_gop.mp4"))
    said = child(IN_A_TERMINAL, columns, "info", *(str(tmp_path / name) for name in names))
    lines = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", said).splitlines()
    assert max(map(len, lines)) <= int(columns)
    joined = "".join(line.strip() for line in lines)
    for name in names:
        assert name in joined
    assert joined.count("128x96") == 2
    assert "…" not in joined


def test_help_fits_eighty_columns_and_shows_whole_sentences(child: Child) -> None:
    for arguments in ([], *([name] for name in COMMANDS)):
        lines = child(IN_A_TERMINAL, "80", *arguments, "--help").splitlines()
        assert max(map(len, lines)) <= 80
        assert not any(line.endswith("...") for line in lines if not line.startswith("Usage:"))
        assert not any("list[" in line or "<bool>" in line for line in lines)


def test_a_missing_folder_or_index_is_named_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(tmp_path)]) == 3
    said = capsys.readouterr().err
    assert "Errno" not in said
    assert f"{tmp_path / 'kinetics-fast.arrow'}: there is no index" in said


def test_demo_and_info_tell_damage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = media.make("open_gop.mp4")
    nal = Facts(whole).packets[0].nals[-1].data
    data = whole.read_bytes()
    begin, end = data.index(nal) + len(nal) // 2, data.index(nal) + len(nal)
    data = data[:begin] + bytes(end - begin) + data[end:]
    (tmp_path / "damaged.mp4").write_bytes(data)
    assert main(["info", str(tmp_path / "damaged.mp4")]) == 1
    said = capsys.readouterr()
    assert "damaged.mp4" in said.err
    assert "h264" in said.out
    assert main(["info", "--json", str(tmp_path / "damaged.mp4")]) == 1
    (facts,) = json.loads(capsys.readouterr().out)
    assert facts["window"]["damage"] in said.err
    assert main(["demo", str(tmp_path), "--out", str(tmp_path / "demo.png")]) in (0, 1)  # it draws its clips
    (tmp_path / "text.mp4").write_bytes(b"text")
    assert main(["demo", str(tmp_path), "--out", str(tmp_path / "demo.png")]) == 1


def test_info_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "--json", str(media.make("open_gop.mp4"))]) == 0
    (facts,) = json.loads(capsys.readouterr().out)
    assert (facts["codec"], facts["width"], facts["height"], facts["frames"]) == ("h264", 128, 96, 60)
    assert facts["keyframes"][0] == 0
    window = facts["window"]
    assert window["packets_sent"] + window["packets_dropped"] <= 60
    assert window["packets_sent"] >= 8  # some of the 16 frames repeat the last one
    assert 0 < window["bytes_read"] <= media.make("open_gop.mp4").stat().st_size


def test_info_shows_the_stream_that_is_read_and_the_properties_of_its_pictures(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = str(media.make("anamorphic_turned.mp4"))
    assert main(["info", "--json", path]) == 0
    (facts,) = json.loads(capsys.readouterr().out)
    assert (facts["sample_aspect_ratio"], facts["field_order"]) == ("11:16", "progressive")
    assert facts["color"]["chroma_location"] == "left"
    assert facts["bit_rate"] > 0
    assert main(["info", path]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "pixels of 11:16, progressive" in shown
    assert "primaries unknown" in shown
    assert main(["info", "--json", str(media.make("two_streams.mkv"))]) == 0
    (facts,) = json.loads(capsys.readouterr().out)
    assert [stream["read"] for stream in facts["streams"]] == [True, False]


@pytest.mark.parametrize("crop", ["center", "three", "random", "random-resized", "resize"])
def test_show_draws_the_boxes_of_a_crop(tmp_path: Path, crop: str) -> None:
    from PIL import Image

    plain, drawn = tmp_path / "plain.png", tmp_path / "drawn.png"
    options = ["show", str(media.make("open_gop.mp4")), "--frames", "4", "--start", "8", "--size", "48"]
    assert main([*options, "--out", str(plain)]) == 0
    assert main([*options, "--out", str(drawn), "--crop", crop]) == 0
    with Image.open(plain) as before, Image.open(drawn) as after:
        assert before.size == after.size
        assert before.tobytes() != after.tobytes()


def test_show_refuses_frames_that_are_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(media.make("open_gop.mp4")), "--start", "60"]) == 3
    assert "frames 0 to 59" in capsys.readouterr().err
