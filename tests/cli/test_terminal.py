"""No name, label or message of a file or server does anything to a terminal, also not through a pipe."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from kinetics_fast.cli.commands import download_output
from kinetics_fast.cli.main import main
from kinetics_fast.cli.terminal import escaped, failure, shown
from kinetics_fast.datasets.files.listing import list_files
from support.kinetics_host import add_list, clips, tar_gz
from support.misbehaving_server import Host, serving
from videos import media

pytestmark = [pytest.mark.ffmpeg, pytest.mark.skipif(sys.platform == "win32", reason="no such names there")]

ESCAPES = "\x1b[31m\x1b]0;owned\x07\x9b1m\b\r\x7f"
MARKS = "\u202e\u2066\u200f\u2028"
NAME = f"a{ESCAPES}{MARKS}\n[red]b:cat:"
SHOWN = r"a\x1b[31m\x1b]0;owned\x07\x9b1m\x08\r\x7f" + r"\u202e\u2066\u200f\u2028" + r"\n[red]b:cat:"
IN_A_TERMINAL = """
import os, pty, sys
command = "import sys; from kinetics_fast.cli import main; main(sys.argv[1:])"
sys.exit(os.waitstatus_to_exitcode(pty.spawn([sys.executable, "-c", command, *sys.argv[1:]])))
"""


def assert_harmless(text: str, *, lines: bool = True) -> None:
    """Check that a text has no character that a terminal obeys, but line ends."""
    bad = [char for char in text if not char.isprintable() and not (lines and char == "\n")]
    assert bad == []


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a data set whose folder, label, videos and archive have a hostile name."""
    folder = tmp_path / f"root{NAME}"
    (folder / NAME).mkdir(parents=True)
    shutil.copy(media.make("open_gop.mp4"), folder / NAME / f"{NAME}.mp4")
    (folder / NAME / f"{NAME} 2.mp4").write_bytes(b"text")
    (folder / f"{NAME}.tar").write_bytes(b"text")
    return folder


def test_what_does_not_print_is_written_as_in_python() -> None:
    assert escaped(NAME) == SHOWN
    assert (
        escaped("Grüße, 日本 \N{THUMBS UP SIGN} [red] \\x1b") == "Grüße, 日本 \N{THUMBS UP SIGN} [red] \\x1b"
    )
    assert escaped(os.fsdecode(b"a\xff")) == "a\\udcff"
    assert shown(NAME).plain == SHOWN
    assert_harmless(SHOWN, lines=False)


def test_a_failure_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert failure(f"no {NAME}").code == 3
    assert capsys.readouterr().err == f"kinetics-fast: no {SHOWN}\n"


def test_every_command_shows_names_escaped(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root.parent)
    good, bad = (str(root / NAME / f"{NAME}{ending}.mp4") for ending in ("", " 2"))
    commands = {
        ("info", good): 0,
        ("info", good, good, bad, f"{bad} 3"): 1,
        ("scan", str(root)): 1,
        ("report", str(root)): 1,
        ("show", good, "--out", f"{NAME}.png", "--frames", "2"): 0,
        ("show", str(root / "kinetics-fast.arrow"), "--out", f"{NAME}.png", "--frames", "2"): 0,
        ("show", bad): 3,
        ("report", str(root / f"{NAME}.tar")): 3,
        ("demo", str(root), "--out", f"{NAME}.png"): 1,
        ("scan", str(root / "none")): 2,
        ("no" + NAME,): 2,
    }
    for command, code in commands.items():
        assert main(command) == code, command
        printed = capsys.readouterr()
        assert_harmless(printed.out)
        assert_harmless(printed.err)
        if code in (0, 1, 3):
            assert SHOWN in printed.out + printed.err, command


def test_json_stays_json(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = str(root / NAME / f"{NAME}.mp4")
    assert main(["info", "--json", good]) == 0
    assert json.loads(capsys.readouterr().out)[0]["file"] == good
    assert main(["scan", "--json", str(root)]) == 1
    assert json.loads(capsys.readouterr().out)["index"] == str(root / "kinetics-fast.arrow")
    assert main(["report", "--json", str(root), "--gallery", "0"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert NAME in facts["classes"]


@pytest.mark.parametrize("command", ["info", "scan", "report"])
def test_a_terminal_gets_the_same(root: Path, command: str) -> None:
    assert main(["scan", str(root)]) == 1
    arguments = list_files(root)[:] * 2 if command == "info" else [str(root)]
    done = subprocess.run(
        [sys.executable, "-c", IN_A_TERMINAL, command, *arguments],
        capture_output=True, check=False, stdin=subprocess.DEVNULL, env={**os.environ, "COLUMNS": "2000"},
    )  # fmt: skip
    printed = (done.stdout + done.stderr).decode()
    assert SHOWN in printed
    for part in ("\x1b]0;", "\x9b", "\u202e", "\u2066", "\u2028", "\x7f"):
        assert part not in printed


def test_names_of_a_server_are_shown_escaped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = NAME.replace("\n", "").replace("\r", "").replace("\u2028", "")
    with serving() as host:
        add_list(
            host, "400", "val", {f"{name}.tar.gz": tar_gz(clips("val", 0, 1)), f"{name}2.tar.gz": b"text"}
        )
        options = ["--mirror", f"{host.url}/kinetics", "--first-wait", "0", "-y", "--split", "val"]
        command = ["download", "k400", str(tmp_path / NAME), "--content", "videos", *options]
        for code, more in ((0, ["--list"]), (1, [])):
            assert main([*command, *more]) == code
            printed = capsys.readouterr()
            assert_harmless(printed.out)
            assert_harmless(printed.err)
            assert escaped(name) in printed.out + printed.err
        assert main([*command, "--json"]) == 1
        assert json.loads(capsys.readouterr().out)["root"] == str(tmp_path / NAME)
        assert_bars_are_harmless(host, command, monkeypatch, capsys)


def assert_bars_are_harmless(
    host: Host, command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Forced(Console):
        def __init__(self, *, stderr: bool) -> None:
            super().__init__(stderr=stderr, force_terminal=True, width=300, color_system=None)

    monkeypatch.setattr(download_output, "Console", Forced)
    host.troubles.clear()
    assert main(command) == 1
    printed = capsys.readouterr()
    for part in ("\x1b]0;", "\x9b", "\u202e", "\u2066", "\x1b[31m"):
        assert part not in printed.err
    assert r"\x1b]0;owned" in printed.err
    assert "[red]b:cat:" in printed.err
