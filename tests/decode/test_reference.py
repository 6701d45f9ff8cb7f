"""The float64 reference for pixels agrees with ffmpeg's scaler, Pillow and torch."""

from __future__ import annotations

import ffmpeg
import numpy as np
import pytest
from PIL import Image

from support import colour
from support.colour import Array, Axis, Signal, View
from videos import ffmpeg_cli, media, oracle

pytestmark = pytest.mark.ffmpeg

MATRICES = ["bt709", "fcc", "smpte240m", "bt2020nc"]  # ffmpeg's scaler overflows on dark blues of BT.601
SITINGS = {"left": (0, 128), "center": (128, 128), "topleft": (0, 0), "bottom": (128, 256)}


def scaled_by_ffmpeg(path: str, size: tuple[int, int], **options: object) -> Array:
    """Return the first frame as RGB of that size, scaled by swscale with its most exact options."""
    flags = "accurate_rnd+full_chroma_int+full_chroma_inp+bilinear"
    scaled = ffmpeg.input(path).filter("scale", size[1], size[0], flags=flags, **options)
    data, _ = ffmpeg_cli.run(scaled.output("pipe:", format="rawvideo", pix_fmt="rgb24", frames=1))
    return np.frombuffer(data, np.uint8).reshape(*size, 3).astype(np.float64)


@pytest.mark.parametrize("colour_range", ["tv", "pc"])
@pytest.mark.parametrize("matrix", MATRICES)
def test_matrix_and_range_agree_with_swscale(matrix: str, colour_range: str) -> None:
    path = media.noise(64, 48, "yuv444p", colorspace=matrix, color_range=colour_range)
    frames = oracle.frames(path)
    pixels = colour.to_rgb(frames.planes[0], Signal.of(frames.formats[0], frames.colour))
    assert np.abs(colour.to_uint8(pixels) - scaled_by_ffmpeg(str(path), (48, 64))).max() <= 1


@pytest.mark.parametrize("size", [(48, 64), (96, 128)])
@pytest.mark.parametrize("siting", SITINGS)
def test_chroma_siting_agrees_with_swscale(siting: str, size: tuple[int, int]) -> None:
    path = media.noise(64, 48, colorspace="bt709", chroma_sample_location=siting)
    frames = oracle.frames(path)
    pixels = colour.to_rgb(frames.planes[0], Signal.of(frames.formats[0], frames.colour), View(size=size))
    x, y = SITINGS[siting]
    theirs = scaled_by_ffmpeg(str(path), size, in_h_chr_pos=x, in_v_chr_pos=y)
    assert np.abs(colour.to_uint8(pixels) - theirs).max() <= 1


@pytest.mark.parametrize("size", [(40, 57), (13, 20), (90, 100), (7, 130)])
@pytest.mark.parametrize(
    ("name", "filter_"), [("bilinear", Image.Resampling.BILINEAR), ("bicubic", Image.Resampling.BICUBIC)]
)
def test_antialiased_resampling_agrees_with_pillow(
    name: str, filter_: Image.Resampling, size: tuple[int, int]
) -> None:
    plane = np.random.default_rng(0).random((40, 57)).astype(np.float32) * 255
    theirs = np.asarray(Image.fromarray(plane).resize(size[::-1], filter_))
    rows, columns = Axis(0, 40, size[0], 0, 0, 40), Axis(0, 57, size[1], 0, 0, 57)
    ours = colour.resample(plane.astype(np.float64), rows, columns, name, antialias=True)
    np.testing.assert_allclose(ours, theirs, atol=1e-3)


@pytest.mark.parametrize(
    ("name", "expected"),
    [  # torch.nn.functional.interpolate([[[[0, 1, 4, 9, 16]]]], size=(1, 3), mode=name, align_corners=False)
        ("bilinear", [0.33333334, 4.0, 13.666666]),
        ("bicubic", [0.14814815, 4.0, 14.074074]),
    ],
)
def test_resampling_without_antialias_agrees_with_torch(name: str, expected: list[float]) -> None:
    plane = np.array([[0.0, 1, 4, 9, 16]])
    ours = colour.resample(plane, Axis(0, 1, 1, 0, 0, 1), Axis(0, 5, 3, 0, 0, 5), name, antialias=False)
    np.testing.assert_allclose(ours[0], expected, atol=1e-5)
