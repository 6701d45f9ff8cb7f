"""A `Batch` makes its small arrays when somebody asks for them, and is a value like any other dataclass."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast import _core
from kinetics_fast._decode.pixels import Pixels

if TYPE_CHECKING:
    from pathlib import Path

ARRAYS = {"timestamps": np.float64, "indices": np.int64, "status": np.uint8}


def test_small_arrays_are_made_when_somebody_asks_for_them(clips: list[kf.Clip]) -> None:
    batch = kf.decode_clips(clips, size=8)
    assert not {*ARRAYS, "stats"} & set(vars(batch))
    for name, kind in ARRAYS.items():
        array = getattr(batch, name)
        assert array.shape == (3, 5)
        assert array.dtype == kind
        assert getattr(batch, name) is array
    assert batch.indices.tolist() == [list(clip.indices) for clip in clips]
    assert batch.stats["frames_converted"] > 0
    assert batch.stats is batch.stats


def test_a_list_of_clips_that_is_changed_later_does_not_change_the_batch(path: Path) -> None:
    clips = [kf.Clip(path, start=3, frames=2)]
    batch = kf.decode_clips(clips, size=8)
    clips[0] = kf.Clip(path, start=9, frames=2)
    assert batch.indices.tolist() == [[3, 4]]


def test_a_batch_is_copied_pickled_and_replaced_with_all_its_arrays(clips: list[kf.Clip]) -> None:
    batch = kf.decode_clips(clips, size=8)
    fields = [field.name for field in dataclasses.fields(batch)]
    assert fields == ["frames", "timestamps", "indices", "status", "errors", "stats"]
    copies = (
        pickle.loads(pickle.dumps(batch)),
        copy.copy(batch),
        copy.deepcopy(batch),
        dataclasses.replace(batch),
    )
    for again in copies:
        assert set(vars(again)) == set(fields)
        for name in ("frames", *ARRAYS):
            assert np.array_equal(getattr(again, name), getattr(batch, name))
        assert again.stats == batch.stats
    assert dataclasses.asdict(batch)["stats"] == batch.stats


def test_a_batch_cannot_be_changed_and_has_no_other_attributes(clips: list[kf.Clip]) -> None:
    batch: Any = kf.decode_clips(clips, size=8)
    with pytest.raises(dataclasses.FrozenInstanceError):
        batch.status = None
    with pytest.raises(AttributeError, match="labels"):
        batch.labels  # noqa: B018


def test_failed_rows_have_their_status_and_no_times(path: Path) -> None:
    clips = [kf.Clip(path, start=0, frames=2), kf.Clip("missing.mp4", start=0, frames=2)]
    batch = kf.decode_clips(clips, size=8, on_error="zero")
    assert batch.status.tolist() == [[kf.FrameStatus.OK] * 2, [kf.FrameStatus.FAILED] * 2]
    assert np.isnan(batch.timestamps).tolist() == [[False] * 2, [True] * 2]


def test_a_number_that_no_array_holds_is_refused_by_the_call(path: Path) -> None:
    clips = [kf.Clip(path, indices=[2**70])]
    with pytest.raises(kf.FrameRangeError):
        kf.decode_clips(clips, size=8)
    with pytest.raises(OverflowError):
        kf.decode_clips(clips, size=8, on_error="zero")


def test_the_text_of_a_batch_has_shapes_and_no_values(path: Path, clips: list[kf.Clip]) -> None:
    assert repr(kf.decode_clips(clips, size=8)) == (
        "<Batch: frames uint8 (3, 5, 8, 8, 3), timestamps float64 (3, 5), indices int64 (3, 5), "
        "status uint8 (3, 5); rows with errors: 0>"
    )
    loader = kf.ClipLoader(
        [(path, "a"), ("missing.mp4", "b")], kf.UniformClips(2, 1), size=8, batch_size=2, on_error="zero"
    )
    assert repr(next(iter(loader))) == (
        "<ClipBatch: frames float32 (2, 3, 2, 8, 8), records int64 (2,), valid bool (2,), "
        "status uint8 (2, 2), indices int64 (2, 2), timestamps float64 (2, 2); rows with errors: 1>"
    )


def test_equal_pixel_arguments_are_checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    mean = np.array([0.25, 0.5, 0.75])
    first = Pixels.of("CTHW", "float32", mean=mean, std=[0.25] * 3)
    with monkeypatch.context() as patch:
        patch.setattr(_core, "PixelRequest", None)  # making another request would fail
        assert Pixels.of("CTHW", "float32", mean=[0.25, 0.5, 0.75], std=(0.25, 0.25, 0.25)) is first
    mean[:] = 0.125
    assert Pixels.of("CTHW", "float32", mean=mean, std=[0.25] * 3) is not first
    assert Pixels.of("CTHW", "float32", mean=0.125, std=[0.25] * 3) is not first
