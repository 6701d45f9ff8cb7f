"""`out=` fills the caller's array completely, or refuses the array."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import kinetics_fast as kf

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from videos.media import Pixels

pytestmark = pytest.mark.ffmpeg


def missing(frames: int = 5) -> kf.Clip:
    return kf.Clip("no such file.mp4", start=0, frames=frames)


@pytest.mark.parametrize("dtype", ["uint8", "float16", "float32"])
def test_every_byte_of_out_is_filled(clips: list[kf.Clip], dtype: str) -> None:
    expected = kf.decode_clips(clips, size=20, dtype=dtype).frames
    for poison in (0x5A, 0xA5):
        out = np.full((3, 5, 20, 20, 3), 0, dtype)
        out.view(np.uint8)[:] = poison
        batch = kf.decode_clips(clips, size=20, dtype=dtype, out=out)
        assert batch.frames is out
        assert np.array_equal(out, expected)


@pytest.mark.parametrize("row", [0, 1, 2])
def test_out_rows_that_fail_are_zeroed(clips: list[kf.Clip], row: int) -> None:
    out = np.full((3, 5, 20, 20, 3), 0x5A, np.uint8)
    some = [*clips[:row], missing(), *clips[row + 1 :]]
    kf.decode_clips(some, size=20, out=out, on_error="zero")
    assert not out[row].any()
    assert all(out[other].any() for other in range(3) if other != row)


def read_only() -> Pixels:
    out = np.zeros((3, 5, 20, 20, 3), np.uint8)
    out.setflags(write=False)
    return out


BAD_OUT: dict[str, NDArray[Any]] = {
    "dtype": np.zeros((3, 5, 20, 20, 3), np.float32),
    "shape": np.zeros((3, 5, 20, 21, 3), np.uint8),
    "rows": np.zeros((2, 5, 20, 20, 3), np.uint8),
    "dimensions": np.zeros((3, 5, 20, 60), np.uint8),
    "not contiguous": np.zeros((3, 5, 20, 20, 6), np.uint8)[..., ::2],
    "fortran order": np.zeros((3, 5, 20, 20, 3), np.uint8, order="F"),
    "read-only": read_only(),
    "byte order": np.zeros((3, 5, 20, 20, 3), ">f4"),
}


@pytest.mark.parametrize("fault", BAD_OUT)
def test_out_that_does_not_fit_is_refused(clips: list[kf.Clip], fault: str) -> None:
    out = BAD_OUT[fault]
    dtype = "float32" if fault == "byte order" else "uint8"
    with pytest.raises((ValueError, TypeError), match="out"):
        kf.decode_clips(clips, size=20, dtype=dtype, out=out)
    assert not out.any()


def test_out_that_is_no_array_is_refused(clips: list[kf.Clip]) -> None:
    with pytest.raises((ValueError, TypeError), match="out"):
        kf.decode_clips(clips, size=20, out=[0] * 3)  # type: ignore[arg-type]
