"""`decode_clips` gives the documented shapes, layouts and types, and a failing row keeps other rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import kinetics_fast as kf
from videos import media, oracle

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.ffmpeg


def missing(frames: int = 5) -> kf.Clip:
    return kf.Clip("no such file.mp4", start=0, frames=frames)


@pytest.mark.parametrize(
    ("layout", "axes"), [("THWC", (0, 1, 2, 3, 4)), ("TCHW", (0, 1, 4, 2, 3)), ("CTHW", (0, 4, 1, 2, 3))]
)
@pytest.mark.parametrize("color", ["rgb", "bgr", "gray"])
@pytest.mark.parametrize("dtype", ["uint8", "float16", "float32"])
def test_layouts_hold_the_same_pixels(
    clips: list[kf.Clip], dtype: str, color: Any, layout: Any, axes: Any
) -> None:
    plain = kf.decode_clips(clips, size=(20, 30), dtype=dtype, color=color).frames
    assert plain.shape == (3, 5, 20, 30, 1 if color == "gray" else 3)
    batch = kf.decode_clips(clips, size=(20, 30), dtype=dtype, color=color, layout=layout)
    assert batch.frames.dtype == dtype
    assert batch.frames.flags.c_contiguous
    assert np.array_equal(batch.frames, plain.transpose(axes))


def test_frames_without_size_have_the_size_of_the_box(clips: list[kf.Clip]) -> None:
    assert kf.decode_clips(clips).frames.shape == (3, 5, 80, 96, 3)


def test_an_integer_size_is_square(clips: list[kf.Clip]) -> None:
    square = kf.decode_clips(clips, size=24).frames
    assert np.array_equal(square, kf.decode_clips(clips, size=(24, 24)).frames)


def test_rows_say_which_frames_they_are_and_when(clips: list[kf.Clip], path: Path) -> None:
    batch = kf.decode_clips(clips)
    expected = np.array([np.arange(5) * 3 + start for start in (0, 20, 31)])
    assert batch.indices.dtype == np.int64
    assert batch.timestamps.dtype == np.float64
    assert np.array_equal(batch.indices, expected)
    np.testing.assert_allclose(batch.timestamps, oracle.frames(path).timestamps[expected], rtol=0, atol=1e-9)
    assert batch.status.dtype == np.uint8
    assert (batch.status == kf.FrameStatus.OK).all()
    assert batch.errors == {}


def test_indices_are_taken_in_any_order_and_repeated(path: Path) -> None:
    order = [40, 3, 3, 59, 0, 40]
    batch = kf.decode_clips([kf.Clip(path, indices=order)])
    assert batch.indices.tolist() == [order]
    assert np.array_equal(batch.frames[0], kf.Video(path).frames(range(60))[order])


def test_clips_of_several_videos_keep_their_rows() -> None:
    paths = [
        media.make(name) for name in ("long_gop.mkv", "open_gop.mp4", "b_pyramid_none.mp4", "long_gop.mkv")
    ]
    batch = kf.decode_clips(
        [kf.Clip(path, start=7 * row, frames=3, stride=2) for row, path in enumerate(paths)]
    )
    for row, path in enumerate(paths):
        assert np.array_equal(batch.frames[row], kf.Video(path)[7 * row : 7 * row + 6 : 2])


@pytest.mark.parametrize("threads", [1, 2, 3, 4])
def test_any_number_of_threads_gives_the_same_bytes(clips: list[kf.Clip], threads: int) -> None:
    many = clips * 5 + [kf.Clip(media.make("open_gop.mp4"), start=2, frames=5, stride=9, box=(8, 4, 96, 80))]
    expected = np.concatenate([kf.decode_clips([clip], size=20, threads=1).frames for clip in many])
    assert np.array_equal(kf.decode_clips(many, size=20, threads=threads).frames, expected)


def test_a_failing_row_raises_its_error(clips: list[kf.Clip]) -> None:
    with pytest.raises(kf.OpenError, match=r"no such file\.mp4"):
        kf.decode_clips([*clips, missing()], size=20)


def test_on_error_zero_keeps_the_other_rows(clips: list[kf.Clip]) -> None:
    batch = kf.decode_clips([clips[0], missing(), clips[2]], size=20, on_error="zero")
    whole = kf.decode_clips(clips, size=20)
    assert list(batch.errors) == [1]
    assert isinstance(batch.errors[1], kf.OpenError)
    assert (batch.status[1] == kf.FrameStatus.FAILED).all()
    assert (batch.status[[0, 2]] == kf.FrameStatus.OK).all()
    assert not batch.frames[1].any()
    assert np.array_equal(batch.frames[[0, 2]], whole.frames[[0, 2]])


def test_windows_past_the_end_are_errors(path: Path) -> None:
    with pytest.raises(kf.FrameRangeError) as caught:
        kf.decode_clips([kf.Clip(path, start=50, frames=4, stride=4)])
    assert caught.value.path == str(path)
    batch = kf.decode_clips([kf.Clip(path, start=50, frames=4, stride=4)], on_error="zero")
    assert isinstance(batch.errors[0], kf.FrameRangeError)


def test_status_values_are_the_documented_ones() -> None:
    values = {status.name: int(status) for status in kf.FrameStatus}
    assert values == {"OK": 0, "DAMAGED": 1, "FAILED": 2, "NOT_RUN": 3}


def test_clips_of_different_sizes_need_a_size(path: Path) -> None:
    clips = [kf.Clip(path, start=0, frames=2), kf.Clip(media.make("odd_127x95.mp4"), start=0, frames=2)]
    with pytest.raises(ValueError, match="size="):
        kf.decode_clips(clips)
    assert kf.decode_clips(clips, size=16).frames.shape == (2, 2, 16, 16, 3)


def test_clips_of_different_lengths_are_an_error(path: Path) -> None:
    with pytest.raises(ValueError, match="frames"):
        kf.decode_clips([kf.Clip(path, start=0, frames=2), kf.Clip(path, start=0, frames=3)])


def test_no_clips_are_an_error() -> None:
    with pytest.raises(ValueError, match="clip"):
        kf.decode_clips([])


@pytest.mark.parametrize(
    "options",
    [
        {"layout": "HWC"}, {"dtype": "float64"}, {"color": "yuv"}, {"interpolation": "nearest"},
        {"on_error": "ignore"}, {"size": 0}, {"size": (10, -1)}, {"threads": 0}, {"size": (1, 2, 3)},
    ],
)  # fmt: skip
def test_options_that_mean_nothing_are_refused(clips: list[kf.Clip], options: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError), match=next(iter(options))):
        kf.decode_clips(clips, **options)


@pytest.mark.parametrize(
    "box",
    [(0, 0, 0, 10), (0, 0, 10, -1), (-1, 0, 10, 10), (120, 0, 9, 10), (0, 90, 10, 7), (np.nan, 0, 10, 10)],
)
def test_boxes_outside_the_picture_are_refused(path: Path, box: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="box"):
        kf.decode_clips([kf.Clip(path, start=0, frames=2, box=box)], size=8)


def test_a_clip_needs_either_a_window_or_indices(path: Path) -> None:
    with pytest.raises((ValueError, TypeError)):
        kf.Clip(path)
    with pytest.raises((ValueError, TypeError)):
        kf.Clip(path, start=0, frames=3, indices=[1, 2, 3])
    with pytest.raises((ValueError, TypeError)):
        kf.Clip(path, indices=[])


@pytest.mark.parametrize("name", ["mean", "std"])
def test_mean_or_std_above_one_and_a_half_says_divide_by_255(clips: list[kf.Clip], name: str) -> None:
    scale: dict[str, Any] = {"mean": [0.45] * 3, "std": [0.225] * 3, name: [0.4, 114.75, 0.4]}
    with pytest.raises(ValueError, match="255"):
        kf.decode_clips(clips, size=8, dtype="float32", **scale)


def test_mean_with_uint8_is_an_error(clips: list[kf.Clip]) -> None:
    with pytest.raises(ValueError, match="mean"):
        kf.decode_clips(clips, size=8, mean=[0.45] * 3, std=[0.225] * 3)


@pytest.mark.parametrize("std", [[0.2, 0.0, 0.2], [0.2, np.nan, 0.2], [0.2, 0.2]])
def test_std_that_cannot_divide_is_an_error(clips: list[kf.Clip], std: list[float]) -> None:
    with pytest.raises(ValueError, match="std"):
        kf.decode_clips(clips, size=8, dtype="float32", mean=[0.45] * 3, std=std)


def test_bgr_takes_mean_and_std_in_its_own_order(clips: list[kf.Clip]) -> None:
    scale: dict[str, Any] = {"size": 8, "dtype": "float32"}
    rgb = kf.decode_clips(clips, mean=[0.1, 0.2, 0.3], std=[0.4, 0.5, 0.6], **scale).frames
    bgr = kf.decode_clips(clips, color="bgr", mean=[0.3, 0.2, 0.1], std=[0.6, 0.5, 0.4], **scale).frames
    np.testing.assert_allclose(bgr, rgb[..., ::-1], rtol=0, atol=1e-6)


def test_a_picture_of_another_size_fails_under_a_box_and_is_resized_without() -> None:
    path = media.make("size_changes.mp4")
    sizes = [planes[0].shape for planes in oracle.frames(path).planes]
    other = sizes.index((64, 96))
    indices = [other - 1, other]
    boxed = kf.decode_clips([kf.Clip(path, indices=indices, box=(0, 0, 64, 64))], size=16, on_error="zero")
    assert boxed.status.tolist() == [[kf.FrameStatus.OK, kf.FrameStatus.FAILED]]
    assert not boxed.frames[0, 1].any()
    whole = kf.decode_clips([kf.Clip(path, indices=indices)], size=16)
    assert (whole.status == kf.FrameStatus.OK).all()
    assert whole.frames[0, 1].any()
