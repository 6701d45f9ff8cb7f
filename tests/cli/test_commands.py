"""Commands import only their own packages, name missing packages, and return the documented exit codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from kinetics_fast.cli.app import COMMANDS
from kinetics_fast.cli.main import main
from videos import media

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
    ("package", "extra"), [("typer", "cli"), ("pyarrow", "scan"), ("PIL", "cli"), ("httpx", "download")]
)
def test_a_missing_package_is_named_with_the_command_that_brings_it(
    child: Child, tmp_path: Path, package: str, extra: str
) -> None:
    arguments = {
        "typer": ["info", "x.mp4"],
        "pyarrow": ["scan", str(tmp_path)],
        "PIL": ["show", str(media.make("open_gop.mp4"))],
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
