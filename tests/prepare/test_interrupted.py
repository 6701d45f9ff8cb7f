"""Whatever ends a run, the next run goes on, and the result is that of a run that nothing has disturbed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import kinetics_fast as kf
from kinetics_fast.cli.main import main
from support.preparing import PREPARED, contents_of, files_of, six_seconds, small_sources

pytestmark = pytest.mark.ffmpeg

PREPARE = "import sys; from kinetics_fast.cli import main; sys.exit(main(['prepare', *sys.argv[1:]]))"


def _start(*arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", PREPARE, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _run_here(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main(["prepare", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out + said.err


def _run(*arguments: object) -> tuple[int, str]:
    with _start(*arguments) as process:
        out, err = process.communicate(timeout=100)
    assert process.returncode is not None
    return process.returncode, (out + err).decode()


def test_two_runs_at_once_do_not_disturb_each_other(sources: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    runs = [_start(sources, target) for _ in range(2)]
    codes = [process.wait(100) for process in runs]
    words = [(process.communicate()[0] or b"") for process in runs]
    assert 1 in codes, (
        words
    )  # the run that got the lock names the bad clip; the other one gave up or came after
    assert set(codes) <= {1, 3}
    assert files_of(target) == PREPARED
    kf.prepare(sources, tmp_path / "alone")
    assert contents_of(target) == contents_of(tmp_path / "alone")


def test_a_run_beside_another_is_told_so(sources: Path, tmp_path: Path) -> None:
    from kinetics_fast.preparation.workspace import Part, Workspace

    with (
        Workspace(tmp_path / "target", Part()).locked(),
        pytest.raises(RuntimeError, match="another run is preparing"),
    ):
        kf.prepare(sources, tmp_path / "target")


def test_ctrl_c_ends_ffmpeg_and_leaves_no_unfinished_file(tmp_path: Path) -> None:
    sources, target = tmp_path / "sources", tmp_path / "target"
    _slow_sources(sources, 6)
    with _start(sources, target, "--x264", "preset=placebo") as process:
        scratch = _wait_for(target / ".kinetics-fast-prepare", "scratch-*/*.mp4")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert not scratch.exists()
    assert not _running_for(target)
    assert not list(target.glob("*.mp4")) or contents_of(target)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 64 kB, which holds some of the prepared clips."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("only root may mount a small disk")
    yield disk
    subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize("shards", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_full_disk_stops_the_run_and_the_next_goes_on(
    small_disk: Path, tmp_path: Path, shards: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    sources, target = tmp_path / "sources", small_disk / "target"
    _slow_sources(sources, 4)
    options = ["--shard-size", "1.2"] if shards else []
    code, words = _run_here(capsys, sources, target, *options)
    assert code == 4, words
    assert "is full; make room and run the same command again" in words
    assert "Traceback" not in words
    complete = contents_of(target)
    subprocess.run(["mount", "-o", "remount,size=20m", small_disk], check=True)
    code, words = _run_here(capsys, sources, target, *options)
    assert code == 0, words
    _run_here(capsys, sources, tmp_path / "alone", *options)
    assert contents_of(target) == contents_of(tmp_path / "alone")
    assert complete.items() <= contents_of(target).items()


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("shards", [False, True])
def test_killed_at_twenty_random_moments(tmp_path: Path, shards: bool) -> None:
    sources, target = tmp_path / "sources", tmp_path / "target"
    small_sources(sources)
    _slow_sources(sources / "more", 24)
    options = ["--shard-size", "1.2"] if shards else []
    begin = time.monotonic()
    assert _run(sources, tmp_path / "alone", *options)[0] == 1
    seconds = time.monotonic() - begin
    expected = contents_of(tmp_path / "alone")
    rng, kills = random.Random(20), 0
    while kills < 20:
        with _start(sources, target, *options) as process:
            time.sleep(rng.uniform(0, seconds / 2))
            kills += process.poll() is None
            process.kill()
        assert contents_of(target).items() <= expected.items()
        if kills % 7 == 6:  # begin again, so that kills hit every stage
            shutil.rmtree(target, ignore_errors=True)
    assert _run(sources, target, *options)[0] == 1
    assert contents_of(target) == expected
    assert not list((target / ".kinetics-fast-prepare").glob("scratch-*"))


def _slow_sources(folder: Path, count: int) -> None:
    """Make copies of one clip that differ in their last bytes."""
    folder.mkdir(parents=True)
    for number in range(count):
        free = b"\0\0\0\x0cfree" + number.to_bytes(4, "big")
        (folder / f"clip{number}.mp4").write_bytes(six_seconds().read_bytes() + free)


def _wait_for(folder: Path, pattern: str) -> Path:
    for _ in range(600):
        if found := list(folder.glob(pattern)):
            return found[0]
        time.sleep(0.05)
    raise AssertionError(f"nothing named {pattern} appeared in {folder}")


def _running_for(target: Path) -> list[str]:
    """Return the command lines of processes that write to a target."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if "libx264" in line and str(target) in line:
            lines.append(line)
    return lines
