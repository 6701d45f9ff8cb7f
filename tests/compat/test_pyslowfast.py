"""SlowFast's decoding with the drop-in takes the frames of the samplers that reproduce SlowFast."""

from __future__ import annotations

import random
import sys
import types
from typing import Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.compat import pyslowfast as ours
from support.smooth import smooth_video
from videos import media

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.ffmpeg


class Random:
    """The generator that SlowFast draws with, as samplers take one."""

    def uniform(self, low: float, high: float) -> float:
        return random.uniform(low, high)


def ends_of_clips(
    video_size: float, clip_sizes: list[float], clip_idx: int, num_clips_uniform: int, **options: Any
) -> Any:
    """Stand in for SlowFast's get_multiple_start_end_idx, for one clip."""
    free = max(video_size - clip_sizes[0], 0)
    even = free // (num_clips_uniform - 1) if options["use_offset"] else free / num_clips_uniform
    start = random.uniform(0, free) if clip_idx == -1 else even * clip_idx
    return np.array([[start, start + clip_sizes[0] - 1, 0.0]])


@pytest.fixture(autouse=True)
def slowfast(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Put modules with the names of SlowFast in place."""
    package: Any = types.ModuleType("slowfast")
    package.datasets = types.ModuleType("slowfast.datasets")
    package.datasets.decoder = types.ModuleType("slowfast.datasets.decoder")
    package.datasets.video_container = types.ModuleType("slowfast.datasets.video_container")
    package.datasets.decoder.get_multiple_start_end_idx = ends_of_clips
    package.datasets.decoder.torchvision_decode = package.datasets.video_container.get_video_container = len
    for module in (package, package.datasets, package.datasets.decoder, package.datasets.video_container):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return package.datasets


def select(spans: list[Any], fps: float, whole: bool, times: Any, count: int, rate: int) -> list[int]:
    """Select frames as SlowFast does, and return their numbers."""
    size = max(1.0, rate * count / 30 * fps)
    start, end = times[0, :2] if whole else (0, size - 1)
    positions = torch.linspace(start, end, count).clamp(0, spans[0].shape[0] - 1).long()
    frames = torch.index_select(spans[0], 0, positions)
    assert frames.dtype == torch.uint8
    every = kf.Video(smooth_video())[:]
    return [int((every == frame.numpy()).mean((1, 2, 3)).argmax()) for frame in frames]


@pytest.mark.parametrize(("count", "rate"), [(8, 2), (4, 6), (4, 8), (8, 12)])
@pytest.mark.parametrize("use_offset", [False, True])
@pytest.mark.parametrize("clip", [-1, 0, 3, 9])
def test_frames_are_those_of_the_samplers(count: int, rate: int, use_offset: bool, clip: int) -> None:
    video = kf.Video(smooth_video())
    random.seed(7)
    spans, fps, whole, times = ours.torchvision_decode(
        smooth_video(), [rate], [count], clip, {}, 10, use_offset=use_offset
    )
    assert whole == (count * rate >= 60)
    if whole:
        times = ends_of_clips(60, [rate * count / 30 * fps], clip, 10, use_offset=use_offset)
    numbers = select(spans, fps, whole, times, count, rate)
    random.seed(7)
    conventions = kf.conventions
    if clip == -1:
        wanted = conventions.PySlowFastTrain(count, rate)(video, Random())[0]  # type: ignore[arg-type]
    else:
        wanted = conventions.PySlowFastTest(count, rate, 10, use_offset=use_offset)(video)[clip]
    assert numbers == wanted.tolist()


def test_only_selected_frames_are_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[list[int]] = []

    def decode(video: kf.Video, numbers: Any, _threads: Any, **pixels: Any) -> Any:
        decoded.append(list(numbers))
        return video.frames(list(numbers), **pixels)

    monkeypatch.setattr(ours, "decode", decode)
    (span,), *_ = ours.torchvision_decode(smooth_video(), [4], [8], 0, {}, 10)
    torch.index_select(span, 0, torch.tensor([0, 4, 8]))
    assert decoded == [[0, 4, 8]]
    assert tuple(span.clone().shape) == span.shape  # any other use decodes the whole stretch, once
    assert tuple(torch.flip(span, [0]).shape) == span.shape
    assert decoded[1:] == [list(range(span.shape[0]))]


@pytest.mark.parametrize(("short", "size"), [(0, (120, 160)), (60, (60, 80)), (50, (50, 67))])
def test_the_short_side_is_resized_while_decoding(short: int, size: tuple[int, int]) -> None:
    (span,), *_ = ours.torchvision_decode(smooth_video(), [2], [4], 0, {}, 10, max_spatial_scale=short)
    assert torch.index_select(span, 0, torch.tensor([0])).shape[1:3] == size


def test_the_properties_of_the_video_are_filled_in_once() -> None:
    meta: dict[str, Any] = {}
    ours.torchvision_decode(smooth_video(), [2], [4], 0, meta, 10)
    assert meta["has_video"]
    assert not meta["has_audio"]
    facts = (meta["video_fps"], meta["video_duration"], meta["video_denominator"])
    assert facts == (25.0, 2.4, kf.Video(smooth_video()).time_base.denominator)


def test_the_functions_of_slowfast_are_replaced_and_put_back(slowfast: Any) -> None:
    undo = ours.patch()
    assert slowfast.decoder.torchvision_decode is ours.torchvision_decode
    container = slowfast.video_container.get_video_container(media.make("open_gop.mp4"), False, "torchvision")
    assert slowfast.decoder.torchvision_decode(container, [2], [4], 0, {}, 10)[0][0].shape[1:] == (96, 128, 3)
    undo()
    assert slowfast.video_container.get_video_container is len
    assert slowfast.decoder.torchvision_decode is len
