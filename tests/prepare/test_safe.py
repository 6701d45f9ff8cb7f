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

import ffmpeg
import pytest

import kinetics_fast as kf
from kinetics_fast.cli.main import main
from support.preparing import contents_of, files_of, six_seconds, small_sources
from videos import ffmpeg_cli, media

pytestmark = pytest.mark.ffmpeg

PREPARE = "import sys; from kinetics_fast.cli import main; sys.exit(main(['prepare', *sys.argv[1:]]))"
EXPECTED = {"abseiling/one.mp4", "abseiling/two.mp4", "zumba/three.mp4", "kinetics-fast.arrow"}


def _start(*arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", PREPARE, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _run(*arguments: object) -> tuple[int, str]:
    with _start(*arguments) as process:
        out, err = process.communicate(timeout=100)
    assert process.returncode is not None
    return process.returncode, (out + err).decode()


def test_a_bad_clip_is_named_and_the_others_are_prepared(sources: Path, tmp_path: Path) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in sources.rglob("*.*")}
    prepared = kf.prepare(sources, tmp_path / "target")
    assert files_of(tmp_path / "target") == EXPECTED
    assert list(prepared.failures) == ["zumba/four.mp4"]
    assert (prepared.clips, prepared.prepared) == (4, 3)
    dataset = kf.Dataset.from_index(tmp_path / "target")
    assert [record.id for record in dataset] == ["one", "two", "three"]
    assert [dataset.classes[record.label] for record in dataset] == ["abseiling", "abseiling", "zumba"]
    assert before == {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in before}
    again = kf.prepare(sources, tmp_path / "target")
    assert (again.prepared, again.failures) == (0, prepared.failures)


def test_an_archive_that_cannot_be_read_is_named(sources: Path, tmp_path: Path) -> None:
    (sources / "zumba" / "four.mp4").unlink()
    (sources / "more.tar").write_bytes(b"no archive" * 100)
    prepared = kf.prepare(sources, tmp_path / "target")
    assert list(prepared.failures) == ["more.tar"]
    assert files_of(tmp_path / "target") == EXPECTED


def test_a_changed_source_and_a_lost_file_are_prepared_again(sources: Path, tmp_path: Path) -> None:
    kf.prepare(sources, tmp_path / "target")
    expected = contents_of(tmp_path / "target")
    shutil.copy(media.make("mpeg4.avi"), sources / "abseiling" / "one.mp4")
    (tmp_path / "target" / "zumba" / "three.mp4").unlink()
    assert kf.prepare(sources, tmp_path / "target").prepared == 2
    now = contents_of(tmp_path / "target")
    assert now["abseiling/one.mp4"] == expected["abseiling/two.mp4"]
    assert now["zumba/three.mp4"] == expected["zumba/three.mp4"]


@pytest.mark.parametrize("damage", [random.Random(1).randbytes(3000), bytes(40)], ids=["random", "zeros"])
def test_a_damaged_source_is_refused_also_where_ffmpeg_reports_nothing(damage: bytes, tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    data = bytearray(media.make("open_gop.mp4").read_bytes())
    middle = len(data) * 4 // 10
    data[middle : middle + len(damage)] = damage
    (sources / "damaged.mp4").write_bytes(data)
    prepared = kf.prepare(sources, tmp_path / "target")
    assert "of 60 frames are damaged" in prepared.failures["damaged.mp4"]
    assert files_of(tmp_path / "target") == {"kinetics-fast.arrow"}


def test_ffmpegs_words_are_the_reason(tmp_path: Path) -> None:
    prepared = kf.prepare(_with_wmv(tmp_path / "sources"), tmp_path / "target", audio="copy")
    assert list(prepared.failures) == ["sound.wmv"]
    assert prepared.failures["sound.wmv"].startswith("ffmpeg failed with exit code")
    assert "codec not currently supported in container" in prepared.failures["sound.wmv"]


def test_two_runs_at_once_do_not_disturb_each_other(sources: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    runs = [_start(sources, target) for _ in range(2)]
    codes = [process.wait(100) for process in runs]
    words = [(process.communicate()[0] or b"") for process in runs]
    assert 1 in codes, (
        words
    )  # the run that got the lock names the bad clip; the other one gave up or came after
    assert set(codes) <= {1, 3}
    assert files_of(target) == EXPECTED
    kf.prepare(sources, tmp_path / "alone")
    assert contents_of(target) == contents_of(tmp_path / "alone")


def test_a_run_beside_another_is_told_so(sources: Path, tmp_path: Path) -> None:
    from kinetics_fast.preparation.workspace import Part, Workspace

    with (
        Workspace(tmp_path / "target", Part()).locked(),
        pytest.raises(RuntimeError, match="another run is preparing"),
    ):
        kf.prepare(sources, tmp_path / "target")


def test_other_settings_are_refused(sources: Path, tmp_path: Path) -> None:
    kf.prepare(sources, tmp_path / "target")
    with pytest.raises(RuntimeError, match="was begun with recipe"):
        kf.prepare(sources, tmp_path / "target", short_side=64)


@pytest.mark.parametrize("target", [".", "inside", ".."])
def test_a_target_in_the_source_or_above_it_is_refused(sources: Path, target: str) -> None:
    before = files_of(sources)
    with pytest.raises(ValueError, match="must be outside"):
        kf.prepare(sources, sources / target)
    assert files_of(sources) == before


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
    small_disk: Path, tmp_path: Path, shards: bool
) -> None:
    sources, target = tmp_path / "sources", small_disk / "target"
    _slow_sources(sources, 4)
    options = ["--shard-size", "1.2"] if shards else []
    code, words = _run(sources, target, *options)
    assert code == 4, words
    assert "is full; make room and run the same command again" in words
    assert "Traceback" not in words
    complete = contents_of(target)
    subprocess.run(["mount", "-o", "remount,size=20m", small_disk], check=True)
    code, words = _run(sources, target, *options)
    assert code == 0, words
    _run(sources, tmp_path / "alone", *options)
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


def test_arguments_are_checked(sources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = str(tmp_path / "target")
    for options in (["--part", "3/2"], ["--short-side", "big"], ["--x264", "crf"], ["--shard-size", "0.1"]):
        assert main(["prepare", str(sources), target, *options]) == 2, options
    assert main(["prepare", str(sources), target, "--split", "val"]) == 3
    assert "need version" in capsys.readouterr().err
    assert not Path(target).exists()


def _with_wmv(folder: Path) -> Path:
    """Make a video with audio of a codec that an MP4 cannot hold."""
    folder.mkdir()
    picture = ffmpeg.input("testsrc2=size=96x64:rate=25:duration=1", f="lavfi")
    tone = ffmpeg.input("sine=duration=1", f="lavfi")
    options = {"vcodec": "mpeg4", "acodec": "wmav2", "fflags": "+bitexact", "f": "asf"}
    ffmpeg_cli.run(ffmpeg.output(picture, tone, str(folder / "sound.wmv"), **options))
    return folder


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
