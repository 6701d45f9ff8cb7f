"""Batches are decoded ahead in the documented order and into the documented memory."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kinetics_fast as kf
from support import loading
from videos import media

pytestmark = pytest.mark.ffmpeg


class Lazy:
    """A data set that makes every item on access."""

    def __init__(self, path: Path, count: int) -> None:
        self.path, self.count = path, count
        self.asked: list[int] = []

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, number: int) -> kf.Record:
        assert isinstance(number, int)
        self.asked.append(number)
        return kf.Record(self.path, number)


def test_a_dataset_is_only_asked_for_what_is_prefetched(path: Path) -> None:
    records = Lazy(path, 650_000)
    batches = iter(loading.loader(records, prefetch=2))
    for _ in range(2):
        next(batches)
    assert len(records.asked) == 2 * (2 + 2 * 2)


def test_batches_that_are_kept_are_never_written_again() -> None:
    loader = loading.loader(loading.dataset(12), prefetch=1)
    kept = list(loader)
    copies = [batch.frames.copy() for batch in kept]
    loader.set_epoch(1)
    list(loader)
    assert all(np.array_equal(batch.frames, copy) for batch, copy in zip(kept, copies, strict=True))


def test_memory_of_a_batch_that_nobody_refers_to_is_used_again() -> None:
    loader = loading.loader(loading.dataset(24), prefetch=1, size=96)
    places = set()
    for batch in loader:
        places.add(batch.frames.ctypes.data)
    assert len(places) < 6


def test_batches_are_decoded_into_the_callers_ring() -> None:
    records = loading.dataset(9)
    expected = [batch.frames.copy() for batch in loading.loader(records)]
    ring = [np.full((2, 3, 3, 12, 16), 7, np.uint8) for _ in range(4)]
    previous = None
    for number, batch in enumerate(loading.loader(records, buffers=ring, prefetch=2)):
        assert np.shares_memory(batch.frames, ring[number % 4])
        assert np.array_equal(batch.frames, expected[number])
        if previous is not None:  # 4 buffers, prefetch 2: a batch stays valid while the next one is given
            assert np.array_equal(previous, expected[number - 1])
        previous = batch.frames


@pytest.mark.parametrize(
    "buffers",
    [
        [np.empty((2, 3, 3, 12, 16), np.uint8)] * 2,
        [np.empty((2, 3, 3, 12, 15), np.uint8)] * 3,
        [np.empty((2, 3, 3, 12, 16), np.float32)] * 3,
    ],
)
def test_buffers_that_do_not_serve_are_refused(buffers: Any) -> None:
    with pytest.raises(ValueError, match=r"buffers|out must"):
        list(loading.loader(loading.dataset(2), buffers=buffers, prefetch=2))


def test_prefetch_bytes_lower_the_count_and_say_so_where_one_batch_is_larger() -> None:
    records = loading.dataset(20)
    batch_bytes = 2 * 3 * 3 * 12 * 16
    lazy = Lazy(records[0][0], 20)
    next(iter(loading.loader(lazy, prefetch=8, prefetch_bytes=3 * batch_bytes)))
    assert len(lazy.asked) == 2 * (1 + 2 * 3)
    lazy = Lazy(records[0][0], 20)
    with pytest.warns(UserWarning, match="prefetch_bytes"):
        next(iter(loading.loader(lazy, prefetch=8, prefetch_bytes=batch_bytes - 1)))
    assert len(lazy.asked) == 2 * (1 + 2 * 1)


def test_the_batch_that_is_waited_for_is_decoded_before_those_ahead() -> None:
    path = media.make("long_gop.mp4")
    packed = kf.Video(path)._index.pack()
    videos = [kf.Record(path.read_bytes(), frame_index=packed) for _ in range(40)]  # each decoded by itself
    loader = loading.loader(videos, batch_size=4, threads=1, prefetch=8, sampler=kf.UniformClips(60, 1, 1))
    next(iter(loader))
    assert loader.stats.frames_decoded == 4 * 60


def test_all_batches_share_the_threads() -> None:
    loader = loading.loader(loading.dataset(30), threads=1, prefetch=6, sampler=kf.UniformClips(30, 2, 1))
    for _ in loader:
        pass
    stats = loader.stats
    assert stats.seconds_decoding + stats.seconds_converting <= stats.seconds


def test_prefetch_0_decodes_within_next() -> None:
    records = loading.dataset(5)
    assert loading.all_same(list(loading.loader(records, prefetch=0)), list(loading.loader(records)))


def test_a_loader_can_be_pickled_with_its_place() -> None:
    loader = loading.loader(loading.dataset(8))
    batches = list(loader)
    iterator = iter(loader)
    next(iterator)
    copy = pickle.loads(pickle.dumps(loader))
    assert copy.epoch == 1
    copy.set_epoch(0)
    assert loading.all_same(list(copy), batches)


def test_a_second_loop_ends_the_first() -> None:
    loader = loading.loader(loading.dataset(8))
    first = iter(loader)
    next(first)
    second = iter(loader)
    next(second)
    with pytest.raises(RuntimeError, match="another"):
        next(first)
    assert len(list(second)) == 3
