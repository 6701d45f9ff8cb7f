"""A wrong argument of a loader is refused with the record, sampler or crop that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import kinetics_fast as kf

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

pytestmark = pytest.mark.ffmpeg


class Recipe:
    """A sampler and a crop that returns the given object."""

    clips = views = 1
    frames = 4
    size = (8, 8)

    def __init__(self, given: Any) -> None:
        self.given = given

    def __call__(self, *_: Any) -> Any:
        return self.given


SAMPLER = kf.UniformClips(4, stride=2)


def first(dataset: Any, sampler: Any = SAMPLER, crop: Any = None, **options: Any) -> kf.ClipBatch:
    return next(iter(kf.ClipLoader(dataset, sampler, crop, **{"size": 8, "batch_size": 1, **options})))


@pytest.mark.parametrize("item", [None, ["a.mp4", 0], ("a.mp4", 0, 1), 3])
def test_an_item_that_is_no_record_is_named(path: Path, item: Any) -> None:
    with pytest.raises(TypeError, match="source of record 1 of the data set must be a path"):
        first([path, item], batch_size=2)


@pytest.mark.parametrize("given", [[[0, 1, 2, 3]], None, np.zeros((1, 4)), np.zeros((2, 4), np.int64)])
def test_a_sampler_that_gives_something_else_is_named(path: Path, given: Any) -> None:
    with pytest.raises(TypeError, match=r"Recipe object.* must return int64"):
        first([path], Recipe(given))


@pytest.mark.parametrize("given", [None, [[1, 2, 3]], [0, 0, 1, 1], np.zeros((2, 4)), "abcd"])
def test_a_crop_that_gives_something_else_is_named(path: Path, given: Any) -> None:
    with pytest.raises(TypeError, match=r"Recipe object.* must return float64"):
        first([path], crop=Recipe(given))


def test_a_crop_may_give_a_list(path: Path) -> None:
    assert first([path], crop=Recipe([[0, 0, 16, 16]])).valid.all()


def test_a_crop_must_be_a_crop(path: Path) -> None:
    with pytest.raises(TypeError, match="crop must be callable with"):
        first([path], crop=0)


def buffers(count: int) -> list[NDArray[np.float32]]:
    return [np.empty((1, 3, 4, 8, 8), np.float32) for _ in range(count)]


def test_buffers_must_not_share_memory(path: Path) -> None:
    with pytest.raises(ValueError, match="buffers 0 and 2"):
        first([path], buffers=[*buffers(2), *buffers(1)][:2] * 2)
    first([path], buffers=np.empty((3, 1, 3, 4, 8, 8), np.float32))


@pytest.mark.parametrize("make", ["crop", "bounds"])
@pytest.mark.parametrize("on_error", ["raise", "zero"])
def test_a_video_that_does_not_suit_is_named_by_its_path(path: Path, make: str, on_error: str) -> None:
    crop = kf.CenterCrop(1000) if make == "crop" else None
    record = kf.Record(path) if make == "crop" else kf.Record(path, start=2.0, end=1.0)
    if on_error == "raise":
        with pytest.raises(kf.UnsupportedError, match=str(path)):
            first([record], crop=crop)
    else:
        error = first([record], crop=crop, on_error="zero").errors[0]
        assert isinstance(error, ValueError)
        assert isinstance(error, kf.Error)
        assert (error.path, error.stage) == (str(path), "plan")


@pytest.mark.parametrize(
    "change", [{"batch": 1.0}, {"epoch": "0"}, {"failed": None}, {"batch": -1}, {"epoch": -1}]
)
def test_states_that_were_changed_are_refused(path: Path, change: dict[str, Any]) -> None:
    loader = kf.ClipLoader([path] * 3, SAMPLER, size=8, batch_size=1)
    with pytest.raises(ValueError, match=next(iter(change))):
        loader.load_state_dict({**loader.state_dict(), **change})
    assert (loader.epoch, len(list(loader))) == (0, 3)
