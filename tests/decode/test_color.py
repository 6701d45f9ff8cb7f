"""Pixels are within 1 of the float64 reference in every format, width, box and size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import kinetics_fast as kf
from support import colour
from support.colour import Box, Signal, View
from videos import media, oracle, recipes_colour, recipes_formats

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

pytestmark = pytest.mark.ffmpeg

MATRICES = ["bt709", "fcc", "bt470bg", "smpte170m", "smpte240m", "bt2020nc"]
FORMATS = ["yuv420p", "yuv422p", "yuv444p", "gray", "gbrp"]
FORMATS += ["yuv420p10le", "yuv422p10le", "yuv444p10le", "gray10le"]
SITINGS = ["left", "center", "topleft", "top", "bottomleft", "bottom"]
KERNELS = [("bilinear", True), ("bilinear", False), ("bicubic", True), ("bicubic", False)]


def expected(path: Path, view: View, gray: bool = False, frame: int = 0) -> colour.Array:
    frames = oracle.frames(path)
    signal = Signal.of(frames.formats[frame], frames.colour)
    return (colour.to_gray if gray else colour.to_rgb)(frames.planes[frame], signal, view)


def decoded(path: Path, view: View, **options: Any) -> NDArray[Any]:
    clip = kf.Clip(path, start=0, frames=1, box=view.box, flip=view.flip)
    kernel: dict[str, Any] = {"interpolation": view.interpolation, "antialias": view.antialias, **options}
    frame: NDArray[Any] = kf.decode_clips([clip], size=view.size, **kernel).frames[0, 0]
    return frame


def assert_within_one(path: Path, view: View = View()) -> None:  # noqa: B008 (frozen)
    assert colour.distance(decoded(path, view), expected(path, view)) <= 1


@pytest.mark.parametrize("colour_range", ["tv", "pc"])
@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("pix_fmt", ["yuv420p", "yuv420p10le"])
def test_each_matrix_and_range(pix_fmt: str, matrix: str, colour_range: str) -> None:
    assert_within_one(media.noise(64, 48, pix_fmt, colorspace=matrix, color_range=colour_range))


@pytest.mark.parametrize("name", recipes_colour.names())
def test_each_codec_is_read_with_the_matrix_and_range_that_it_says(name: str) -> None:
    assert_within_one(media.make(name))


@pytest.mark.parametrize("name", recipes_formats.names_of_pixel_formats())
def test_each_pixel_format_of_each_codec(name: str) -> None:
    assert_within_one(media.make(name))
    assert_within_one(media.make(name), View((3, 5, 50, 40), (31, 60)))


@pytest.mark.parametrize("pix_fmt", FORMATS)
def test_each_pixel_format(pix_fmt: str) -> None:
    assert_within_one(media.noise(46, 38, pix_fmt))


@pytest.mark.parametrize("pix_fmt", FORMATS)
@pytest.mark.parametrize("size", [(24, 20), (90, 70)])
def test_each_pixel_format_scaled(pix_fmt: str, size: tuple[int, int]) -> None:
    assert_within_one(media.noise(46, 38, pix_fmt), View(size=size))


@pytest.mark.parametrize("siting", SITINGS)
@pytest.mark.parametrize("size", [None, (30, 21), (100, 130)])
def test_each_chroma_siting(siting: str, size: tuple[int, int] | None) -> None:
    assert_within_one(media.noise(46, 38, chroma_sample_location=siting), View(size=size))


@pytest.mark.parametrize("width", range(2, 132, 2))
def test_each_even_width_from_2_to_130(width: int) -> None:
    assert_within_one(media.noise(width, 4))


@pytest.mark.parametrize("width", range(1, 131))
def test_each_width_of_a_box_and_of_the_output(width: int) -> None:
    path = media.noise(132, 6)
    assert_within_one(path, View(box=(132 - width, 1, width, 5)))
    assert_within_one(path, View(size=(3, width)))


@pytest.mark.parametrize(("interpolation", "antialias"), KERNELS)
@pytest.mark.parametrize("size", [(7, 9), (24, 40), (61, 83), (130, 200)])
def test_each_kernel_down_and_up(interpolation: str, antialias: bool, size: tuple[int, int]) -> None:
    path = media.noise(64, 48, colorspace="bt709")
    assert_within_one(path, View((3, 5, 57, 41), size, interpolation, antialias))


@st.composite
def views(draw: st.DrawFn) -> View:
    """Draw a box in 64x48, in whole pixels or fractions, and a size that differs from the box."""
    width, height = draw(st.floats(1, 64)), draw(st.floats(1, 48))
    box: Box = (draw(st.floats(0, 64 - width)), draw(st.floats(0, 48 - height)), width, height)
    if draw(st.booleans()):
        x, y = int(box[0]), int(box[1])
        box = (x, y, min(64 - x, int(width)), min(48 - y, int(height)))
    interpolation, antialias = draw(st.sampled_from(KERNELS))
    size = (draw(st.integers(1, 100)), draw(st.integers(1, 100)))
    assume(size != (box[3], box[2]))  # without scaling, chroma is bilinear whatever the interpolation
    return View(box, size, interpolation, antialias, draw(st.booleans()))


@settings(deadline=None, derandomize=True, max_examples=150)
@given(views(), st.sampled_from(["yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "gbrp"]))
def test_any_box_any_size(view: View, pix_fmt: str) -> None:
    assert_within_one(media.noise(64, 48, pix_fmt), view)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.integers(0, 62), st.integers(0, 46), st.integers(1, 64), st.integers(1, 48), st.booleans())
def test_any_crop_without_scaling(x: int, y: int, width: int, height: int, flip: bool) -> None:
    box = (x, y, min(width, 64 - x), min(height, 48 - y))
    assert_within_one(media.noise(64, 48), View(box=box, flip=flip))


def box_before_rotation(box: Box, turns: int, width: int, height: int) -> Box:
    """Return the box in the coded picture of a box in the upright picture, by quarter turns to the left."""
    x, y, w, h = box
    return {
        1: (width - y - h, x, h, w),
        2: (width - x - w, height - y - h, w, h),
        3: (y, height - x - w, h, w),
    }[turns]


@pytest.mark.parametrize(("suffix", "turns"), [("mp4", 1), ("mp4", 2), ("mp4", 3), ("mkv", 1), ("mov", 1)])
def test_rotation_is_applied_as_ffmpeg_applies_it(suffix: str, turns: int) -> None:
    path = media.make(f"rotated_{90 * turns}.{suffix}")
    coded = oracle.frames(path).planes[0][0]
    assert np.array_equal(np.rot90(coded, turns), oracle.upright_luma(path, coded.shape))
    assert colour.distance(kf.Video(path)[0], np.rot90(expected(path, View()), turns)) <= 1


@pytest.mark.parametrize(
    ("name", "turns"),
    [*((f"mirrored_{90 * turns}.mp4", turns) for turns in range(4)), ("aperture_mirrored_90.mp4", 1)],
)
def test_mirroring_is_applied_as_ffmpeg_applies_it(name: str, turns: int) -> None:
    path = media.make(name)
    coded = oracle.frames(path).planes[0][0]
    assert np.array_equal(np.rot90(coded, turns)[::-1], oracle.upright_luma(path, coded.shape))
    video = kf.Video(path)
    assert video[0].shape[:2] == (video.height, video.width)
    assert colour.distance(video[0], np.rot90(expected(path, View()), turns)[::-1]) <= 1


@pytest.mark.parametrize(
    "name", ["aperture.mp4", "aperture_odd.mov", "aperture_444.mp4", "pixel_crop.mkv", "pixel_crop_odd.mkv"]
)
def test_the_container_crops_as_in_ffmpeg(name: str) -> None:
    assert_within_one(media.make(name))
    assert_within_one(media.make(name), View((3, 5, 50, 36), (31, 60)))


@pytest.mark.parametrize("size", [None, (40, 26)])
@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_boxes_sizes_and_flips_are_of_the_upright_picture(
    turns: int, flip: bool, size: tuple[int, int] | None
) -> None:
    path = media.make(f"rotated_{90 * turns}.mp4")
    height, width = oracle.frames(path).planes[0][0].shape
    box: Box = (11, 6, 53, 31)
    coded_size = size[::-1] if size and turns % 2 else size
    pixels = np.rot90(expected(path, View(box_before_rotation(box, turns, width, height), coded_size)), turns)
    assert (
        colour.distance(decoded(path, View(box, size, flip=flip)), pixels[:, ::-1] if flip else pixels) <= 1
    )


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_floats_are_the_unrounded_values_less_mean_over_std(dtype: str) -> None:
    path = media.noise(64, 48, colorspace="bt709")
    view = View((2, 3, 50, 40), (33, 27))
    mean, std = np.array([0.45, 0.4, 0.5]), np.array([0.225, 0.25, 0.2])
    step = {"float32": 1e-3 / 255, "float16": 2e-3}[dtype]
    pixels = expected(path, view) / 255
    plain = decoded(path, view, dtype=dtype)
    assert plain.dtype == dtype
    np.testing.assert_allclose(plain, pixels, rtol=0, atol=step)
    normal = decoded(path, view, dtype=dtype, mean=mean, std=std)
    np.testing.assert_allclose(normal, (pixels - mean) / std, rtol=0, atol=5 * step)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(views(), st.sampled_from(["yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "gbrp"]))
def test_floats_of_any_box_and_size_are_within_a_thousandth_of_a_level(view: View, pix_fmt: str) -> None:
    path = media.noise(64, 48, pix_fmt)
    mean, std = np.array([0.45, 0.4, 0.5]), np.array([0.225, 0.25, 0.2])
    normal = decoded(path, view, dtype="float32", mean=mean, std=std).astype(np.float64)
    assert np.abs((normal * std + mean) * 255 - expected(path, view)).max() <= 1e-3


def test_gray_is_luma_in_full_range() -> None:
    path = media.noise(64, 48)
    view = View((2, 3, 50, 40), (33, 27))
    ours = decoded(path, view, color="gray")
    assert ours.shape == (33, 27, 1)
    assert colour.distance(ours, expected(path, view, gray=True)) <= 1


def test_bgr_is_rgb_backwards() -> None:
    path = media.noise(64, 48)
    view = View((2, 3, 50, 40), (33, 27))
    assert np.array_equal(decoded(path, view, color="bgr"), decoded(path, view)[..., ::-1])


@pytest.mark.parametrize("pix_fmt", FORMATS)
def test_source_size_frames_are_the_same_through_video_and_decode_clips(pix_fmt: str) -> None:
    path = media.noise(46, 38, pix_fmt)
    assert np.array_equal(kf.Video(path)[0], decoded(path, View()))
