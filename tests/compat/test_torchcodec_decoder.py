"""The drop-in of torchcodec: what its `VideoDecoder` takes, returns and raises."""

from __future__ import annotations

import copy
import math
import pickle
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.compat.torchcodec import Frame, FrameBatch, decoders, encoders
from kinetics_fast.compat.torchcodec.decoders import VideoDecoder
from videos import media
from videos.media import Pixels

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.ffmpeg


@pytest.fixture
def decoder(path: Path) -> VideoDecoder:
    return VideoDecoder(path)


def pixels(frames: Any) -> Pixels:
    """Return channels-first frames as (..., H, W, 3)."""
    array: Pixels = frames.movedim(-3, -1).numpy()
    return array


def test_indices_and_slices(decoder: VideoDecoder, whole: Pixels) -> None:
    assert len(decoder) == 60
    for key in (5, -1, np.int64(5), np.uint8(5), True):
        frame = decoder[key]
        assert frame.dtype == torch.uint8
        assert frame.shape == (3, 96, 128)
        assert frame.stride()[0] == 1  # a view of (H, W, 3)
        assert np.array_equal(pixels(frame), whole[int(key)])
    for cut in (slice(None), slice(3, 50, 9), slice(-5, None), slice(7, 7), slice(9, 2)):
        assert np.array_equal(pixels(decoder[cut]), whole[cut])
    assert decoder[5:5].shape == (0, 3, 96, 128)
    assert np.array_equal(np.stack([pixels(frame) for frame in decoder]), whole)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("key", "error"),
    [
        (60, IndexError),
        (-61, IndexError),
        (1.0, TypeError),
        ([1], TypeError),
        (None, TypeError),
        (slice(5, 0, -1), RuntimeError),
        (slice(0, 5, 0), ValueError),
    ],
)
def test_wrong_keys(decoder: VideoDecoder, key: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        decoder[key]


def test_a_frame_unpacks(decoder: VideoDecoder, whole: Pixels) -> None:
    data, begin, duration = decoder.get_frame_at(-3)
    assert np.array_equal(pixels(data), whole[57])
    video = kf.Video(media.make("open_gop.mp4"))
    assert (type(begin), begin) == (float, video.timestamps[57])
    assert duration == 1 / 25  # exactly, as in torchcodec
    frame = decoder.get_frame_at(57)
    assert isinstance(frame, Frame)
    assert "data (shape): torch.Size([3, 96, 128])" in repr(frame)


@pytest.mark.parametrize(
    ("index", "error"),
    [(60, IndexError), (-61, IndexError), (1.5, RuntimeError), ("1", RuntimeError), (None, RuntimeError)],
)
def test_wrong_indices(decoder: VideoDecoder, index: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        decoder.get_frame_at(index)


@pytest.mark.parametrize(
    ("indices", "frames"),
    [
        ([3, 0, 3, -1], [3, 0, 3, 59]),
        ((4, 2), [4, 2]),
        (range(6, 0, -3), [6, 3]),
        (np.array([7, 8], np.uint16), [7, 8]),
        (torch.tensor([7, 8], dtype=torch.int32), [7, 8]),
        (torch.tensor([7.9, 8.2]), [7, 8]),
        (5, [5]),
        ([], []),
    ],
)
def test_frames_by_number(decoder: VideoDecoder, indices: Any, frames: list[int], whole: Pixels) -> None:
    batch = decoder.get_frames_at(indices)
    assert isinstance(batch, FrameBatch)
    assert np.array_equal(pixels(batch.data), whole[frames])
    assert batch.pts_seconds.dtype == batch.duration_seconds.dtype == torch.float64
    video = kf.Video(media.make("open_gop.mp4"))
    assert batch.pts_seconds.tolist() == video.timestamps[frames].tolist()
    assert len(batch) == len(batch.duration_seconds) == len(frames)


@pytest.mark.parametrize(
    ("indices", "error"),
    [
        ([60], IndexError),
        ([-61], IndexError),
        ([0.5], RuntimeError),
        (np.array([1.0]), RuntimeError),
        ([[0, 1], [2, 3]], RuntimeError),
        ([True, False], RuntimeError),
        (None, RuntimeError),
        ("ab", RuntimeError),
    ],
)
def test_wrong_frames_by_number(decoder: VideoDecoder, indices: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        decoder.get_frames_at(indices)


@pytest.mark.parametrize("cut", [(0, 5), (50, 1000), (-5, 1000), (5, 0), (None, None), (3, 40, 7), (90, 95)])
def test_ranges_are_slices(decoder: VideoDecoder, cut: tuple[int, ...], whole: Pixels) -> None:
    assert np.array_equal(pixels(decoder.get_frames_in_range(*cut).data), whole[slice(*cut)])


@pytest.mark.parametrize(
    ("cut", "error"), [((0, 5, 0), ValueError), ((5, 0, -1), RuntimeError), ((0.5, 3), TypeError)]
)
def test_wrong_ranges(decoder: VideoDecoder, cut: tuple[Any, ...], error: type[Exception]) -> None:
    with pytest.raises(error):
        decoder.get_frames_in_range(*cut)


def test_frames_by_time(decoder: VideoDecoder, whole: Pixels) -> None:
    begin, end = decoder.metadata.begin_stream_seconds, decoder.metadata.end_stream_seconds
    assert begin is not None
    assert end is not None
    times = decoder.get_frames_at(range(60)).pts_seconds
    assert times[0] == begin
    middle = float(times[20] + times[21]) / 2
    for seconds, number in ((begin, 0), (float(times[20]), 20), (middle, 20), (end - 1e-6, 59)):
        assert np.array_equal(pixels(decoder.get_frame_played_at(seconds).data), whole[number])
        for several in ([seconds], torch.tensor([seconds], dtype=torch.float64), np.array(seconds)):
            batch = decoder.get_frames_played_at(several)
            assert np.array_equal(pixels(batch.data), whole[[number]])
            assert float(batch.pts_seconds[0]) == float(times[number])
    assert len(decoder.get_frames_played_at([])) == 0
    for seconds in (end, -1.0, math.nan, 1e9):
        with pytest.raises(IndexError):
            decoder.get_frame_played_at(seconds)
        with pytest.raises(RuntimeError):
            decoder.get_frames_played_at([begin, seconds])
    for wrong in (None, ["bad"], "ab"):
        with pytest.raises(ValueError, match="Couldn't convert"):
            decoder.get_frames_played_at(wrong)


def test_frames_of_a_range_of_time(decoder: VideoDecoder, whole: Pixels) -> None:
    begin, end = decoder._begin_stream_seconds, decoder._end_stream_seconds
    times = decoder.get_frames_at(range(60)).pts_seconds.tolist()
    middle = (times[20] + times[21]) / 2
    for start, stop, first, last in (
        (times[20], times[23], 20, 23),
        (middle, times[23] + 1e-6, 20, 24),
        (middle, middle, 20, 20),
        (begin, begin + 1e-6, 0, 1),
        (begin, end, 0, 60),
    ):
        assert np.array_equal(pixels(decoder.get_frames_played_in_range(start, stop).data), whole[first:last])
    assert np.array_equal(pixels(decoder.get_all_frames().data), whole)
    for start, stop in ((middle, begin), (-1.0, middle), (end, end), (begin, end + 1)):
        with pytest.raises(ValueError, match=r"Invalid (start|stop) seconds"):
            decoder.get_frames_played_in_range(start, stop)


def test_a_steady_rate_repeats_and_leaves_out_frames(decoder: VideoDecoder, whole: Pixels) -> None:
    begin = decoder._begin_stream_seconds
    for fps, count in ((5, 10), (60, 120), (24.9, 50)):
        batch = decoder.get_frames_played_in_range(begin, begin + 2, fps=fps)
        assert len(batch) == count
        assert np.allclose(batch.pts_seconds, begin + np.arange(count) / fps)
        assert np.allclose(batch.duration_seconds, 1 / fps)
        numbers = np.floor((np.arange(count) / fps) * 25 + 1e-9).astype(int)
        assert np.array_equal(pixels(batch.data), whole[numbers])
    assert len(decoder.get_all_frames(fps=10)) == 24
    for fps in (0, -1):
        with pytest.raises(RuntimeError, match="fps must be positive"):
            decoder.get_all_frames(fps=fps)


def test_batches_index_and_iterate_as_batches(decoder: VideoDecoder) -> None:
    batch = decoder.get_frames_at([4, 5, 6])
    assert isinstance(batch[0], FrameBatch)
    assert batch[0].data.shape == (3, 96, 128)
    assert batch[1:].pts_seconds.tolist() == batch.pts_seconds[1:].tolist()
    assert [float(one.pts_seconds) for one in batch] == batch.pts_seconds.tolist()
    assert "data (shape): torch.Size([3, 3, 96, 128])" in repr(batch)
    with pytest.raises(ValueError, match="pts_seconds"):
        FrameBatch(batch.data, batch.pts_seconds[:2], batch.duration_seconds)
    with pytest.raises(ValueError, match="3-dimensional"):
        Frame(batch.data, 0.0, 0.0)


def test_channels_last(path: Path, whole: Pixels) -> None:
    decoder = VideoDecoder(path, dimension_order="NHWC")
    assert np.array_equal(decoder.get_frames_at([3, 9]).data, whole[[3, 9]])
    assert np.array_equal(decoder[3], whole[3])
    assert decoder[3].is_contiguous()


def test_decoders_can_be_pickled_and_copied(decoder: VideoDecoder, whole: Pixels) -> None:
    for other in (pickle.loads(pickle.dumps(decoder)), copy.deepcopy(decoder)):
        assert np.array_equal(pixels(other[9]), whole[9])


def test_damaged_frames_are_returned_with_one_warning(tmp_path: Path) -> None:
    content = bytearray(media.make("open_gop.mp4").read_bytes())
    for position in range(len(content) // 2, len(content) // 2 + 200):
        content[position] ^= 0x55
    decoder = VideoDecoder(bytes(content))
    with pytest.warns(UserWarning, match="is damaged"):
        assert decoder[:].shape == (60, 3, 96, 128)
    decoder.get_all_frames()  # a second warning would be an error here
    path = tmp_path / "gone.mp4"
    path.write_bytes(media.make("open_gop.mp4").read_bytes())
    decoder = VideoDecoder(path)
    path.unlink()
    with pytest.raises(RuntimeError, match=r"gone\.mp4"):
        decoder.get_frame_at(0)


@pytest.mark.parametrize("name", ["AudioDecoder", "WavDecoder", "AudioEncoder", "VideoEncoder"])
def test_what_is_not_here_says_so(path: Path, name: str) -> None:
    room = decoders if hasattr(decoders, name) else encoders
    with pytest.raises(NotImplementedError, match=f"{name} is not a part"):
        getattr(room, name)(path)


def test_names_about_gpus_exist() -> None:
    with decoders.set_cuda_backend("ffmpeg"):
        pass
    with pytest.raises(ValueError, match="Invalid CUDA backend"), decoders.set_cuda_backend("none"):
        pass
    before = decoders.get_nvdec_cache_capacity()
    decoders.set_nvdec_cache_capacity(3)
    assert decoders.get_nvdec_cache_capacity() == 3
    decoders.set_nvdec_cache_capacity(before)
    assert "torchcodec" not in sys.modules


def test_the_stream_is_ffmpegs_best_or_the_one_that_is_named() -> None:
    path = media.make("two_streams.mp4")
    best = VideoDecoder(path)
    assert (best.stream_index, best.metadata.stream_index, best[0].shape) == (1, 1, (3, 96, 128))
    first = VideoDecoder(path, stream_index=0)
    assert (first.stream_index, first[0].shape) == (0, (3, 48, 64))
    with pytest.raises(ValueError, match="2 is not a valid stream"):
        VideoDecoder(path, stream_index=2)


def test_metadata_of_pixels_and_colours() -> None:
    metadata = VideoDecoder(media.make("tagged_wide.mp4")).metadata
    assert (metadata.color_primaries, metadata.color_space) == ("bt2020", "bt2020nc")
    assert metadata.color_transfer_characteristic == "smpte2084"
    turned = VideoDecoder(media.make("anamorphic_turned.mp4")).metadata
    assert turned.rotation == 90
    assert turned.pixel_aspect_ratio == Fraction(16, 11)  # before rotation, as in torchcodec
    assert turned.bit_rate
