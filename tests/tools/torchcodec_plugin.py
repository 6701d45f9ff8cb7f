"""A pytest plugin that puts the drop-in into the real torchcodec, for `tools.run_peer_suites`.

torchcodec's tests use its private modules, so that the real library has to be there. The plugin replaces its
video decoder, its frames and its transforms.

The reference pictures of the tests are bit-exact results of swscale, from which kinetics_fast differs in
the last digits. Where a reference is not equal, the plugin demands instead that the frame differs by at
most 2 levels on average, and that it is nearer to the reference than the frames before and after it. For
the second comparison, the average difference of each channel is subtracted: swscale is darker by a nearly
constant amount, which is more than what changes from one frame to the next in a still scene. The plugin
counts these frames.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import kinetics_fast as kf
from kinetics_fast.compat import torchcodec as ours
from kinetics_fast.compat.reading import open_video
from kinetics_fast.compat.torchcodec.decoders import _metadata as our_metadata

LEVELS = 2.0
_counted = {"equal": 0, "near": 0}
_largest = 0.0


def _replace() -> None:
    """Put the drop-in in place, now: a conftest.py imports torchcodec before any hook of pytest is called."""
    import torchcodec
    from torchcodec import decoders, transforms
    from torchcodec._core import _metadata
    from torchcodec.samplers import _common, _index_based, _time_based

    for module, replaced, names in (
        (torchcodec, ours, ("Frame", "FrameBatch")),
        (decoders, ours.decoders, ("VideoDecoder", "VideoStreamMetadata")),
        (transforms, ours.transforms, ("CenterCrop", "DecoderTransform", "RandomCrop", "Resize")),
        (_metadata, our_metadata, ("StreamMetadata",)),
        (_common, ours, ("FrameBatch",)),
        (_index_based, ours, ("FrameBatch",)),
        (_time_based, ours, ("FrameBatch",)),
    ):
        for name in names:
            setattr(module, name, getattr(replaced, name))


_replace()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Replace the comparison of frames in the modules of the tests, and mark where references come from."""
    modules = {item.module for item in items if isinstance(item, pytest.Function)}
    for module in modules:
        utils = __import__(f"{module.__package__}.utils", fromlist=["utils"])
        vars(module)["assert_frames_equal"] = _assert_near
        for name in ("get_frame_data_by_index", "get_frame_data_by_range"):
            method = getattr(utils.TestVideo, name)
            if not hasattr(method, "marking"):
                setattr(utils.TestVideo, name, _marking(name, method))


def _marking(name: str, method: Any) -> Any:
    """Return the method, so that its tensors know which frames of which file they show."""

    def call(video: Any, *args: Any, **kwargs: Any) -> Any:
        tensor = method(video, *args, **kwargs)
        stream = kwargs.get("stream_index")
        if not kwargs.get("filters"):
            numbers = _range(*args, **kwargs) if name.endswith("range") else [args[0]]
            tensor.shown = video.path, video.default_stream_index if stream is None else stream, numbers
        return tensor

    call.marking = True  # type: ignore[attr-defined]
    return call


def _range(start: int, stop: int, step: int = 1, **_: Any) -> list[int]:
    return list(range(start, stop, step))


def _assert_near(first: Any, second: Any, **_: Any) -> None:
    global _largest
    reference, frames = (second, first) if hasattr(second, "shown") else (first, second)
    assert first.shape == second.shape
    assert first.dtype == second.dtype
    if bool((first == second).all()):
        _counted["equal"] += 1
        return
    # The words are those of torch.testing, which some tests expect.
    assert hasattr(reference, "shown"), "Tensor-likes are not equal, and none of them is a reference"
    path, stream, numbers = reference.shown
    video = _video(path, stream)
    for reference_frame, frame, number in zip(_frames(reference), _frames(frames), numbers, strict=True):
        distance = _distance(reference_frame, frame)
        assert distance <= LEVELS, f"frame {number} differs by {distance} levels on average"
        for neighbour in {max(number - 1, 0), min(number + 1, len(video) - 1)} - {number}:
            other = __import__("torch").from_numpy(video[neighbour]).permute(2, 0, 1)
            nearer = _distance(reference_frame, frame, centred=True) < _distance(
                reference_frame, other, centred=True
            )
            assert nearer, f"frame {number} looks like {neighbour}"
        _counted["near"] += 1
        _largest = max(_largest, distance)


@cache
def _video(path: Path, stream: int) -> kf.Video:
    return open_video(path, stream)


def _frames(tensor: Any) -> Any:
    return tensor.reshape(-1, *tensor.shape[-3:])


def _distance(first: Any, second: Any, *, centred: bool = False) -> float:
    """Return the difference in levels on average; if centred, less the average of each channel."""
    difference = first.float() - second.float()
    if centred:
        difference = difference - difference.mean((-2, -1), keepdim=True)
    return float(difference.abs().mean())


def pytest_sessionfinish() -> None:
    notes = Path(os.environ.get("KF_NOTES", os.devnull))
    near, equal = _counted["near"], _counted["equal"]
    if near:
        text = f"{near} frames differ from bit-exact references, by at most {_largest:.2f} levels on average"
        notes.write_text(f"{text}; {equal} comparisons were equal\n")
