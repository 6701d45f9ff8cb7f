"""Boxes of crops lie in the frame and have the shape of the output, and decoding a box gives its pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kinetics_fast as kf
from support import colour
from support.colour import Signal, View
from videos import media, oracle

if TYPE_CHECKING:
    from kinetics_fast.crops.geometry import Boxes
    from kinetics_fast.crops.rounding import Convention

pytestmark = pytest.mark.ffmpeg

ResizingCrop = kf.CenterCrop | kf.RandomCrop | kf.ThreeCrop
CONVENTIONS: list[Convention] = ["torchvision", "pyslowfast", "mmaction2"]


@st.composite
def resizing_crops(draw: st.DrawFn) -> ResizingCrop:
    convention = draw(st.sampled_from(CONVENTIONS))
    size = (draw(st.integers(1, 300)), draw(st.integers(1, 300)))
    short = draw(st.integers(max(size), 400))
    kind = draw(st.sampled_from(["center", "three", "three as small as can be", "random", "inverse"]))
    if kind == "center":
        return kf.CenterCrop(size, short, convention=convention)
    if kind == "three":
        return kf.ThreeCrop(size, short, convention=convention)
    if kind == "three as small as can be":
        return kf.ThreeCrop(min(size), convention=convention)
    return kf.RandomCrop(size, (short, short + 60), kind == "inverse", convention=convention)


def assert_inside(boxes: Boxes, width: int, height: int) -> None:
    assert boxes.dtype == np.float64
    x, y, w, h = boxes.T
    assert min(x.min(), y.min()) >= 0
    assert min(w.min(), h.min()) > 0
    assert (x + w).max() <= width
    assert (y + h).max() <= height


@settings(deadline=None, derandomize=True, max_examples=500)
@given(resizing_crops(), st.integers(1, 2000), st.integers(1, 2000), st.integers(0, 99))
def test_boxes_lie_in_the_frame_and_have_the_shape_of_the_output(
    crop: ResizingCrop, width: int, height: int, seed: int
) -> None:
    boxes = crop(width, height, np.random.default_rng(seed))
    assert_inside(boxes, width, height)
    assert len(boxes) == (3 if isinstance(crop, kf.ThreeCrop) else 1)
    scale_y, scale_x = boxes[:, 3] / crop.size[0], boxes[:, 2] / crop.size[1]
    long_side = max(width, height) / np.maximum(scale_x, scale_y)
    assert np.abs(scale_x / scale_y - 1).max() <= (1.001 / long_side).max()  # the long side is rounded


@settings(deadline=None, derandomize=True, max_examples=500)
@given(st.integers(1, 2000), st.integers(1, 2000), st.integers(0, 99), st.floats(0.01, 1), st.floats(0.2, 5))
def test_resized_crops_lie_in_the_frame_and_have_area_and_shape_in_range(
    width: int, height: int, seed: int, least: float, shape: float
) -> None:
    crop = kf.RandomResizedCrop(32, (least, 1), (shape, 2 * shape))
    boxes = crop(width, height, np.random.default_rng(seed))
    assert_inside(boxes, width, height)
    _, _, w, h = boxes[0].tolist()
    assert (w, h) == (round(w), round(h))
    assert w == 1 or (w - 0.5) / (h + 0.5) <= 2 * shape
    assert h == 1 or (w + 0.5) / (h - 0.5) >= shape


CROPS = [
    kf.Resize((20, 30)),
    kf.CenterCrop(32),
    kf.CenterCrop((30, 36), short_side=37),
    kf.RandomCrop(32, (36, 60)),
    kf.RandomResizedCrop(24),
    kf.ThreeCrop(32),
    kf.ThreeCrop(33, short_side=40, convention="mmaction2"),
]


@pytest.mark.parametrize("frame", [(64, 48), (48, 64), (46, 46)])
@pytest.mark.parametrize("crop", CROPS, ids=str)
def test_pixels_of_crops_are_within_1_of_the_mathematics(crop: Any, frame: tuple[int, int]) -> None:
    path = media.noise(*frame)
    shown = oracle.frames(path)
    signal = Signal.of(shown.formats[0], shown.colour)
    boxes = crop(*frame, np.random.default_rng(3))
    clips = [kf.Clip(path, 0, 1, box=box) for box in boxes]
    for antialias in (False, True):
        batch = kf.decode_clips(clips, size=crop.size, antialias=antialias)
        for row, box in enumerate(boxes.tolist()):
            view = View(tuple(box), crop.size, antialias=antialias)
            assert colour.distance(batch.frames[row, 0], colour.to_rgb(shown.planes[0], signal, view)) <= 1


@pytest.mark.parametrize("pix_fmt", ["yuv444p", "yuv420p"])
@pytest.mark.parametrize("short_side", [None, 256])
def test_a_crop_without_scaling_is_a_slice_of_the_frame(short_side: int | None, pix_fmt: str) -> None:
    path = media.noise(340, 256, pix_fmt)
    whole = kf.Video(path)[0].astype(int)
    boxes = kf.CenterCrop(224, short_side)(340, 256)
    boxes = np.concatenate([boxes, kf.ThreeCrop(224, short_side or 256)(340, 256)])
    batch = kf.decode_clips([kf.Clip(path, 0, 1, box=box) for box in boxes], size=224)
    for row, (x, y) in enumerate([(58, 16), (0, 16), (58, 16), (116, 16)]):
        difference = np.abs(batch.frames[row, 0] - whole[y : y + 224, x : x + 224])
        if pix_fmt == "yuv444p":
            assert difference.max() == 0
        else:  # the filter of subsampled chroma ends at the edge of the box
            assert difference[1:-1, 1:-1].max() <= 1


@pytest.mark.parametrize("antialias", [False, True])
def test_a_crop_is_a_slice_of_the_resized_frame_but_for_its_edges(antialias: bool) -> None:
    path, options = media.noise(64, 48), {"dtype": "float32", "antialias": antialias}
    whole = kf.decode_clips([kf.Clip(path, 0, 1)], size=(37, 49), **options).frames[0, 0]  # type: ignore[arg-type]
    box = kf.CenterCrop(30, short_side=37)(64, 48)[0]
    cut = kf.decode_clips([kf.Clip(path, 0, 1, box=box)], size=30, **options).frames[0, 0]  # type: ignore[arg-type]
    y, x, inner = 4, 10, slice(3, -3)
    np.testing.assert_allclose(cut[inner, inner], whole[y : y + 30, x : x + 30][inner, inner], atol=1e-5)
