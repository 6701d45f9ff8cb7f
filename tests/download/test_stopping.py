"""Ctrl-C stops a transfer at once, and a second run in the same folder is refused."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import typer
from typer.testing import CliRunner, Result

from kinetics_fast.cli.commands.download import download
from support.kinetics_host import add_k400_val, path_of, tree
from support.misbehaving_server import Host
from support.troubles import Trouble

COMMAND = "import typer; from kinetics_fast.cli.commands.download import download; typer.run(download)"
PART = path_of("400/val/part_0.tar.gz")
app = typer.Typer()
app.command()(download)


def _arguments(host: Host, root: Path) -> list[str]:
    options = ["--split", "val", "--content", "videos", "--accept-terms"]
    return ["k400", str(root), *options, "--mirror", f"{host.url}/kinetics", "--first-wait", "0.002"]


def _run(host: Host, root: Path) -> Result:
    return CliRunner().invoke(app, _arguments(host, root))


def _start(host: Host, root: Path) -> tuple[subprocess.Popen[str], threading.Event]:
    """Start a run; its server sends some bytes and then nothing more."""
    add_k400_val(host, archives=2)
    host.troubles[PART] = [Trouble(hang_after=20_000)]
    silent = threading.Event()
    host.on_bytes = lambda served: silent.set() if served > 100_000 else None
    command = [sys.executable, "-c", COMMAND, *_arguments(host, root)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert silent.wait(60)
    return process, silent


def test_ctrl_c_ends_it_at_once_and_says_how_to_go_on(host: Host, tmp_path: Path) -> None:
    process, _ = _start(host, tmp_path)
    process.send_signal(signal.SIGINT)
    _, words = process.communicate(timeout=20)  # without Ctrl-C, a silent server is waited for 30 s
    assert process.returncode == 130
    assert "interrupted; run the same command again" in words
    assert "Traceback" not in words
    assert _run(host, tmp_path).exit_code == 0
    assert tree(tmp_path) == {
        f"archives/val/part_{i}.tar.gz": host.files[path_of(f"400/val/part_{i}.tar.gz")] for i in (0, 1)
    }


def test_two_runs_do_not_work_on_one_folder(host: Host, tmp_path: Path) -> None:
    process, _ = _start(host, tmp_path)
    second = _run(host, tmp_path)
    assert second.exit_code == 3
    assert "another download works on" in second.stderr
    process.kill()
    process.communicate()
    assert _run(host, tmp_path).exit_code == 0
