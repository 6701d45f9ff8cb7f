"""Names of clips are written and read by one rule."""

from __future__ import annotations

import pytest

from kinetics_fast.datasets.kinetics_names import CLIP_NAME, clip_name


@pytest.mark.parametrize(("start", "end"), [(59.0, 69.0), (0.5, 10.5), (999_995.0, 1_000_005.0)])
def test_the_name_of_a_clip_gives_its_id_and_times(start: float, end: float) -> None:
    clip = CLIP_NAME.fullmatch(clip_name("-_B32lodo2M", start, end))
    assert clip is not None
    assert (clip["id"], int(clip["start"]), int(clip["end"])) == ("-_B32lodo2M", int(start), int(end))


@pytest.mark.parametrize("name", ["abc def ghi_000001_000011", "-3B32lodo2M_59_69", "short_000001_000011"])
def test_other_names_are_not_names_of_clips(name: str) -> None:
    assert CLIP_NAME.fullmatch(name) is None
