"""The drop-in of decord: what its `VideoReader` takes, returns and raises, and where it stands afterwards."""

from __future__ import annotations

import copy
import io
import pickle
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.compat import decord
from kinetics_fast.compat.decord import DECORDError, DECORDLimitReachedError, VideoReader, cpu, gpu
from videos import media
from videos.media import Pixels

pytestmark = pytest.mark.ffmpeg


@pytest.fixture
def reader(path: Path) -> VideoReader:
    return VideoReader(str(path), num_threads=1)


def test_the_usual_call_of_the_kinetics_pages_runs(path: Path, whole: Pixels) -> None:
    reader = VideoReader(str(path), num_threads=-1, ctx=cpu(0))
    assert (len(reader), reader._num_frame) == (60, 60)
    assert type(reader.get_avg_fps()) is float
    assert np.array_equal(reader.get_batch(range(0, 60, 7)).asnumpy(), whole[::7])


@pytest.mark.parametrize("kind", [str, Path, Path.read_bytes, lambda path: io.BytesIO(path.read_bytes())])
def test_paths_bytes_and_file_objects_are_sources(kind: Any, path: Path, whole: Pixels) -> None:
    assert np.array_equal(VideoReader(kind(path))[7], whole[7])


def test_a_file_object_is_read_from_where_it_stands(path: Path) -> None:
    with path.open("rb") as file:
        reader = VideoReader(file)
        assert file.read() == b""
        with pytest.raises(RuntimeError, match="Error reading"):
            VideoReader(file)
    assert len(reader[59]) > 0  # the bytes were read: the file may be closed
    with pytest.raises(ValueError, match="closed file"):
        VideoReader(file)


def test_a_relative_path_survives_a_change_of_the_working_directory(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parent)
    reader = VideoReader(path.name)
    monkeypatch.chdir(tmp_path)
    assert reader[0].shape == (96, 128, 3)


@pytest.mark.parametrize("error", [RuntimeError, DECORDError])
@pytest.mark.parametrize("source", ["nothing.mp4", __file__, io.BytesIO(b""), io.BytesIO(b"no video")])
def test_what_cannot_be_opened_is_both_errors(source: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="Error reading"):
        VideoReader(source)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"ctx": "cpu"}, AssertionError),
        ({"ctx": None}, AssertionError),
        ({"ctx": gpu(0)}, DECORDError),
        ({"width": 64.0}, DECORDError),
        ({"height": "96"}, DECORDError),
        ({"num_threads": None}, DECORDError),
    ],
)
def test_wrong_arguments(path: Path, arguments: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        VideoReader(path, **arguments)


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [(64, 48, (48, 64)), (64, -1, (96, 64)), (0, 50, (50, 128)), (-5, 0, (96, 128))],
)
def test_each_side_is_given_or_native(path: Path, width: int, height: int, size: tuple[int, int]) -> None:
    frame = VideoReader(path, cpu(0), width, height)[3]
    assert frame.shape == (*size, 3)
    assert np.array_equal(frame, kf.Video(path).frames(3, size=size))


@pytest.mark.parametrize("index", [5, np.int32(5), np.uint8(5), -55, np.int64(-55)])
def test_an_index_is_anything_that_is_a_whole_number(reader: VideoReader, index: Any, whole: Pixels) -> None:
    assert np.array_equal(reader[index], whole[5])


