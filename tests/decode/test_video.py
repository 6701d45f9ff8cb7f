"""`Video` follows Python's indexing, finds frames by time, and reads every kind of source."""

from __future__ import annotations

import io
import os
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import kinetics_fast as kf
from videos import crafting, matroska, media, oracle
from videos.recipes import encoded
from videos.recipes_formats import coded

if TYPE_CHECKING:
    from videos.media import Pixels
    from videos.recipes import Make

pytestmark = pytest.mark.ffmpeg


def test_an_index_gives_one_frame(video: kf.Video, whole: Pixels) -> None:
    assert video[17].shape == (96, 128, 3)
    assert video[17].dtype == np.uint8
    assert np.array_equal(video[17], whole[17])
    assert np.array_equal(video[np.int64(17)], whole[17])


@pytest.mark.parametrize("index", [-1, -60])
def test_negative_indices_count_from_the_end(video: kf.Video, whole: Pixels, index: int) -> None:
    assert np.array_equal(video[index], whole[index])
    assert np.array_equal(video.frames([index, 3]), whole[[index, 3]])


@pytest.mark.parametrize("index", [60, -61, 2**40])
def test_indices_out_of_range_are_frame_range_errors(video: kf.Video, index: int) -> None:
    for read in (lambda: video[index], lambda: video.frames([0, index]), lambda: video.planes([index])):
        with pytest.raises(kf.FrameRangeError) as caught:
            read()
        assert isinstance(caught.value, IndexError)
        assert caught.value.path == str(media.make("open_gop.mp4"))


@pytest.mark.parametrize("index", [1.5, "3", None])
def test_indices_that_are_no_integers_are_type_errors(video: kf.Video, index: object) -> None:
    with pytest.raises(TypeError):
        video[index]  # type: ignore[index]


SLICES = [slice(None), slice(3, 20, 4), slice(-10, None), slice(None, None, -7), slice(50, 99), slice(30, 10)]


@pytest.mark.parametrize("window", SLICES, ids=str)
def test_slices_follow_the_rules_of_python(video: kf.Video, whole: Pixels, window: slice) -> None:
    frames = video[window]
    assert frames.shape == (len(range(60)[window]), 96, 128, 3)
    assert np.array_equal(frames, whole[window])


@pytest.mark.parametrize("kind", [list, tuple, np.array, range])
def test_indices_may_be_any_sequence_of_integers(video: kf.Video, whole: Pixels, kind: type) -> None:
    indices = range(5, 30, 9) if kind is range else kind([5, 14, 23])
    assert np.array_equal(video.frames(indices), whole[5:30:9])


@pytest.mark.parametrize(
    "name", ["variable_frame_rate.mp4", "negative_pts.mp4", "edit_empty.mp4", "open_gop.mkv"]
)
def test_the_frame_at_a_time_is_the_one_shown_then(name: str) -> None:
    path = media.make(name)
    video, times = kf.Video(path), oracle.frames(path).timestamps
    whole = video.frames(range(len(video)))
    assert np.array_equal(video.frames_at(times + 1e-6), whole)
    just_before = np.nextafter(times[1:], -np.inf) - 1e-6
    assert np.array_equal(video.frames_at(just_before), whole[:-1])
    assert np.array_equal(video.frames_at([times[-1] + 0.03]), whole[-1:])


@pytest.mark.parametrize(("make", "rate"), [(encoded("keyint=5", r=30), 30), (coded("vp8"), 25)])
def test_where_all_times_are_zero_the_last_frame_is_shown(make: Make, rate: int, tmp_path: Path) -> None:
    track, blocks = crafting.taken_apart(make, tmp_path / "any")
    still = [replace(block, time=0) for block in blocks]
    path = tmp_path / "still.mkv"
    path.write_bytes(matroska.write(replace(track, frame_nanoseconds=0), still))
    video = kf.Video(path)
    assert not video.timestamps.any()
    assert video.fps == rate
    assert np.array_equal(video.frames_at([0.0, 0.9 / rate]), video.frames([-1, -1]))
    with pytest.raises(kf.FrameRangeError):
        video.frames_at([1.1 / rate])


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -0.01, 2.41, 1e18])
def test_times_when_nothing_is_shown_are_errors(video: kf.Video, seconds: float) -> None:
    with pytest.raises((kf.FrameRangeError, ValueError)):
        video.frames_at([seconds])


