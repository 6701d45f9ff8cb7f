"""`Video(stream=)` reads the stream that it names, as exactly as the first one, and never another one."""

from __future__ import annotations

import pickle
from functools import cache
from typing import TYPE_CHECKING, Any

import ffmpeg
import numpy as np
import pytest

import kinetics_fast as kf
from videos import ffmpeg_cli, media, recipes_properties
from videos.recipes import SHORT, encode, pictures

if TYPE_CHECKING:
    from pathlib import Path

av = pytest.importorskip("av")
pytestmark = pytest.mark.ffmpeg

SUFFIXES = recipes_properties.SUFFIXES
SIZES = {0: (48, 64), 1: (96, 128)}  # height, width


def two_streams(suffix: str) -> Path:
    return media.make(f"two_streams.{suffix}")


@cache
def luma(path: Path, stream: int) -> media.Pixels:
    """Return the luma of every frame that ``ffmpeg -map 0:N`` shows."""
    output = ffmpeg.input(str(path)).output(
        "pipe:", map=f"0:{stream}", fps_mode="passthrough", vf="extractplanes=y", format="rawvideo"
    )
    data, _ = ffmpeg_cli.run(output)
    return np.frombuffer(data, np.uint8).reshape(-1, *SIZES[stream])


def planes(video: kf.Video, numbers: Any) -> media.Pixels:
    return np.stack([np.asarray(frame[0], np.uint8) for frame in video.planes(numbers)])


@pytest.mark.parametrize("stream", [0, 1])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_frames_of_a_stream_equal_ffmpegs_map(suffix: str, stream: int) -> None:
    path = two_streams(suffix)
    video, theirs = kf.Video(path, stream=stream), luma(path, stream)
    assert (video.stream_index, len(video)) == (stream, len(theirs))
    assert (video.height, video.width) == SIZES[stream]
    order = np.random.default_rng(stream).permutation(len(theirs))
    assert np.array_equal(planes(video, order), theirs[order])
    for number in order[:6].tolist():
        assert np.array_equal(planes(video, [number])[0], theirs[number])


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_without_a_stream_the_first_one_is_read(suffix: str) -> None:
    path = two_streams(suffix)
    assert kf.Video(path).stream_index == 0
    assert np.array_equal(planes(kf.Video(path), range(12)), luma(path, 0))


@pytest.mark.parametrize("name", [f"two_streams.{suffix}" for suffix in SUFFIXES] + ["open_gop.mp4"])
def test_best_is_ffmpegs_choice(name: str) -> None:
    path = media.make(name)
    with av.open(str(path)) as container:
        best = container.streams.best("video").index
    assert kf.Video(path, stream="best").stream_index == best
    assert best == ("two" in name)


def test_each_stream_of_a_cached_file_has_its_own_index() -> None:
    path = two_streams("mp4")
    for stream in (0, 1, 0, 1):
        assert len(kf.Video(path, stream=stream)) == len(luma(path, stream))
    assert len(kf.Video(path)) == 12


def test_pickles_and_clips_keep_the_stream() -> None:
    path = two_streams("ts")
    video = pickle.loads(pickle.dumps(kf.Video(path, stream=1)))
    assert video.stream_index == 1
    assert np.array_equal(planes(video, range(30)), luma(path, 1))
    clips = [kf.Clip(source, indices=[3, 7]) for source in (kf.Video(path), video)]
    both = kf.decode_clips(clips, size=(96, 128), color="gray").frames
    assert np.array_equal(both[1], video.frames([3, 7], color="gray"))
    assert not np.array_equal(both[0], both[1])


def test_bytes_have_streams_too() -> None:
    video = kf.Video(two_streams("mkv").read_bytes(), stream=1)
    assert np.array_equal(planes(video, range(30)), luma(two_streams("mkv"), 1))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_stream_that_is_not_there_is_an_error_that_names_those_that_are(suffix: str) -> None:
    with pytest.raises(kf.UnsupportedError, match="no stream 7; the video streams of this file are: 0, 1"):
        kf.Video(two_streams(suffix), stream=7)


def test_a_stream_of_another_kind_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "tone.mp4"
    tone = ffmpeg.input("sine=duration=1", f="lavfi")
    encode(path, SHORT, pictures(8), more=(tone,))
    assert kf.Video(path).stream_index == 1
    assert kf.Video(path, stream="best").stream_index == 1
    with pytest.raises(kf.UnsupportedError, match=r"stream 0 is audio \(aac\); the video streams .* are: 1"):
        kf.Video(path, stream=0)


@pytest.mark.parametrize(
    ("stream", "error", "words"),
    [
        (-1, ValueError, "stream must be at least 0, got -1"),
        (1 << 16, ValueError, "stream must be at most 65535, got 65536"),
        ("worst", ValueError, "stream must be an int, 'best' or None, got 'worst'"),
        (1.0, TypeError, "stream must be an int, got 1.0"),
    ],
)
def test_wrong_streams_are_argument_errors(stream: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        kf.Video(two_streams("mp4"), stream=stream)
