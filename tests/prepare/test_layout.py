"""Prepared files have the layout that makes them cheap to read, and a file without it is not accepted."""

from __future__ import annotations

import json
from pathlib import Path

import ffmpeg
import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.cli.main import main
from kinetics_fast.preparation import layout, recipe, source_clip, verify
from kinetics_fast.preparation.errors import ClipError
from support.preparing import prepare_one, six_seconds
from videos import ffmpeg_cli, media

pytestmark = pytest.mark.ffmpeg


def _verify(path: Path, source: str, profile: str = "fast") -> None:
    clip = source_clip.open_clip(source_clip.SourcePlace(str(media.make(source))))
    verify.verify(path, clip, recipe.recipe_of(profile, "profile", None, None))


@pytest.mark.parametrize("profile", ["fast", "small", "archive"])
def test_pictures_follow_the_pattern(profile: recipe.ProfileName, tmp_path: Path) -> None:
    path = prepare_one("six_seconds.mp4", tmp_path, profile=profile)
    kinds = ffmpeg_cli.Facts(path).kinds  # in decoding order; lower case: nothing refers to the picture
    frames = len(kinds)
    expected = ""
    for first in range(0, frames, recipe.GOP):
        length, expected = min(recipe.GOP, frames - first), expected + "I"
        for start in range(1, length, recipe.B_PICTURES + 1):
            expected += "P" + "b" * min(recipe.B_PICTURES, length - start - 1)
    assert kinds == expected
    assert list(kf.Video(path).keyframes) == list(range(0, frames, recipe.GOP))


def test_a_window_needs_few_pictures_and_info_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = prepare_one("six_seconds.mp4", tmp_path)
    assert main(["info", "--json", str(path), str(six_seconds())]) == 0
    prepared, source = json.loads(capsys.readouterr().out)
    assert (prepared["for_reading"], source["for_reading"]) == (True, False)
    assert prepared["window"]["packets_sent"] < 0.5 * source["window"]["packets_sent"]
    assert main(["info", str(path)]) == 0
    assert "laid out for reading" in capsys.readouterr().out


def test_a_file_with_another_layout_is_not_accepted() -> None:
    with pytest.raises(ClipError, match="not laid out for reading"):
        _verify(media.make("long_gop.mp4"), "long_gop.mp4")


@pytest.mark.parametrize(
    ("written", "source", "words"),
    [
        ("yuv444p.mp4", "open_gop.mp4", "frames"),
        ("rotated_90.mp4", "open_gop.mp4", "pixels"),
        ("late_start.mkv", "late_start.mkv", "laid out"),
    ],
)
def test_a_file_that_differs_from_its_source_is_not_accepted(written: str, source: str, words: str) -> None:
    with pytest.raises(ClipError, match=words):
        _verify(media.make(written), source)


def test_later_times_and_other_pictures_are_not_accepted(tmp_path: Path) -> None:
    path = prepare_one("open_gop.mp4", tmp_path)
    _verify(path, "open_gop.mp4")
    later = tmp_path / "later.mp4"
    ffmpeg_cli.run(
        ffmpeg.input(str(path)).output(str(later), c="copy", fflags="+bitexact", output_ts_offset=0.1)
    )
    with pytest.raises(ClipError, match="is shown at"):
        _verify(later, "open_gop.mp4")
    turned = prepare_one("rotated_180.mp4", tmp_path / "turned")
    with pytest.raises(ClipError, match="differs from the source"):
        _verify(turned, "open_gop.mp4")


def test_references_of_gops_are_counted() -> None:
    lengths = np.array([64, 64, 1, 2, 13, 14])
    assert layout.references_of(lengths, 12) == 7 + 7 + 1 + 2 + 2 + 3
