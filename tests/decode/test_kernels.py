"""Every set of kernels that this CPU has gives the same bytes, and floats equal except in the last place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kinetics_fast as kf
from kinetics_fast._decode import pixels
from kinetics_fast._decode.pixels import Pixels
from videos import media

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

pytestmark = pytest.mark.ffmpeg

PORTABLE, AVX512 = 1, 3
FLOAT_STEPS = 4  # steps of float32 at 255


@pytest.fixture(autouse=True, scope="module")
def _no_request_is_kept() -> Iterator[None]:
    """Equal arguments share a request: what is set in it must not reach the tests that follow."""
    yield
    pixels._checked.cache_clear()


def available() -> list[int]:
    request = Pixels.of("THWC", "uint8", "rgb", None, None, "bilinear", True).request
    sets = []
    for number in range(PORTABLE + 1, AVX512 + 1):
        try:
            request.kernels = number
        except ValueError:
            continue
        sets.append(number)
    return sets


def decoded(number: int, clip: kf.Clip, **options: Any) -> NDArray[Any]:
    """Decode with one set of kernels."""
    of = Pixels.of

    def chosen(*arguments: Any) -> Pixels:
        checked = of(*arguments)
        checked.request.kernels = number
        return checked

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pixels, "of", staticmethod(chosen))
        frames: NDArray[Any] = kf.decode_clips([clip], **options).frames
    return frames


@st.composite
def requests(draw: st.DrawFn) -> tuple[kf.Clip, dict[str, Any]]:
    """Draw boxes in noise of 64x48, scaled by 1/8 to 8, in every pixel format, order and layout."""
    formats = ["yuv420p", "yuv422p", "yuv444p", "gray", "gbrp", "yuv420p10le"]
    path = media.noise(64, 48, draw(st.sampled_from(formats)))
    width, height = draw(st.floats(2, 64)), draw(st.floats(2, 48))
    box = (draw(st.floats(0, 64 - width)), draw(st.floats(0, 48 - height)), width, height)
    clip = kf.Clip(path, start=0, frames=1, box=box, flip=draw(st.booleans()))
    options = {
        "size": (draw(st.integers(1, 150)), draw(st.integers(1, 200))),
        "layout": draw(st.sampled_from(["THWC", "CTHW"])),
        "color": draw(st.sampled_from(["rgb", "bgr", "gray"])),
        "interpolation": draw(st.sampled_from(["bilinear", "bicubic"])),
        "antialias": draw(st.booleans()),
    }
    return clip, options


@settings(deadline=None, derandomize=True, max_examples=120)
@given(requests())
def test_bytes_agree_to_the_bit(request_: tuple[kf.Clip, dict[str, Any]]) -> None:
    clip, options = request_
    expected = decoded(PORTABLE, clip, **options)
    for number in available():
        assert np.array_equal(decoded(number, clip, **options), expected)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(requests())
def test_floats_agree_but_for_the_last_place(request_: tuple[kf.Clip, dict[str, Any]]) -> None:
    clip, options = request_
    expected = decoded(PORTABLE, clip, dtype="float32", **options) * 255
    for number in available():
        ours = decoded(number, clip, dtype="float32", **options) * 255
        assert np.abs(ours - expected).max() <= FLOAT_STEPS * np.spacing(np.float32(255))


def test_floats_of_a_large_batch_are_the_same_in_every_layout() -> None:
    """Planar rows above 4 MiB are written with stores that bypass the cache."""
    clip = kf.Clip(media.noise(64, 48), start=0, frames=1)
    options = {"dtype": "float32", "size": (1000, 1504)}
    for number in (PORTABLE, *available()):
        packed = decoded(number, clip, layout="THWC", **options)
        assert np.array_equal(decoded(number, clip, layout="CTHW", **options), np.moveaxis(packed, -1, 1))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(requests())
def test_halves_are_the_floats_rounded(request_: tuple[kf.Clip, dict[str, Any]]) -> None:
    clip, options = request_
    for number in (PORTABLE, *available()):
        floats = decoded(number, clip, dtype="float32", **options)
        halves = decoded(number, clip, dtype="float16", **options)
        # If a float is half way between two float16 values, the last place of float32 decides.
        assert np.abs(halves - floats.astype(np.float64)).max() <= np.spacing(np.float16(1)) * 0.2501
        assert np.mean(halves == floats.astype(np.float16)) > 0.999


@pytest.mark.parametrize("width", range(2, 132, 2))
def test_unscaled_bytes_agree_at_every_width(width: int) -> None:
    clip = kf.Clip(media.noise(width, 4), start=0, frames=2)
    expected = decoded(PORTABLE, clip)
    for number in available():
        assert np.array_equal(decoded(number, clip), expected)


def test_a_set_that_is_not_there_is_refused() -> None:
    request = Pixels.of("THWC", "uint8", "rgb", None, None, "bilinear", True).request
    with pytest.raises(ValueError, match="no such kernels"):
        request.kernels = AVX512 + 1