@pytest.mark.parametrize(
    ("index", "error"),
    [
        (60, IndexError),
        (-61, IndexError),
        (1.0, DECORDError),
        ([1], TypeError),
        ("1", TypeError),
        (None, TypeError),
        (np.array([1, 2]), ValueError),
    ],
)
def test_wrong_indices(reader: VideoReader, index: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        reader[index]


@pytest.mark.parametrize("key", [slice(None), slice(10), slice(50, 0, -9), slice(-3, None), slice(9, 2)])
def test_slices(reader: VideoReader, key: slice, whole: Pixels) -> None:
    frames = reader[key]
    assert frames.shape == whole[key].shape
    assert np.array_equal(frames, whole[key])


@pytest.mark.parametrize(
    ("indices", "frames"),
    [
        ([3, 0, 3, -1], [3, 0, 3, 59]),
        ((4, 2), [4, 2]),
        (range(6, 0, -3), [6, 3]),
        (np.array([[1, 2], [3, 4]]), [1, 2, 3, 4]),
        ([1.9, 2.2], [1, 2]),
        (np.linspace(0, 59, 4), [0, 19, 39, 59]),
        ([True, False], [1, 0]),
    ],
)
def test_batches(reader: VideoReader, indices: Any, frames: list[int], whole: Pixels) -> None:
    given = copy.deepcopy(indices)
    batch = reader.get_batch(indices)
    assert np.array_equal(batch, whole[frames])
    assert np.array_equal(given, indices)
    assert reader._position == frames[-1] + 1


@pytest.mark.parametrize(
    ("indices", "error"),
    [
        ([60], IndexError),
        ([0, -61], IndexError),
        ({1, 2}, TypeError),
        (slice(3), TypeError),
        ("abc", ValueError),
        (5, ValueError),
        (np.int64(5), ValueError),
        (None, TypeError),
    ],
)
def test_wrong_batches(reader: VideoReader, indices: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        reader.get_batch(indices)


def test_an_empty_batch_has_the_shape_of_frames(path: Path) -> None:
    batch = VideoReader(path, width=64).get_batch([])
    assert (batch.shape, batch.dtype) == ((0, 96, 64, 3), np.uint8)


@pytest.mark.parametrize(
    ("indices", "shape"), [(5, (2,)), (-1, (2,)), ([0, 1, 2], (3, 2)), ([[0, 1], [2, 3]], (2, 2, 2))]
)
def test_timestamps_keep_the_shape_of_the_indices(
    reader: VideoReader, indices: Any, shape: tuple[int, ...]
) -> None:
    times = reader.get_frame_timestamp(indices)
    assert times.shape == shape
    assert times.dtype == np.float32


def test_timestamps_are_intervals_that_begin_at_0() -> None:
    path = media.make("negative_pts.mp4")
    times = VideoReader(path).get_frame_timestamp(slice(None))
    video = kf.Video(path)
    assert times[0, 0] == 0
    assert np.array_equal(times[1:, 0], times[:-1, 1])
    assert np.allclose(times[:, 0], video.timestamps - video.timestamps[0])
    assert times[-1, 1] == pytest.approx(video.duration)
    assert VideoReader(path).get_frame_timestamp([]).shape == (0, 2)
    with pytest.raises(IndexError):
        VideoReader(path).get_frame_timestamp([len(video)])


def test_frames_are_decords_arrays_and_numpy_arrays(reader: VideoReader) -> None:
    frame = reader[0]
    assert isinstance(frame, decord.nd.NDArray)
    assert (frame.shape, str(frame.dtype), frame.ctx, frame.context) == (
        (96, 128, 3),
        "uint8",
        cpu(0),
        cpu(0),
    )
    plain = frame.asnumpy()
    assert type(plain) is np.ndarray
    assert plain.flags.c_contiguous
    plain[0, 0, 0] += 1  # writable
    assert frame.same_as(frame)
    assert not frame.same_as(reader[0])


def test_devices_compare_by_value_and_are_named() -> None:
    assert cpu(0) == cpu(0) == decord.nd.cpu()
    assert cpu(0) != cpu(1)
    assert (repr(cpu(0)), repr(gpu(1))) == ("cpu(0)", "gpu(1)")
    assert (cpu().device_type, gpu().device_type) == (1, 2)


def test_readers_and_frames_can_be_pickled_and_copied(reader: VideoReader, whole: Pixels) -> None:
    reader.seek_accurate(8)
    for other in (pickle.loads(pickle.dumps(reader)), copy.deepcopy(reader)):
        assert np.array_equal(other.next(), whole[8])
    frame = pickle.loads(pickle.dumps(reader[3]))
    assert isinstance(frame, decord.nd.NDArray)
    assert np.array_equal(frame.asnumpy(), whole[3])


def damaged_video(tmp_path: Path) -> Path:
    """Return a video of which some, but not all frames are damaged."""
    content = bytearray(media.make("open_gop.mp4").read_bytes())
    video = kf.Video(bytes(content))
    middle = len(content) // 2
    for position in range(middle, middle + 200):
        content[position] ^= 0x55
    path = tmp_path / "damaged.mp4"
    path.write_bytes(content)
    assert len(kf.Video(path)) == len(video)
    return path


def test_damaged_frames_are_returned_with_one_warning(tmp_path: Path) -> None:
    reader = VideoReader(damaged_video(tmp_path))
    with pytest.warns(UserWarning, match=r"damaged\.mp4.*is damaged"):
        assert reader.get_batch(range(60)).shape == (60, 96, 128, 3)
    assert 0 < len(reader._reader.damaged) < 60
    reader.get_batch(range(60))  # a second warning would be an error here


def test_fault_tol_limits_the_number_of_damaged_frames(tmp_path: Path) -> None:
    path = damaged_video(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = VideoReader(path)
        reader.get_batch(range(60))
        count = len(reader._reader.damaged)
        VideoReader(path, fault_tol=count).get_batch(range(60))
        VideoReader(path, fault_tol=count / 60).get_batch(range(60))
        for limit in (count - 1, (count - 0.5) / 60):
            if limit > 0:
                with pytest.raises(DECORDLimitReachedError):
                    VideoReader(path, fault_tol=limit).get_batch(range(60))


def test_a_frame_that_does_not_decode_is_an_error(tmp_path: Path) -> None:
    source = media.make("open_gop.mp4")
    path = tmp_path / "gone.mp4"
    path.write_bytes(source.read_bytes())
    reader = VideoReader(path)
    path.unlink()
    with pytest.raises(DECORDError, match=r"gone\.mp4"):
        reader.get_batch([0])


@pytest.mark.parametrize("name", ["AVReader", "AudioReader"])
def test_readers_of_sound_say_that_there_is_no_sound(path: Path, name: str) -> None:
    with pytest.raises(DECORDError, match="sound"):
        getattr(decord, name)(str(path), ctx=cpu(0), sample_rate=44100, mono=True)


def test_the_stream_is_ffmpegs_best() -> None:
    assert VideoReader(media.make("two_streams.mp4"))[0].shape == (96, 128, 3)
