"""The drop-in for torchcodec: what a decoder is made of, and what it says of the file."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.compat.torchcodec.decoders import VideoDecoder, VideoStreamMetadata
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


@pytest.mark.parametrize(
    "kind",
    [
        str,
        Path,
        Path.read_bytes,
        lambda path: io.BytesIO(path.read_bytes()),
        lambda path: torch.from_numpy(np.fromfile(path, np.uint8)),
    ],
)
def test_sources(kind: Any, path: Path, whole: Pixels) -> None:
    assert np.array_equal(pixels(VideoDecoder(kind(path))[7]), whole[7])


def test_a_file_object_is_read_from_its_beginning(path: Path, whole: Pixels) -> None:
    with path.open("rb") as file:
        file.seek(100)
        decoder = VideoDecoder(file)
    assert np.array_equal(pixels(decoder[7]), whole[7])
    with pytest.raises(ValueError, match="closed"):
        VideoDecoder(file)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (5, TypeError),
        (None, TypeError),
        ([1], TypeError),
        ("nothing.mp4", RuntimeError),
        (__file__, RuntimeError),
        (b"", ValueError),
        (b"no video", RuntimeError),
        (torch.zeros(9), RuntimeError),
        (torch.zeros(0, dtype=torch.uint8), RuntimeError),
        (io.StringIO("text"), TypeError),
    ],
)
def test_wrong_sources(source: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        VideoDecoder(source)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"dimension_order": "NCDHW"}, ValueError),
        ({"seek_mode": "fast"}, ValueError),
        ({"num_ffmpeg_threads": None}, ValueError),
        ({"num_ffmpeg_threads": "a"}, RuntimeError),
        ({"num_ffmpeg_threads": -1}, RuntimeError),
        ({"device": "cuda"}, RuntimeError),
        ({"device": "cuda:1"}, RuntimeError),
        ({"device": "no device"}, RuntimeError),
        ({"stream_index": 40}, ValueError),
        ({"custom_frame_mappings": "{}"}, ValueError),
        ({"custom_frame_mappings": "not json"}, ValueError),
        ({"custom_frame_mappings": '{"frames": [{"pts": 0}]}'}, ValueError),
        ({"custom_frame_mappings": "{}", "seek_mode": "approximate"}, ValueError),
    ],
)
def test_wrong_arguments(path: Path, arguments: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        VideoDecoder(path, **arguments)
    with pytest.raises(TypeError):
        VideoDecoder(path, 0)  # type: ignore[call-arg]


def test_what_is_accepted_and_changes_nothing(path: Path, whole: Pixels) -> None:
    frames = [{"pts": n, "duration": 1, "key_frame": 1} for n in range(60)]
    for arguments in (
        {"seek_mode": "approximate", "num_ffmpeg_threads": 0, "device": torch.device("cpu")},
        {"custom_frame_mappings": json.dumps({"frames": frames})},
        {"custom_frame_mappings": io.StringIO(json.dumps({"frames": frames}))},
    ):
        assert np.array_equal(pixels(VideoDecoder(path, **arguments)[7]), whole[7])


def test_the_default_device_of_torch_counts(path: Path) -> None:
    with torch.device("meta"), pytest.raises(RuntimeError, match="Unsupported device: meta"):
        VideoDecoder(path)


def test_metadata(path: Path) -> None:
    decoder, video = VideoDecoder(path), kf.Video(path)
    metadata = decoder.metadata
    assert isinstance(metadata, VideoStreamMetadata)
    assert (metadata.width, metadata.height, metadata.num_frames, metadata.codec) == (128, 96, 60, "h264")
    assert metadata.average_fps == pytest.approx(25)
    assert metadata.begin_stream_seconds == video.timestamps[0]
    assert metadata.duration_seconds == video.duration
    assert metadata.end_stream_seconds == video.timestamps[0] + video.duration
    assert metadata.stream_index == decoder.stream_index == 0
    assert metadata.pixel_format == "yuv420p"
    assert repr(metadata).startswith("VideoStreamMetadata:\n  duration_seconds_from_header: ")
    metadata.path = "what datasets writes"  # type: ignore[attr-defined]
    decoder._hf_encoded = None  # type: ignore[attr-defined]
    assert not decoder.cpu_fallback
    assert "No fallback required" in str(decoder.cpu_fallback)
    assert decoder._get_key_frame_indices().tolist() == video.keyframes.tolist()
