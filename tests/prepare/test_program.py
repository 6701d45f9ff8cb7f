"""The ffmpeg that is used can do what prepare needs, and an error says what to install."""

from __future__ import annotations

from pathlib import Path

import imageio_ffmpeg
import pytest

import kinetics_fast as kf
from kinetics_fast.cli.main import main
from kinetics_fast.preparation.journal import Entry, Journal, read_entries
from kinetics_fast.preparation.program import find_ffmpeg
from kinetics_fast.preparation.recipe import recipe_of
from support.preparing import prepare_one, six_seconds
from videos import ffmpeg_cli

pytestmark = pytest.mark.ffmpeg


def _fake(folder: Path, version: str, encoder: str) -> None:
    program = folder / "ffmpeg"
    listed = f" V....D {encoder}  some encoder"
    program.write_text(f"#!/bin/sh\necho 'ffmpeg version {version} Copyright (c)'\necho '{listed}'\n")
    program.chmod(0o755)


def _without_imageio(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise RuntimeError("no ffmpeg exe could be found")

    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", fail)


@pytest.mark.parametrize(
    ("version", "encoder", "words"),
    [
        ("5.1.9-0+deb12u1", "libx264", "is version 5.1, which is too old"),
        ("n8.0.1", "mpeg4", "has no libx264"),
    ],
)
def test_an_unusable_ffmpeg_is_named_with_what_to_install(
    version: str, encoder: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake(tmp_path, version, encoder)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_ffmpeg().path == imageio_ffmpeg.get_ffmpeg_exe()
    _without_imageio(monkeypatch)
    with pytest.raises(RuntimeError, match=words) as caught:
        find_ffmpeg()
    assert "pip install 'kinetics-fast[prepare]'" in str(caught.value)


@pytest.mark.parametrize("version", ["n8.0.1-3-gabc", "7.1", "N-119000-g12ab", "git-2026-01-01"])
def test_a_usable_ffmpeg_on_path_comes_first(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake(tmp_path, version, "libx264")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_ffmpeg().path == str(tmp_path / "ffmpeg")
    assert find_ffmpeg().version == version


def test_no_ffmpeg_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    _without_imageio(monkeypatch)
    with pytest.raises(RuntimeError, match="there is no ffmpeg on PATH"):
        find_ffmpeg()


def test_a_dry_run_predicts_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources, target = tmp_path / "sources", tmp_path / "target"
    sources.mkdir()
    for number in range(12):
        (sources / f"{number}.mp4").symlink_to(six_seconds())
    assert main(["prepare", str(sources), str(target), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "predicted from 10 clips; nothing was written" in said
    assert not target.exists()
    prepared = kf.prepare(sources, target)
    ratio = prepared.bytes_out / prepared.bytes_in
    assert f"({ratio:.2f} times the size)" in said


def test_the_sample_aspect_ratio_is_kept(tmp_path: Path) -> None:
    import ffmpeg

    (tmp_path / "sources").mkdir()
    picture = ffmpeg.input("testsrc2=size=180x144:rate=25:duration=1", f="lavfi")
    options = {"vcodec": "libx264", "pix_fmt": "yuv420p", "vf": "setsar=16/11"}
    ffmpeg_cli.run(picture.output(str(tmp_path / "sources" / "wide.mp4"), **options))
    kf.prepare(tmp_path / "sources", tmp_path / "target", short_side=100)
    info = ffmpeg_cli.Facts(tmp_path / "target" / "wide.mp4").info
    assert "124x100 [SAR 16:11" in info, info


def test_parameters_of_x264_replace_those_of_the_profile(tmp_path: Path) -> None:
    path = prepare_one("six_seconds.mp4", tmp_path, x264="keyint=10:min-keyint=10:bframes=3")
    assert list(kf.Video(path).keyframes) == list(range(0, 150, 10))
    assert ffmpeg_cli.Facts(path).kinds.startswith("IPbbbPbbbP")
    recipe = recipe_of("fast", 128, "preset=slow:crf=23", "copy")
    assert (recipe.preset, recipe.short_side, recipe.audio) == ("slow", 128, "copy")
    assert recipe.x264.endswith(":crf=23")


@pytest.mark.parametrize("x264", ["crf", "crf=", "=3", "threads=4", "crf=20:"])
def test_wrong_parameters_are_refused(x264: str) -> None:
    with pytest.raises(ValueError, match="x264 must"):
        recipe_of("fast", "profile", x264, None)


def test_a_line_that_a_kill_cut_off_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    entries = [Entry(f"{number}.mp4", 5, "ab", 7) for number in range(3)]
    with Journal(path) as journal:
        for entry in entries[:2]:
            journal.append(entry)
    path.write_bytes(path.read_bytes()[:-9])
    assert read_entries([path]) == entries[:1]
    with Journal(path) as journal:
        journal.append(entries[2])
    assert read_entries([path]) == [entries[0], entries[2]]
