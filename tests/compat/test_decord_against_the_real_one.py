"""Random calls to the drop-in and to the real decord: same shapes, order, positions and types of errors.

Pixels may differ as the converters do: by little on average, and less than from the neighbouring frames.
"""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kinetics_fast.compat import decord as ours
from support.smooth import LEVELS, assert_same_frames, distance, smooth_video, turned_video

theirs = pytest.importorskip("decord", exc_type=ImportError)
pytestmark = pytest.mark.ffmpeg

VIDEOS = {"smooth": smooth_video, "turned": turned_video}


def outcome(call: Any) -> Any:
    """Return what a call gives: pixels as an array, other values as they are, or the type of the error."""
    try:
        value = call()
    except Exception as error:
        return type(error)
    return value.asnumpy() if hasattr(value, "asnumpy") else value


def assert_alike(mine: Any, real: Any, what: str) -> None:
    if isinstance(real, type):
        assert isinstance(mine, type), f"{what}: {real} expected, got {mine}"
        # Each library has a DECORDError of its own; that of the drop-in may be a RuntimeError as well.
        bases = [base.__name__ for base in mine.__mro__]
        assert real.__name__ in bases, f"{what}: {mine} instead of {real}"
        return
    assert not isinstance(mine, type), f"{what}: {mine}"
    if not isinstance(real, np.ndarray):
        assert mine == real, what
        return
    assert (mine.shape, mine.dtype) == (real.shape, real.dtype), what
    if mine.dtype == np.uint8:
        assert not real.size or distance(mine, real) <= LEVELS, what
    else:
        assert np.allclose(mine, real, atol=1e-3), what


def random_call(rng: np.random.Generator, count: int) -> tuple[str, tuple[Any, ...]]:
    number = int(rng.integers(-count - 2, count + 2))
    several = rng.integers(-count, count, rng.integers(0, 5))
    calls: list[tuple[str, tuple[Any, ...]]] = [
        ("__getitem__", (number,)),
        ("__getitem__", (slice(number, None, int(rng.integers(3, 9))),)),
        ("get_batch", (several.tolist(),)),
        ("get_batch", (several + 0.5 * (several >= 0),)),
        ("get_frame_timestamp", (several.tolist(),)),
        ("get_frame_timestamp", (number,)),
        ("seek_accurate", (number,)),
        ("skip_frames", (int(rng.integers(0, 4)),)),
        ("next", ()),
        ("next", ()),
        ("get_key_indices", ()),
        ("get_avg_fps", ()),
    ]
    return calls[rng.integers(len(calls))]


@pytest.mark.parametrize("name", VIDEOS)
def test_random_calls_give_the_same(name: str) -> None:
    rng = np.random.default_rng(4)
    path = str(VIDEOS[name]())
    mine, real = ours.VideoReader(path, ours.cpu(0)), theirs.VideoReader(path, theirs.cpu(0))
    count = len(real)
    assert len(mine) == count
    for step in range(150):
        call, arguments = random_call(rng, count)
        results = [outcome(partial(getattr(reader, call), *arguments)) for reader in (mine, real)]
        assert_alike(results[0], results[1], f"step {step}: {call}{arguments}")


@pytest.mark.parametrize("name", VIDEOS)
@pytest.mark.parametrize("size", [(-1, -1), (100, 80)])
def test_each_frame_is_the_real_readers_frame(name: str, size: tuple[int, int]) -> None:
    path = str(VIDEOS[name]())
    mine = ours.VideoReader(path, ours.cpu(0), *size)[:].asnumpy()
    assert_same_frames(mine, theirs.VideoReader(path, theirs.cpu(0), *size)[:].asnumpy())


@pytest.mark.parametrize(
    "call",
    [
        lambda reader, _: reader[1.5],
        lambda reader, _: reader["1"],
        lambda reader, _: reader[[1]],
        lambda reader, _: reader[None],
        lambda reader, _: reader[np.array([1, 2])],
        lambda reader, _: reader.get_batch("abc"),
        lambda reader, _: reader.get_batch({1}),
        lambda reader, _: reader.get_batch([[0, 1], [2, 3]]),
        lambda reader, _: reader.get_batch([True, False]),
        lambda reader, _: reader.get_batch(slice(3)),
        lambda reader, _: reader.seek(-1),
        lambda reader, _: reader.seek(1.5),
        lambda reader, _: reader.seek_accurate(10**6),
        lambda reader, _: reader.skip_frames(0),
        lambda reader, _: reader.get_frame_timestamp([[0, 1], [2, 3]]),
        lambda _, library: library.VideoReader("nothing.mp4"),
        lambda _, library: library.VideoReader(__file__),
        lambda reader, library: library.VideoReader(reader.path, ctx="cpu"),
        lambda reader, library: library.VideoReader(reader.path, ctx=library.gpu(0)),
        lambda reader, library: library.VideoReader(reader.path, width=64.0),
        lambda reader, library: library.VideoReader(reader.path, width=64)[2],
        lambda reader, library: library.VideoReader(reader.path, width=64, height=48)[2],
        lambda reader, library: library.VideoReader(io.BytesIO(Path(reader.path).read_bytes()))[2],
        lambda _, library: library.bridge.set_bridge("numpy"),
        lambda _, library: library.bridge.set_bridge(None),
    ],
)
def test_hostile_calls_give_the_same_error(call: Any, capfd: pytest.CaptureFixture[str]) -> None:
    path = str(smooth_video())
    readers = [library.VideoReader(path) for library in (ours, theirs)]
    for reader in readers:
        reader.path = path
    mine, real = (outcome(partial(call, *pair)) for pair in zip(readers, (ours, theirs), strict=True))
    assert_alike(mine, real, "the call")
    capfd.readouterr()  # decord prints


@pytest.mark.parametrize(("interval", "skip"), [(0, 0), (1, 5), (2, 0), (3, 7)])
def test_the_loader_gives_the_same_batches(interval: int, skip: int) -> None:
    paths = [str(smooth_video()), str(turned_video())]
    loaders = [
        library.VideoLoader(paths, [library.cpu(0)], (4, 48, 64, 3), interval, skip, shuffle=0)
        for library in (ours, theirs)
    ]
    assert len(loaders[0]) == len(loaders[1])
    batches = [[(f.asnumpy(), i.asnumpy()) for f, i in loader] for loader in loaders]
    for (frames, indices), (real_frames, real_indices) in zip(*batches, strict=True):
        assert np.array_equal(indices, real_indices)
        assert indices.dtype == real_indices.dtype
        assert_alike(frames, real_frames, f"batch {indices.tolist()}")


@pytest.mark.parametrize("shuffle", [1, 2])
def test_a_shuffling_loader_has_as_many_batches(shuffle: int) -> None:
    paths = [str(smooth_video()), str(turned_video())]
    arguments = (4, 48, 64, 3), 1, 5, shuffle
    mine = ours.VideoLoader(paths, ours.cpu(0), *arguments)
    real = theirs.VideoLoader(paths, theirs.cpu(0), *arguments)
    assert len(mine) == len(real)
    seen = [indices.asnumpy().tolist() for _, indices in mine]
    assert sorted(seen) == sorted(indices.asnumpy().tolist() for _, indices in real)
    mine.reset()
    assert sorted(seen) == sorted(indices.tolist() for _, indices in mine)
