"""Crops equal those of the peers, including rounding and every random number, and refuse bad arguments."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest

import kinetics_fast as kf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kinetics_fast.crops.geometry import Boxes
    from kinetics_fast.crops.rounding import Convention

CONVENTIONS: list[Convention] = ["torchvision", "pyslowfast", "mmaction2"]
CENTERS = {  # (frame, size, short side): for each convention the resized frame and the crop's x, y in it
    ((340, 256), 224, None): [((340, 256), 58, 16)] * 3,
    ((340, 256), 224, 256): [((340, 256), 58, 16)] * 3,
    ((256, 340), 224, 256): [((256, 340), 16, 58)] * 3,
    ((256, 256), 224, 256): [((256, 256), 16, 16)] * 3,
    ((454, 256), 224, 256): [((454, 256), 115, 16)] * 3,
    ((453, 256), 224, 256): [((453, 256), 114, 16), ((453, 256), 115, 16), ((453, 256), 114, 16)],
    ((426, 240), 224, 256): [((454, 256), 115, 16)] * 3,
    ((398, 224), 224, 256): [((454, 256), 115, 16), ((454, 256), 115, 16), ((455, 256), 115, 16)],
    ((1280, 720), 224, 256): [((455, 256), 116, 16), ((455, 256), 116, 16), ((455, 256), 115, 16)],
    ((720, 1280), 224, 256): [((256, 455), 16, 116), ((256, 455), 16, 116), ((256, 455), 16, 115)],
    # In floating point 115 / 112 * 224 is just below 230, and 113 / 100 * 100 is just below 113.
    ((115, 112), 200, 224): [((230, 224), 15, 12), ((229, 224), 15, 12), ((230, 224), 15, 12)],
    ((113, 100), 90, 100): [((113, 100), 12, 5), ((113, 100), 12, 5), ((113, 100), 11, 5)],
}
THREES = {  # the same for three crops, with the offsets along the long side
    ((340, 256), 256, None): [((340, 256), 0, 42, 84)] * 3,
    ((256, 256), 256, None): [((256, 256), 0, 0, 0)] * 3,
    ((426, 240), 256, None): [((454, 256), 0, 99, 198)] * 3,
    ((453, 256), 256, None): [
        ((453, 256), 0, 98, 197), ((453, 256), 0, 99, 197), ((453, 256), 0, 98, 196)
    ],
    ((1280, 720), 256, None): [
        ((455, 256), 0, 100, 199), ((455, 256), 0, 100, 199), ((455, 256), 0, 99, 198)
    ],
    ((398, 224), 224, 256): [
        ((454, 256), 0, 115, 230), ((454, 256), 0, 115, 230), ((455, 256), 0, 115, 230)
    ],
}  # fmt: skip
RESIZED_CROPS = [  # torchvision 0.29's get_params on these uniform numbers in 64ths: its left, top, w, h
    ((340, 256), (0.08, 1), (3 / 4, 4 / 3), [19, 61, 33, 52], (114, 53, 200, 154)),
    ((256, 340), (0.08, 1), (3 / 4, 4 / 3), [8, 29, 32, 40], (80, 104, 129, 132)),
    ((454, 256), (0.08, 1), (3 / 4, 4 / 3), [35, 23, 36, 18, 22, 8, 35, 7], (28, 9, 193, 239)),
    ((426, 240), (0.08, 1), (3 / 4, 4 / 3), [36, 21, 53, 36, 37, 3, 1, 3, 44, 62], (330, 88, 86, 112)),
    ((1280, 720), (0.08, 1), (3 / 4, 4 / 3), [39, 51, 34, 52], (360, 8, 837, 705)),
    ((256, 256), (0.08, 1), (3 / 4, 4 / 3), [50, 4, 16, 36, 15, 62], (108, 27, 145, 140)),
    ((426, 240), (0.5, 1), (0.5, 2), [15, 53, 41, 38], (66, 26, 315, 200)),
    ((256, 256), (0.5, 1), (0.5, 2), [35, 24, 35, 20], (15, 6, 206, 246)),
    # after ten misses: the whole frame, or the middle of a frame that is too wide or too high
    ((340, 256), (1.5, 2), (3 / 4, 4 / 3), [32] * 20, (0, 0, 340, 256)),
    ((1280, 720), (1.5, 2), (3 / 4, 4 / 3), [32] * 20, (160, 0, 960, 720)),
    ((720, 1280), (1.5, 2), (3 / 4, 4 / 3), [32] * 20, (0, 160, 720, 960)),
    ((455, 256), (2, 2), (1, 1.5), [32] * 20, (35, 0, 384, 256)),
]


class Recorded:
    """A generator that returns these uniform numbers in this order."""

    def __init__(self, numbers: Sequence[float]) -> None:
        self.left = list(numbers)

    def uniform(self, low: float, high: float) -> float:
        return low + (high - low) * self.left.pop(0)

    def integers(self, low: int, high: int) -> int:
        return low + int((high - low) * self.left.pop(0))


def from_record(crop: kf.RandomCrop | kf.RandomResizedCrop, frame: tuple[int, int], numbers: Any) -> Boxes:
    record = Recorded(numbers)
    boxes = crop(*frame, cast("np.random.Generator", record))
    assert not record.left
    return boxes


def in_source(
    frame: tuple[int, int], resized: tuple[int, int], offset: tuple[int, int], size: int
) -> list[float]:
    (width, height), (resized_width, resized_height) = frame, resized
    x, y = offset[0] * width / resized_width, offset[1] * height / resized_height
    return [x, y, size * width / resized_width, size * height / resized_height]


@pytest.mark.parametrize("number", range(3), ids=CONVENTIONS)
@pytest.mark.parametrize("case", CENTERS)
def test_center_crop(case: tuple[tuple[int, int], int, int | None], number: int) -> None:
    frame, size, short_side = case
    resized, x, y = CENTERS[case][number]
    boxes = kf.CenterCrop(size, short_side, convention=CONVENTIONS[number])(*frame)
    np.testing.assert_allclose(boxes, [in_source(frame, resized, (x, y), size)], rtol=1e-14)


@pytest.mark.parametrize("upright", [False, True])
@pytest.mark.parametrize("number", range(3), ids=CONVENTIONS)
@pytest.mark.parametrize("case", THREES)
def test_three_crop(case: tuple[tuple[int, int], int, int | None], number: int, upright: bool) -> None:
    frame, size, short_side = case
    resized, *offsets = THREES[case][number]
    across = ((short_side or size) - size) // 2
    expected = np.array([in_source(frame, resized, (x, across), size) for x in offsets])
    crop = kf.ThreeCrop(size, short_side, convention=CONVENTIONS[number])
    if upright and frame[0] != frame[1]:
        frame, expected = frame[::-1], expected[:, [1, 0, 3, 2]]
    np.testing.assert_allclose(crop(*frame), expected, rtol=1e-14)


@pytest.mark.parametrize(
    ("convention", "inverse", "resized", "offset"),
    [
        ("torchvision", False, (382, 288), (119, 16)),
        ("pyslowfast", False, (382, 288), (118, 16)),
        ("mmaction2", False, (383, 288), (119, 16)),
        ("torchvision", True, (377, 284), (115, 15)),
        ("pyslowfast", True, (377, 284), (114, 15)),
    ],
)
def test_random_crop_draws_short_side_then_y_then_x(
    convention: Convention, inverse: bool, resized: tuple[int, int], offset: tuple[int, int]
) -> None:
    crop = kf.RandomCrop(224, inverse=inverse, convention=convention)
    boxes = from_record(crop, (340, 256), [0.5, 0.25, 0.75])
    np.testing.assert_allclose(boxes, [in_source((340, 256), resized, offset, 224)], rtol=1e-14)


def test_random_crop_of_the_frame_as_it_is_draws_only_where_there_is_room() -> None:
    crop = kf.RandomCrop(64, short_side=None)
    assert from_record(crop, (100, 80), [0.5, 0.5]).tolist() == [[18, 8, 64, 64]]
    assert from_record(crop, (100, 64), [0.5]).tolist() == [[18, 0, 64, 64]]
    assert from_record(crop, (64, 64), []).tolist() == [[0, 0, 64, 64]]


@pytest.mark.parametrize(("convention", "last"), [("torchvision", 3), ("pyslowfast", 2), ("mmaction2", 2)])
def test_a_random_crop_reaches_the_positions_of_its_convention(convention: Convention, last: int) -> None:
    crop, rng = kf.RandomCrop(8, short_side=None, convention=convention), np.random.default_rng(1)
    places = {tuple(crop(11, 9, rng)[0, :2].tolist()) for _ in range(200)}
    assert places == {(x, y) for x in range(last + 1) for y in range(2 if last == 3 else 1)}


@pytest.mark.parametrize(("convention", "end"), [("torchvision", 1), ("pyslowfast", 0.5), ("mmaction2", 1)])
def test_each_short_side_is_as_frequent_as_in_its_convention(convention: Convention, end: float) -> None:
    rng, crop = np.random.default_rng(2), kf.RandomCrop(4, (4, 8), convention=convention)
    counts = np.bincount([round(4 * 4 / crop(4, 4, rng)[0, 2]) for _ in range(4000)])[4:]
    weights = np.array([end, 1, 1, 1, end])
    np.testing.assert_allclose(counts / 4000, weights / weights.sum(), atol=0.03)


@pytest.mark.parametrize(("frame", "scale", "ratio", "numbers", "expected"), RESIZED_CROPS)
def test_random_resized_crop_is_torchvisions_draw_for_draw(
    frame: tuple[int, int],
    scale: tuple[float, float],
    ratio: tuple[float, float],
    numbers: list[int],
    expected: tuple[int, ...],
) -> None:
    boxes = from_record(kf.RandomResizedCrop(224, scale, ratio), frame, np.array(numbers) / 64)
    assert boxes.tolist() == [list(expected)]


def test_random_resized_crop_draws_as_its_docstring_says() -> None:
    rng = np.random.default_rng(7)
    area, log_ratio = 454 * 256 * rng.uniform(0.08, 0.3), rng.uniform(math.log(3 / 4), math.log(4 / 3))
    w, h = round(math.sqrt(area * math.exp(log_ratio))), round(math.sqrt(area / math.exp(log_ratio)))
    y, x = rng.integers(0, 256 - h + 1), rng.integers(0, 454 - w + 1)
    crop = kf.RandomResizedCrop(224, scale=(0.08, 0.3))
    assert crop(454, 256, np.random.default_rng(7)).tolist() == [[x, y, w, h]]


def test_crops_compare_by_value() -> None:
    assert kf.CenterCrop(224, 256) == kf.CenterCrop((224, 224), 256)
    assert len({kf.Resize(8), kf.Resize((8, 8)), kf.RandomResizedCrop(8)}) == 2
    assert (kf.RandomCrop((2, 3)).size, kf.Resize(np.int64(7)).size) == ((2, 3), (7, 7))
    assert kf.RandomCrop(224, 256) == kf.RandomCrop(224, (256, 256))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: kf.CenterCrop(0), "size must be an int or"),
        (lambda: kf.Resize((1, 2, 3)), "size must be an int or"),  # type: ignore[arg-type]
        (lambda: kf.CenterCrop(224, short_side=128), "pass short_side=224 or more"),
        (lambda: kf.RandomCrop(224, short_side=(128, 320)), "pass short_side=224 or more"),
        (lambda: kf.RandomCrop(224, short_side=(320, 256)), r"\(low, high\)"),
        (lambda: kf.RandomCrop(224, short_side=None, inverse=True), "pass a range"),
        (lambda: kf.ThreeCrop(256, convention="opencv"), "torchvision, pyslowfast, mmaction2"),  # type: ignore[arg-type]
        (lambda: kf.RandomResizedCrop(224, scale=(0, 1)), "scale must be"),
        (lambda: kf.RandomResizedCrop(224, ratio=(2, 1)), "ratio must be"),
        (lambda: kf.RandomResizedCrop(224, scale=(math.nan, 1)), "scale must be"),
        (lambda: kf.CenterCrop(224)(200, 300), "224x224 does not fit.*200x300.*short_side=224"),
        (lambda: kf.RandomCrop(64, None)(32, 90, np.random.default_rng()), "does not fit"),
        (lambda: kf.ThreeCrop((128, 320))(340, 256), "resized to 170x128; pass short_side=320"),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_decoded(make: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make()
