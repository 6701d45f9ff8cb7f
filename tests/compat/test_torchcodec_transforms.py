"""The drop-in of torchcodec: transforms become one box and one size, and samplers have torchcodec's rules."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.compat.torchcodec import samplers
from kinetics_fast.compat.torchcodec.decoders import VideoDecoder
from kinetics_fast.compat.torchcodec.transforms import CenterCrop, RandomCrop, Resize
from support.smooth import assert_same_frames, smooth_video
from videos.media import Pixels

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.ffmpeg


def decoded(path: Path, *transforms: Any) -> Pixels:
    frames: Pixels = VideoDecoder(path, transforms=transforms, dimension_order="NHWC")[::7].numpy()
    return frames


def test_a_resize_is_the_size_of_the_frames(path: Path) -> None:
    expected = kf.Video(path).frames(range(0, 60, 7), size=(50, 70))
    assert np.array_equal(decoded(path, Resize((50, 70))), expected)
    assert np.array_equal(decoded(path, Resize((20, 20)), Resize((50, 70))), expected)


def boxed(path: Path, x: float, y: float, width: float, height: float) -> Pixels:
    clip = kf.Clip(path, indices=range(0, 60, 7), box=(x, y, width, height))
    frames: Pixels = kf.decode_clips([clip]).frames[0]
    return frames


def test_a_crop_is_a_box(path: Path, whole: Pixels) -> None:
    assert np.array_equal(decoded(path, CenterCrop((50, 70))), boxed(path, 29, 23, 70, 50))
    assert np.array_equal(decoded(path, CenterCrop((96, 128))), whole[::7])
    torch.manual_seed(3)
    top, left = int(torch.randint(0, 47, size=())), int(torch.randint(0, 59, size=()))
    torch.manual_seed(3)
    assert np.array_equal(decoded(path, RandomCrop((50, 70))), boxed(path, left, top, 70, 50))
    twice = decoded(path, CenterCrop((50, 70)), CenterCrop((10, 20)))
    assert np.array_equal(twice, boxed(path, 54, 43, 20, 10))


def test_the_order_of_transforms_counts() -> None:
    path = smooth_video()
    resized = kf.Video(path).frames(range(0, 60, 7), size=(100, 140))
    cropped = decoded(path, Resize((100, 140)), CenterCrop((60, 60)))
    assert_same_frames(cropped, resized[:, 20:80, 40:100])
    clip = kf.Clip(path, indices=range(0, 60, 7), box=(50, 30, 60, 60))
    expected = kf.decode_clips([clip], (100, 140)).frames[0]
    assert np.array_equal(decoded(path, CenterCrop((60, 60)), Resize((100, 140))), expected)


def torchvision_transform(name: str, **options: Any) -> Any:
    """Return an object that looks like a transform of torchvision."""
    made = type(name, (), {"__module__": "torchvision.transforms.v2._geometry"})()
    vars(made).update(options)
    return made


def test_transforms_of_torchvision_are_accepted_if_torchcodec_accepts_them(path: Path) -> None:
    bilinear = SimpleNamespace(value="bilinear")
    given = torchvision_transform("Resize", size=[50, 70], interpolation=bilinear, antialias=True)
    assert np.array_equal(decoded(path, given), decoded(path, Resize((50, 70))))
    for wrong in (
        torchvision_transform("Resize", size=[50, 70], interpolation=bilinear, antialias=False),
        torchvision_transform("Resize", size=[50, 70], interpolation="bicubic", antialias=True),
        torchvision_transform("Resize", size=[50], interpolation=bilinear, antialias=True),
        torchvision_transform("Resize", size=None, interpolation=bilinear, antialias=True),
        torchvision_transform("Pad", size=[50, 70]),
        object(),
    ):
        with pytest.raises(ValueError, match="ransform"):
            decoded(path, wrong)


def test_wrong_sizes_of_transforms(path: Path) -> None:
    with pytest.raises(ValueError, match="pair"):
        Resize((5,))
    with pytest.raises(ValueError, match="smaller than the crop size"):
        decoded(path, RandomCrop((97, 10)))
    for wrong in (CenterCrop((97, 10)), Resize((0, 10)), Resize((-1, 10))):
        with pytest.raises(RuntimeError):
            decoded(path, wrong)


SAMPLERS: list[tuple[Any, Any, dict[str, Any]]] = [
    (
        samplers.clips_at_random_indices,
        kf.conventions.TorchCodecRandomIndices,
        {"num_clips": 5, "num_frames_per_clip": 4, "num_indices_between_frames": 3},
    ),
    (
        samplers.clips_at_regular_indices,
        kf.conventions.TorchCodecRegularIndices,
        {"num_clips": 3, "num_frames_per_clip": 4, "sampling_range_start": -9, "sampling_range_end": -1},
    ),
    (
        samplers.clips_at_random_timestamps,
        kf.conventions.TorchCodecRandomTimestamps,
        {"num_clips": 4, "num_frames_per_clip": 3, "seconds_between_frames": 0.3},
    ),
    (
        samplers.clips_at_regular_timestamps,
        kf.conventions.TorchCodecRegularTimestamps,
        {"seconds_between_clip_starts": 0.5, "num_frames_per_clip": 2, "policy": "wrap"},
    ),
]


class _Drawn:
    """torch's numbers for the sampler of `kinetics_fast.conventions`."""

    def integers(self, low: int, high: int, size: int) -> Any:
        return torch.randint(low, high, (size,)).numpy()

    def random(self, size: int) -> Any:
        return torch.rand(size, dtype=torch.float64).numpy()


@pytest.mark.parametrize(("sample", "convention", "arguments"), SAMPLERS)
def test_samplers_return_the_clips_of_the_convention(
    path: Path, whole: Pixels, sample: Any, convention: Any, arguments: dict[str, Any]
) -> None:
    decoder = VideoDecoder(path)
    torch.manual_seed(7)
    batch = sample(decoder, **arguments)
    torch.manual_seed(7)
    expected = convention(**arguments)(kf.Video(path), _Drawn())
    assert batch.data.shape == (*expected.shape, 3, 96, 128)
    assert np.array_equal(batch.data.movedim(-3, -1).numpy(), whole[expected])
    assert np.array_equal(batch.pts_seconds.numpy(), kf.Video(path).timestamps[expected])
    assert batch.duration_seconds.shape == expected.shape
    torch.manual_seed(8)
    if "random" in sample.__name__:
        assert not torch.equal(sample(decoder, **arguments).pts_seconds, batch.pts_seconds)


@pytest.mark.parametrize(("sample", "convention", "arguments"), SAMPLERS)
def test_wrong_arguments_of_samplers_are_value_errors(
    path: Path, sample: Any, convention: Any, arguments: dict[str, Any]
) -> None:
    del convention
    decoder = VideoDecoder(path)
    for wrong in ({"num_frames_per_clip": 0}, {"policy": "none"}, {"sampling_range_start": 1000}):
        with pytest.raises(ValueError, match=r".+"):
            sample(decoder, **arguments | wrong)
    late = {
        "sampling_range_start": 59 if "indices" in sample.__name__ else decoder._end_stream_seconds - 0.01
    }
    with pytest.raises(ValueError, match="policy"):
        sample(decoder, **arguments | late | {"policy": "error", "sampling_range_end": 60})
    decoder.metadata.average_fps = None
    if "timestamps" in sample.__name__:
        with pytest.raises(ValueError, match="average_fps"):
            sample(decoder, **arguments)
