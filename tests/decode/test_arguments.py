"""A wrong argument is refused in the words of the interface, and is never taken for another argument."""

from __future__ import annotations

import errno
import pickle
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import kinetics_fast as kf

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.ffmpeg


BINDINGS_WORDS = "_core|incompatible|SupportsInt|NoneType' object|bad_alloc|interpreted as"


def told(caught: pytest.ExceptionInfo[Exception]) -> str:
    words = str(caught.value)
    assert not re.search(BINDINGS_WORDS, words), words
    return words


@pytest.mark.parametrize("index", [np.uint64(2**64 - 1), np.uint64(2**63), 2**63, 10**30, -(10**30)])
def test_numbers_beyond_int64_are_no_frames(video: kf.Video, index: Any) -> None:
    for read in (
        lambda: video[index],
        lambda: video.frames([index]),
        lambda: video.frames(np.array([index])),
        lambda: video.planes([0, index]),
    ):
        with pytest.raises(kf.FrameRangeError, match="frames 0 to 59"):
            read()


@pytest.mark.parametrize("indices", [slice(0, 2), None, "12", [True, False], [[1, 2]], [1.0], [[1], [2, 3]]])
def test_what_is_no_frame_number_is_refused_by_its_type(video: kf.Video, indices: Any) -> None:
    for read in (video.frames, video.planes):
        with pytest.raises((TypeError, ValueError), match="frame numbers") as caught:
            read(indices)
        assert "object" not in told(caught)


@pytest.mark.parametrize("key", [(1, 2), range(2), {1}, "12", 1.0, None, ..., (slice(2), 0)], ids=str)
def test_what_brackets_do_not_take_is_told_what_they_take(video: kf.Video, key: Any) -> None:
    with pytest.raises(
        TypeError, match=r"video\[\.\.\.\] takes an int, a slice, or a list or array of ints, got"
    ):
        video[key]


@pytest.mark.parametrize("key", [[True, False], [1.0], np.array([1.0]), np.array([[1, 2]]), ["1"]], ids=str)
def test_lists_in_brackets_hold_frame_numbers(video: kf.Video, key: Any) -> None:
    with pytest.raises(TypeError, match="frame numbers must be an int or a sequence of ints, got"):
        video[key]


@pytest.mark.parametrize(
    "options",
    [
        {"size": 0}, {"layout": "HWC"}, {"layout": ["THWC"]}, {"dtype": "int8"}, {"color": ["rgb"]},
        {"mean": 0.5}, {"interpolation": None},
    ],
)  # fmt: skip
def test_pixel_arguments_of_a_video_are_checked_even_for_no_frames(
    video: kf.Video, options: dict[str, Any]
) -> None:
    for read, places in ((video.frames, [[]]), (video.frames_at, [0.0]), (video.frames_between, [9.0, 9.0])):
        with pytest.raises((TypeError, ValueError), match=next(iter(options))) as caught:
            read(*places, **options)
        assert "unhashable" not in told(caught)


@pytest.mark.parametrize(("start", "stop"), [(2.0, 1.0), (np.nan, 1.0), (0.0, np.nan)])
def test_an_interval_begins_before_it_ends(video: kf.Video, start: float, stop: float) -> None:
    with pytest.raises(ValueError, match="start must be at most stop"):
        video.frames_between(start, stop)


def test_tables_of_times_are_refused_as_tables_of_numbers_are(video: kf.Video) -> None:
    with pytest.raises(ValueError, match="shape"):
        video.frames_at(np.zeros((2, 2)))


@pytest.mark.parametrize("limit", [None, 0, -1, 1e9])
def test_max_pixels_is_a_count(path: Path, limit: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="max_pixels") as caught:
        kf.Video(path, max_pixels=limit)
    told(caught)


