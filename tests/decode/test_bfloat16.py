"""bfloat16 is float32 as ml_dtypes and torch round it, in calls, loaders and tensors."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

import kinetics_fast as kf
from videos import media

pytestmark = pytest.mark.ffmpeg
ml_dtypes = pytest.importorskip("ml_dtypes")

NAME = "crop_126x94.mp4"
NORMALISED: dict[str, Any] = {"mean": [0.4, 0.45, 0.5], "std": [0.2, 0.225, 0.25]}


@pytest.mark.parametrize("layout", ["THWC", "TCHW", "CTHW"])
@pytest.mark.parametrize("size", [None, (33, 47)])
def test_values_are_the_float32_values_rounded_to_even(layout: Any, size: tuple[int, int] | None) -> None:
    clips = [kf.Clip(media.make(NAME), start=3, frames=4, stride=2)]
    short = kf.decode_clips(clips, size=size, layout=layout, dtype="bfloat16", **NORMALISED).frames
    floats = kf.decode_clips(clips, size=size, layout=layout, dtype="float32", **NORMALISED).frames
    assert short.dtype == ml_dtypes.bfloat16
    assert np.array_equal(short.view(np.uint16), floats.astype(ml_dtypes.bfloat16).view(np.uint16))


def test_the_dtype_may_be_given_as_such_and_the_output_by_the_caller() -> None:
    video = kf.Video(media.make(NAME))
    out = np.zeros((1, 2, video.height, video.width, 3), ml_dtypes.bfloat16)
    clip = kf.Clip(video, indices=[4, 9])
    batch = kf.decode_clips([clip], dtype=ml_dtypes.bfloat16, out=out)
    assert batch.frames is out
    assert np.array_equal(out[0], video.frames([4, 9], dtype="bfloat16"))
    assert out.astype(np.float32).max() > 0


def test_without_ml_dtypes_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ml_dtypes", None)
    with pytest.raises(ImportError, match="needs ml_dtypes: pip install ml_dtypes"):
        kf.Video(media.make(NAME)).frames(0, dtype="bfloat16", mean=0.123)


def test_torch_gets_the_values_that_torch_rounds() -> None:
    torch = pytest.importorskip("torch")
    from kinetics_fast.torch import TensorBatch

    def batch(dtype: str) -> Any:
        sampler = kf.UniformClips(4, 2)
        loader = kf.ClipLoader([media.make(NAME)], sampler, size=24, batch_size=1, dtype=dtype, **NORMALISED)
        return TensorBatch.of(next(iter(loader))).frames

    short = batch("bfloat16")
    assert short.dtype == torch.bfloat16
    assert torch.equal(short, batch("float32").to(torch.bfloat16))
