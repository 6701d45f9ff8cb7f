"""A loader reports its work and its state, and refuses bad arguments."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.samplers import FixedClips
from support import loading

pytestmark = pytest.mark.ffmpeg


def test_stats_say_what_was_done_and_who_waited() -> None:
    loader = loading.loader(loading.dataset(6), sampler=kf.RandomClips(3, 2, clips=2), prefetch=1)
    for _ in loader:
        pass
    stats = loader.stats
    assert (stats.batches, stats.videos, stats.clips) == (3, 6, 12)
    assert stats.frames_decoded >= stats.frames_converted > 0
    assert stats.bytes_read > 0
    assert 0 < stats.seconds_waiting <= stats.seconds
    assert min(stats.seconds_reading, stats.seconds_decoding, stats.seconds_converting) > 0
    assert stats.clips_per_second == 12 / stats.seconds
    assert stats.failures == []
    assert "12 clips of 6 videos" in repr(stats)


def test_data_that_lies_ready_counts_as_waiting_for_the_model() -> None:
    loader = loading.loader(loading.dataset(6), prefetch=2)
    for _ in loader:
        time.sleep(0.1)
    assert loader.stats.seconds_ready > 0.05
    assert loader.stats.seconds_ready + loader.stats.seconds_waiting <= loader.stats.seconds + 1e-6


def test_repr_says_what_it_loads_and_where_it_is() -> None:
    loader = loading.loader(loading.dataset(8), sampler=kf.RandomClips(3, 2, clips=2), rank=1, world_size=2)
    next(iter(loader))
    told = repr(loader)
    for words in (
        "8 videos",
        "2 batches",
        "2 views",
        "16x12",
        "CTHW uint8",
        "rank 1 of 2",
        "epoch 0, batch 1",
    ):
        assert words in told


def test_progress_shows_a_bar_with_rate_and_waiting(capsys: pytest.CaptureFixture[str]) -> None:
    threads = threading.active_count()
    for _ in loading.loader(loading.dataset(4), progress=True):
        assert threading.active_count() == threads
    told = capsys.readouterr().err
    assert "2/2" in told
    assert "clips/s, waited" in told


@pytest.mark.parametrize(
    "options",
    [
        {"batch_size": 0}, {"flip": 1.5}, {"rank": 2, "world_size": 2}, {"rank": -1}, {"seed": -1},
        {"on_error": "ignore"}, {"max_failures": -1}, {"max_failures": 1.5}, {"timeout": 0}, {"threads": 0},
        {"prefetch": -1}, {"prefetch_bytes": -1}, {"size": 0}, {"layout": "HWC"}, {"dtype": "float64"},
        {"batch_size": 9, "drop_last": True}, {"mean": 0.5}, {"sampler": 3}, {"crop": 3},
    ],
)  # fmt: skip
def test_options_that_mean_nothing_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError), match="|".join(options)):
        loading.loader(loading.dataset(8), **options)


@pytest.mark.parametrize("records", [[], "videos.csv", None, {"video.mp4": 3}])
def test_objects_that_are_not_data_sets_are_refused(records: Any) -> None:
    with pytest.raises((ValueError, TypeError), match="dataset"):
        loading.loader(records)


def test_a_sampler_or_crop_that_gives_something_else_is_told(path: Path) -> None:
    class Wrong:
        clips, frames, views, size = 1, 3, 2, (8, 8)

        def __call__(self, *_: Any) -> Any:
            return np.zeros((1, 4))

    with pytest.raises(TypeError, match="must return int64"):
        list(loading.loader([path], sampler=Wrong()))
    with pytest.raises(TypeError, match=r"shape \(2, 4\)"):
        list(loading.loader([path], crop=_OneBox(2)))
    with pytest.raises(ValueError, match="ends outside"):
        list(loading.loader([path], crop=_OneBox(1)))


def test_a_sampler_whose_number_of_clips_varies_is_told_what_to_do(path: Path) -> None:
    with pytest.raises(ValueError, match="FixedClips"):
        loading.loader([path], sampler=kf.DenseClips(3, stride=2))
    fixed = FixedClips(kf.DenseClips(3, stride=2), clips=4)
    assert next(iter(loading.loader([path], sampler=fixed, batch_size=1))).frames.shape[0] == 4


class _OneBox:
    size = (8, 8)

    def __init__(self, views: int) -> None:
        self.views = views

    def __call__(self, width: int, height: int, _: np.random.Generator) -> Any:
        return np.array([[1.0, 0, width, height]])
