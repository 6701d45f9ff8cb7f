"""A few random videos are exact; `tests/tools/soak.py` tests more of them."""

from __future__ import annotations

from functools import cache

import pytest

from tools import soak

pytestmark = pytest.mark.ffmpeg

SEEDS = range(10)
ONCE_WRONG = [8727, 50226, 300068, 300397]
ALTERED = range(soak.ALTERED, soak.ALTERED + 6)
found = cache(soak.check)


@pytest.mark.parametrize("seed", [*SEEDS, *ONCE_WRONG])
def test_every_frame_of_a_random_video_is_exact(seed: int) -> None:
    assert not found(seed)


def test_most_random_videos_decode_without_errors() -> None:
    assert sum(found(seed) is not None for seed in SEEDS) > len(SEEDS) / 2


@pytest.mark.parametrize("seed", ALTERED)
def test_good_frames_of_a_video_altered_in_structure_are_those_of_ffmpeg(seed: int) -> None:
    assert not found(seed)
