"""The drop-in for decord: the position of a reader, and how it moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.compat.decord import DECORDError, VideoReader
from videos import media
from videos.media import Pixels

pytestmark = pytest.mark.ffmpeg


@pytest.fixture
def reader(path: Path) -> VideoReader:
    return VideoReader(str(path), num_threads=1)


def test_next_goes_on_from_the_position_to_the_end(reader: VideoReader, whole: Pixels) -> None:
    assert np.array_equal(reader.next(), whole[0])
    assert np.array_equal(next(reader), whole[1])
    reader.get_batch([9, 4])
    assert np.array_equal(reader.next(), whole[5])
    reader[57]
    assert np.array_equal(reader.next(), whole[58])
    reader.next()
    for _ in range(2):
        with pytest.raises(StopIteration):
            reader.next()
    reader.seek(0)
    assert np.array_equal(reader.next(), whole[0])


def test_iteration_is_that_of_a_sequence(reader: VideoReader, whole: Pixels) -> None:
    assert not hasattr(reader, "__iter__")
    assert np.array_equal(np.stack([frame.asnumpy() for frame in reader]), whole)  # type: ignore[attr-defined]


def test_seek_goes_to_the_last_key_frame_up_to_a_frame(reader: VideoReader) -> None:
    keys = reader.get_key_indices()
    assert keys == kf.Video(media.make("open_gop.mp4")).keyframes.tolist()
    assert len(keys) > 2
    for position in (0, keys[1] - 1, keys[1], keys[2] + 1, 59):
        reader.seek(position)
        assert reader._position == max(key for key in keys if key <= position)


def test_skip_frames_goes_forward(reader: VideoReader, whole: Pixels) -> None:
    reader.seek_accurate(20)
    reader.skip_frames(5)
    assert np.array_equal(reader.next(), whole[25])
    reader.skip_frames()
    assert np.array_equal(reader.next(), whole[27])
    reader.skip_frames(1000)
    with pytest.raises(StopIteration):
        reader.next()


@pytest.mark.parametrize("method", ["seek", "seek_accurate", "skip_frames"])
@pytest.mark.parametrize(
    ("position", "error"), [(-1, AssertionError), (1.5, DECORDError), ("a", TypeError), (None, TypeError)]
)
def test_wrong_positions(reader: VideoReader, method: str, position: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        getattr(reader, method)(position)


def test_positions_outside_the_video_are_assertions(reader: VideoReader) -> None:
    for seek in (reader.seek, reader.seek_accurate):
        with pytest.raises(AssertionError):
            seek(60)
    with pytest.raises(AssertionError):
        reader.skip_frames(0)