def test_rate_and_duration_come_from_the_stream(video: kf.Video) -> None:
    assert video.fps == pytest.approx(25)
    assert video.duration == pytest.approx(2.4)
    assert video.timestamps.shape == (60,)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview, np.frombuffer])
def test_bytes_in_memory_are_a_source(path: Path, whole: Pixels, kind: type) -> None:
    data = path.read_bytes()
    source = np.frombuffer(data, np.uint8) if kind is np.frombuffer else kind(data)
    video = kf.Video(source)
    del source
    assert np.array_equal(video[20:40:6], whole[20:40:6])
    batch = kf.decode_clips([kf.Clip(data, start=20, frames=4, stride=6)])
    assert np.array_equal(batch.frames[0], whole[20:40:6])


@pytest.mark.parametrize("kind", [str, Path, os.fsencode])
def test_paths_may_be_text_or_path_objects(path: Path, whole: Pixels, kind: type) -> None:
    if kind is os.fsencode:
        with pytest.raises((kf.Error, ValueError, TypeError)):  # bytes are file content, not a name
            kf.Video(os.fsencode(path))
    else:
        assert np.array_equal(kf.Video(kind(path))[3], whole[3])


def test_names_that_are_not_ascii_are_opened(path: Path, tmp_path: Path, whole: Pixels) -> None:
    copied = tmp_path / "vidéo %d 動画 file:.mp4"
    copied.write_bytes(path.read_bytes())
    assert np.array_equal(kf.Video(copied)[3], whole[3])


def test_a_tar_member_is_a_source(path: Path, tmp_path: Path, whole: Pixels) -> None:
    with tarfile.open(tmp_path / "videos.tar", "w") as tar:
        for name in ("first.mp4", "second.mp4"):
            tar.add(path, name)
        tar.addfile(tarfile.TarInfo("text"), io.BytesIO())
    with tarfile.open(tmp_path / "videos.tar") as tar:
        member = tar.getmember("second.mp4")
    source = kf.FileRange(tmp_path / "videos.tar", member.offset_data, member.size)
    assert np.array_equal(kf.Video(source)[20:40:6], whole[20:40:6])
    batch = kf.decode_clips([kf.Clip(source, start=20, frames=4, stride=6)])
    assert np.array_equal(batch.frames[0], whole[20:40:6])


@pytest.mark.parametrize(("offset", "size"), [(-1, 10), (0, 10**9), (10**9, 10)])
def test_file_ranges_beyond_the_file_are_errors(path: Path, offset: int, size: int) -> None:
    with pytest.raises((kf.Error, ValueError)):
        kf.Video(kf.FileRange(path, offset, size))


@pytest.mark.parametrize("at_once", [None, 7, 0])
def test_iterating_gives_every_frame_in_order(
    video: kf.Video, whole: Pixels, monkeypatch: pytest.MonkeyPatch, at_once: int | None
) -> None:
    calls: list[slice] = []
    read = kf.Video.__getitem__

    def counted(self: kf.Video, key: slice) -> Pixels:
        calls.append(key)
        return read(self, key)

    monkeypatch.setattr(kf.Video, "__getitem__", counted)
    if at_once is not None:
        monkeypatch.setattr("kinetics_fast._decode.video._BYTES_AT_ONCE", at_once * whole[0].nbytes)
    assert np.array_equal(list(video), whole)
    assert len(calls) == {None: 1, 7: 9, 0: 60}[at_once]
