"""The drop-in for torchvision.io: which frames are in a range, worked out from the times that PyAV reads."""

from __future__ import annotations

import importlib
import math
import types
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.compat import torchvision as ours
from support.smooth import smooth_video, turned_video
from videos import media

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.ffmpeg

NAMES = ["open_gop.mp4", "h264.ts", "edit_initial.mp4"]


def times_of(path: Path) -> tuple[list[int], Fraction]:
    """Return the times of the frames in ticks, and the time base, as PyAV decodes them."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        return sorted(frame.pts for frame in container.decode(stream)), stream.time_base


def expected(pts: list[int], start: float, end: float) -> list[int]:
    """Return the frames of a range by torchvision's rule: both ends, and the frame shown at the start."""
    chosen = [number for number, tick in enumerate(pts) if start <= tick <= end]
    before = [number for number, tick in enumerate(pts) if tick < start]
    if start > 0 and start not in pts and before:
        chosen.insert(0, before[-1])
    return chosen


@pytest.mark.parametrize("name", NAMES)
def test_ranges_in_seconds_and_in_ticks(name: str) -> None:
    path = media.make(name)
    video, (pts, time_base) = kf.Video(path), times_of(path)
    rng = np.random.default_rng(0)
    for start in rng.uniform(0, float(pts[-1] * time_base) + 0.5, 12):
        end = start + rng.uniform(0, 0.5)
        ticks = math.floor(start * (1 / time_base)), math.ceil(end * (1 / time_base))
        wanted = video.frames(expected(pts, *ticks))
        for arguments in ((start, end, "sec"), (*ticks, "pts")):
            frames, _, info = ours.read_video(path, *arguments)
            assert info == {"video_fps": video.fps}
            assert np.array_equal(frames.numpy(), wanted) or len(frames) == len(wanted) == 0


def test_a_range_between_two_exact_times_has_both() -> None:
    frames, _, _ = ours.read_video(smooth_video(), Fraction(10, 25), Fraction(12, 25), "sec")
    assert np.array_equal(frames.numpy(), kf.Video(smooth_video())[10:13])


def test_the_whole_video_is_the_default_and_sound_is_empty() -> None:
    frames, sound, info = ours.read_video(str(smooth_video()), pts_unit="sec")
    assert np.array_equal(frames.numpy(), kf.Video(smooth_video())[:])
    assert (tuple(sound.shape), sound.dtype, info) == ((1, 0), torch.float32, {"video_fps": 25.0})


def test_channels_come_first_on_request() -> None:
    frames, _, _ = ours.read_video(smooth_video(), 0, 1, "sec", output_format="tchw")
    assert tuple(frames.shape) == (26, 3, 120, 160)


def test_rotation_is_applied() -> None:
    assert tuple(ours.read_video(turned_video(), 0, 0.1, "sec")[0].shape)[1:] == (160, 120, 3)


def test_a_file_that_cannot_be_read_is_empty(tmp_path: Path) -> None:
    text = tmp_path / "text.mp4"
    text.write_text("no video")
    for path in (text, tmp_path / "missing.mp4"):
        frames, sound, info = ours.read_video(path, pts_unit="sec")
        assert (tuple(frames.shape), frames.dtype, tuple(sound.shape), info) == (
            (0, 1, 1, 3),
            torch.uint8,
            (1, 0),
            {},
        )
        assert tuple(ours.read_video(path, output_format="TCHW")[0].shape) == (0, 3, 1, 1)
        with pytest.warns(RuntimeWarning, match="cannot read"):
            assert ours.read_video_timestamps(path) == ([], None)


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"start_pts": 2, "end_pts": 1}, "end_pts must be at least start_pts"),
        ({"output_format": "HWC"}, "output_format must be 'THWC' or 'TCHW', got 'HWC'"),
        ({"pts_unit": "frames"}, "pts_unit must be 'pts' or 'sec', got 'frames'"),
    ],
)
def test_wrong_arguments_are_value_errors(arguments: dict[str, Any], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        ours.read_video(smooth_video(), **arguments)


@pytest.mark.parametrize("name", NAMES)
def test_timestamps_are_those_of_pyav(name: str) -> None:
    path = media.make(name)
    pts, time_base = times_of(path)
    assert ours.read_video_timestamps(path)[0] == pts
    seconds, fps = ours.read_video_timestamps(path, "sec")
    assert seconds == [tick * time_base for tick in pts]
    assert fps == kf.Video(path).fps


def test_a_reader_gives_every_frame_and_its_time() -> None:
    video = kf.Video(smooth_video())
    for source in (
        str(smooth_video()),
        smooth_video().read_bytes(),
        torch.frombuffer(bytearray(smooth_video().read_bytes()), dtype=torch.uint8),
    ):
        reader = ours.VideoReader(source)
        items = list(reader)
        assert np.array_equal(np.stack([item["data"].permute(1, 2, 0).numpy() for item in items]), video[:])
        assert [item["pts"] for item in items] == video.timestamps.tolist()
        assert next(iter(reader), None) is None


@pytest.mark.parametrize(("time", "exact"), [(0, 0), (-3, 0), (0.4, 10), (0.41, 11), (1.35, 34), (9, None)])
def test_seeking_is_exact_or_goes_to_the_key_frame_before(time: float, exact: int | None) -> None:
    reader = ours.VideoReader(str(smooth_video()), "video:0")
    found = next(reader.seek(time), None)
    assert (None if found is None else round(found["pts"] * 25)) == exact
    with av.open(str(smooth_video())) as container:
        keys = [frame.time for frame in container.decode(video=0) if frame.key_frame]
    assert len(keys) > 3
    wanted = max(key for key in keys if key <= max(time, 0))
    assert next(reader.seek(time, keyframes_only=True))["pts"] == pytest.approx(wanted)


def test_a_reader_has_metadata_and_one_stream() -> None:
    reader = ours.VideoReader(smooth_video())
    assert reader.get_metadata() == {"video": {"fps": [25.0], "duration": [2.4]}}
    assert reader.set_current_stream("video")
    assert not reader.set_current_stream("audio")
    reader.container.close()
    with pytest.raises(ValueError, match="kinetics_fast reads pictures only"):
        ours.VideoReader(smooth_video(), "audio")


def test_the_functions_of_a_module_are_replaced_and_put_back() -> None:
    peer: Any = types.SimpleNamespace(read_video=len)
    undo = ours.patch(peer)
    assert peer.read_video is ours.read_video
    assert peer.VideoReader is ours.VideoReader
    undo()
    assert vars(peer) == {"read_video": len}


@pytest.mark.filterwarnings("ignore")
def test_the_real_torchvision_reads_the_same_ranges() -> None:
    peer = pytest.importorskip("torchvision.io")
    if not hasattr(importlib.import_module("torchvision.io"), "read_video"):
        pytest.skip("torchvision has no read_video from 0.26 on")
    rng = np.random.default_rng(0)
    for start in rng.uniform(0, 2.6, 20):
        arguments: Any = (str(smooth_video()), start, start + rng.uniform(0, 1), "sec")
        mine, theirs = ours.read_video(*arguments), peer.read_video(*arguments)
        assert mine[0].shape == theirs[0].shape
        assert (mine[0].float() - theirs[0].float()).abs().mean() <= 2
        assert mine[2] == theirs[2]
    assert ours.read_video_timestamps(str(smooth_video())) == peer.read_video_timestamps(str(smooth_video()))
