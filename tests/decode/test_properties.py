"""What a video says of its pixels, fields, colours and bit rate is what FFmpeg says of the file."""

from __future__ import annotations

import pickle
import re
import subprocess
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

import pytest

import kinetics_fast as kf
from support.expectations import may_differ_in_order
from videos import ffmpeg_cli, media, oracle, recipes_properties

if TYPE_CHECKING:
    from pathlib import Path

av = pytest.importorskip("av")
pytestmark = pytest.mark.ffmpeg

ORDERS = {
    "progressive": "progressive", "top first": "tt", "bottom first": "bb",
    "top coded first (swapped)": "tb", "bottom coded first (swapped)": "bt",
}  # fmt: skip
NAMES = sorted(recipes_properties.recipes())
WIDE = kf.VideoColor("bt2020", "smpte2084", "bt2020nc", "tv", "topleft")
OLD = kf.VideoColor("bt470bg", "bt470bg", "bt470bg", "pc", "center")


@cache
def stream_line(path: Path) -> str:
    """Return ffmpeg's line on the first video stream that is no cover picture, with all that it knows."""
    command = [ffmpeg_cli.executable(), "-hide_banner", "-v", "verbose", "-i", str(path)]
    words = subprocess.run(command, capture_output=True, text=True, errors="replace").stderr
    lines = [line for line in words.splitlines() if "Stream #" in line and "Video: " in line]
    return next(line for line in lines if "attached pic" not in line)


def field_order(path: Path) -> str | None:
    """Return the order that stands behind the pixel format."""
    found = re.search(r", \w+\(((?:[^()]|\(swapped\))*)\)", stream_line(path))
    return next((ORDERS[word] for word in found[1].split(", ") if word in ORDERS), None) if found else None


def sample_aspect_ratio(path: Path) -> Fraction:
    """Return the container's ratio, which stands last, or that of the stream."""
    found = re.findall(r"SAR (\d+):(\d+) DAR", stream_line(path))
    return Fraction(int(found[-1][0]), int(found[-1][1])) if found else Fraction(1)


def assert_properties(path: Path) -> None:
    video, stored = kf.Video(path), sample_aspect_ratio(path)
    assert video.sample_aspect_ratio == (stored if video.rotation % 180 == 0 else 1 / stored)
    assert video.field_order == field_order(path) or may_differ_in_order(path, video.codec)


@pytest.mark.parametrize("name", NAMES)
def test_pixels_and_fields_are_those_of_ffmpeg(name: str) -> None:
    assert_properties(media.make(name))


@pytest.mark.slow
def test_pixels_and_fields_of_every_video_are_those_of_ffmpeg(video_path: Path) -> None:
    assert_properties(video_path)


def test_colour_is_that_of_ffmpegs_frames(video_path: Path) -> None:
    video, theirs = kf.Video(video_path), oracle.frames(video_path).colour
    if video.codec == "rawvideo" and not video.pixel_format.startswith("yuv"):
        return  # nothing is said in such a file; ffmpeg's filters fill in what the pixel format means
    color = video.color
    ours = color.primaries, color.transfer, color.matrix, color.range
    kinds = ("color_primaries", "color_trc", "color_space", "color_range")
    # The oracle keeps a name up to its first hyphen.
    assert [(name or "unknown").split("-")[0] for name in ours] == [
        theirs.get(kind, "unknown") for kind in kinds
    ]
    assert (color.chroma_location or "unspecified") == theirs["siting"]


@pytest.mark.parametrize("suffix", recipes_properties.SUFFIXES)
def test_tagged_colours(suffix: str) -> None:
    assert kf.Video(media.make(f"tagged_wide.{suffix}")).color == WIDE
    assert kf.Video(media.make(f"tagged_old.{suffix}")).color == OLD


@pytest.mark.parametrize("name", NAMES)
def test_bit_rate_is_the_containers_or_the_mean_of_the_packets(name: str) -> None:
    path = media.make(name)
    video = kf.Video(path)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        mean = sum(packet.size for packet in container.demux(stream)) * 8 / video.duration
        assert stream.bit_rate is None or video.bit_rate == stream.bit_rate
        assert video.bit_rate == pytest.approx(mean, rel=0.01)


def test_properties_are_in_pickles_and_in_saved_indices() -> None:
    video = kf.Video(media.make("anamorphic_turned.mp4"))
    again = pickle.loads(pickle.dumps(video))
    names = ("stream_index", "sample_aspect_ratio", "field_order", "color", "bit_rate")
    assert [getattr(again, name) for name in names] == [getattr(video, name) for name in names]
    assert again.sample_aspect_ratio == Fraction(11, 16)