@pytest.mark.parametrize(
    "place",
    [
        {"offset": None},
        {"size": None},
        {"offset": 0.0},
        {"size": 1.5},
        {"size": -2},
        {"offset": 2**62, "size": 2**62},
    ],
    ids=str,
)
def test_places_in_a_file_are_whole_numbers(path: Path, place: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError), match=r"of bytes|part of a file") as caught:
        kf.Video(kf.FileRange(path, **place))
    told(caught)


@pytest.mark.parametrize("name", ["open", "range", "timeout"])
def test_errors_of_the_system_have_the_fields_of_os_errors(tmp_path: Path, name: str) -> None:
    path = str(tmp_path / "missing.mp4")
    if name == "timeout":
        error: Any = kf.DecodeTimeout("too late", path, 3, "decode")
        assert error.errno is None
    else:
        with pytest.raises(OSError, match="No such file") as caught:
            kf.Video(path if name == "open" else kf.FileRange(path, 0, 10))
        error = caught.value
        assert isinstance(error, kf.OpenError)
        assert error.errno == errno.ENOENT
    assert error.filename == error.path
    assert error.strerror is not None
    assert error.strerror in str(error)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.__dict__, again.errno) == (str(error), error.__dict__, error.errno)
    assert repr(again) == repr(error)
    assert error.stage in repr(error)


@pytest.mark.parametrize("order", [">f4", ">f2"])
def test_pixels_have_the_machines_byte_order(clips: list[kf.Clip], order: str) -> None:
    with pytest.raises(ValueError, match=r"dtype.*byte order"):
        kf.decode_clips(clips, size=8, dtype=order)


@pytest.mark.parametrize("size", ["12", 12.0, (10.0, 10), np.array([8, 8, 8]), {8: 8}])
def test_sizes_that_mean_nothing_are_named(clips: list[kf.Clip], size: Any) -> None:
    for use in (lambda: kf.decode_clips(clips, size=size), lambda: kf.CenterCrop(size)):
        with pytest.raises((TypeError, ValueError), match="size"):
            use()


def test_sizes_may_be_arrays(clips: list[kf.Clip]) -> None:
    assert kf.decode_clips(clips, size=np.array([8, 9])).frames.shape == (3, 5, 8, 9, 3)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [10**6, 2**31, 10**20])
def test_more_memory_than_there_is_is_a_memory_error_that_says_how_much(
    clips: list[kf.Clip], size: int
) -> None:
    with pytest.raises(MemoryError, match=r"\(3, 5, .*\).*bytes") as caught:
        kf.decode_clips(clips, size=size)
    told(caught)


@pytest.mark.parametrize("given", ["one", "iterator", "none"])
def test_clips_are_a_sequence_of_clips(clips: list[kf.Clip], given: str) -> None:
    wrong: Any = {"one": clips[0], "iterator": iter(clips), "none": None}[given]
    with pytest.raises(TypeError, match=r"sequence of kf\.Clip") as caught:
        kf.decode_clips(wrong)
    told(caught)


def test_a_stride_goes_with_a_window_only(path: Path) -> None:
    with pytest.raises(TypeError, match="stride"):
        kf.Clip(path, indices=[1, 2], stride=4)


@pytest.mark.parametrize("box", [(1, 2, 3), (1, 2, 3, 4, 5), 5, "abcd"])
def test_a_box_has_four_numbers(path: Path, box: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="box must be"):
        kf.Clip(path, start=0, frames=1, box=box)


def test_batches_are_compared_as_objects(clips: list[kf.Clip]) -> None:
    first, second = kf.decode_clips(clips, size=8), kf.decode_clips(clips, size=8)
    assert first != second
    assert len({first, second, first}) == 2


def test_bytes_are_not_printed(path: Path) -> None:
    data = path.read_bytes()
    for thing in (kf.Clip(data, start=0, frames=1), kf.Record(data, 1), kf.Record(memoryview(data), 1)):
        assert len(repr(thing)) < 200
        assert f"<{len(data)} bytes in memory>" in repr(thing)
