"""A bad clip does not stop a run, nothing is overwritten, and a run that cannot be right does not begin."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import ffmpeg
import pytest

import kinetics_fast as kf
from kinetics_fast.cli.main import main
from support.preparing import PREPARED, contents_of, files_of
from videos import ffmpeg_cli, media

pytestmark = pytest.mark.ffmpeg


def test_a_bad_clip_is_named_and_the_others_are_prepared(sources: Path, tmp_path: Path) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in sources.rglob("*.*")}
    prepared = kf.prepare(sources, tmp_path / "target")
    assert files_of(tmp_path / "target") == PREPARED
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
    assert files_of(tmp_path / "target") == PREPARED


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


def test_a_file_of_another_source_is_not_overwritten(sources: Path, tmp_path: Path) -> None:
    kf.prepare(sources, tmp_path / "target")
    before = contents_of(tmp_path / "target")
    shutil.copy(media.make("mpeg4.avi"), sources / "abseiling" / "one.avi")  # comes before one.mp4
    for _ in range(2):
        prepared = kf.prepare(sources, tmp_path / "target")
        words = "abseiling/one.mp4 was prepared from abseiling/one.mp4; rename one of the two sources"
        assert prepared.failures["abseiling/one.avi"] == words
    after = contents_of(tmp_path / "target")
    assert before.items() <= after.items()
    assert after["abseiling/one.mp4.mp4"] == before["abseiling/one.mp4"]


def test_ffmpegs_words_are_the_reason(tmp_path: Path) -> None:
    prepared = kf.prepare(_with_wmv(tmp_path / "sources"), tmp_path / "target", audio="copy")
    assert list(prepared.failures) == ["sound.wmv"]
    assert prepared.failures["sound.wmv"].startswith("ffmpeg failed with exit code")
    assert "codec not currently supported in container" in prepared.failures["sound.wmv"]


def test_other_settings_are_refused(sources: Path, tmp_path: Path) -> None:
    kf.prepare(sources, tmp_path / "target")
    with pytest.raises(RuntimeError, match="was begun with recipe"):
        kf.prepare(sources, tmp_path / "target", short_side=64)


def test_a_target_with_other_files_is_refused(sources: Path, tmp_path: Path) -> None:
    other = tmp_path / "target" / "abseiling" / "one.mp4"
    other.parent.mkdir(parents=True)
    other.write_bytes(b"mine")
    with pytest.raises(RuntimeError, match="has files that prepare did not write"):
        kf.prepare(sources, tmp_path / "target")
    assert (files_of(tmp_path / "target"), other.read_bytes()) == ({"abseiling/one.mp4"}, b"mine")


@pytest.mark.parametrize("target", [".", "inside", ".."])
def test_a_target_in_the_source_or_above_it_is_refused(sources: Path, target: str) -> None:
    before = files_of(sources)
    with pytest.raises(ValueError, match="must be outside"):
        kf.prepare(sources, sources / target)
    assert files_of(sources) == before


def test_arguments_are_checked(sources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = str(tmp_path / "target")
    for options in (
        ["--part", "1/2", "--quality", "3"],
        ["--part", "3/2"],
        ["--short-side", "big"],
        ["--x264", "crf"],
        ["--shard-size", "0.1"],
    ):
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
