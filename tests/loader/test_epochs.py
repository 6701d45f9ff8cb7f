"""The same seed gives the same batches, on any number of threads and ranks, and after any resume."""

from __future__ import annotations

import hashlib
import json
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kinetics_fast as kf
from kinetics_fast.loader.order import epoch_order
from kinetics_fast.loader.plan import EpochPlan, number_of_batches
from kinetics_fast.loader.rng import EpochDraws
from support import loading

if TYPE_CHECKING:
    from support.child import Child

pytestmark = pytest.mark.ffmpeg

MISSING = "no such video.mp4"


def plans(videos: int, batch_size: int, world_size: int, shuffle: bool, epoch: int = 0) -> list[EpochPlan]:
    order = epoch_order(None, epoch, 7, shuffle=shuffle, records=videos)
    return [
        EpochPlan(order, batch_size=batch_size, rank=rank, world_size=world_size)
        for rank in range(world_size)
    ]


@given(st.integers(1, 60), st.integers(1, 9), st.integers(1, 5), st.booleans(), st.booleans())
def test_ranks_share_out_an_epoch(
    videos: int, batch_size: int, world_size: int, shuffle: bool, drop_last: bool
) -> None:
    batches = number_of_batches(videos, batch_size, world_size, drop_last=drop_last)
    (alone,) = plans(videos, batch_size * world_size, 1, shuffle)
    ranks = plans(videos, batch_size, world_size, shuffle)
    seen: list[int] = []
    for number in range(batches):
        whole, parts = alone.places(number), [plan.places(number) for plan in ranks]
        merged = {
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in ("positions", "records", "padding")
        }
        count = len(whole.records)
        assert count == min(batch_size * world_size, videos - number * batch_size * world_size)
        assert not whole.padding.any()
        assert np.array_equal(merged["positions"][:count], whole.positions)
        assert np.array_equal(merged["records"][:count], whole.records)
        wanted = count if world_size == 1 else batch_size * world_size
        assert merged["padding"].tolist() == [False] * count + [True] * (wanted - count)
        assert all(len(part.records) == batch_size for part in parts) or world_size == 1
        seen += whole.records.tolist()
    if drop_last:
        assert len(seen) == len(set(seen)) == videos - videos % (batch_size * world_size)
    else:
        assert sorted(seen) == list(range(videos))
    if not shuffle:
        assert seen == list(range(len(seen)))


def test_epochs_and_seeds_differ_in_order() -> None:
    orders = {
        (seed, epoch): tuple(EpochDraws(seed, epoch).permutation(50).tolist())
        for seed in range(3)
        for epoch in range(3)
    }
    assert len(set(orders.values())) == 9


def test_what_is_drawn_differs_by_seed_epoch_position_and_attempt() -> None:
    drawn = {
        EpochDraws(seed, epoch).generator(position, attempt).random()
        for seed in range(3)
        for epoch in range(3)
        for position in range(3)
        for attempt in range(3)
    }
    assert len(drawn) == 81


def test_random_draws_never_change() -> None:
    # A change of these numbers changes every training run that is resumed.
    draws = EpochDraws(1, 2)
    assert draws.permutation(6).tolist() == [5, 3, 0, 1, 4, 2]
    assert draws.generator(3, 0).integers(0, 1000, 4).tolist() == [972, 648, 430, 109]


def test_an_epoch_of_a_whole_data_set_is_planned_in_little_memory() -> None:
    tracemalloc.start()
    try:
        (plan,) = plans(650_000, 32, 1, shuffle=True)
        plan.places(number_of_batches(650_000, 32, 1, drop_last=False) - 1)
        assert tracemalloc.get_traced_memory()[1] < 50 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("on_error", ["zero", "replace", "skip"])
def test_any_number_of_threads_gives_the_same_bytes(on_error: Any) -> None:
    records = [*loading.dataset(9), (MISSING, 9)]
    runs = [
        list(
            loading.loader(records, threads=threads, on_error=on_error, sampler=kf.RandomClips(3, 2, clips=2))
        )
        for threads in (1, 2, 7)
    ]
    assert loading.all_same(runs[0], runs[1])
    assert loading.all_same(runs[0], runs[2])


@settings(deadline=None, derandomize=True, max_examples=12)
@given(st.integers(1, 9), st.integers(1, 3), st.integers(1, 3), st.booleans())
def test_the_ranks_valid_rows_are_the_epoch_of_one(
    videos: int, batch_size: int, world_size: int, drop_last: bool
) -> None:
    drop_last = drop_last and videos >= batch_size * world_size
    options: dict[str, Any] = {"batch_size": batch_size, "drop_last": drop_last, "seed": videos}
    records = loading.dataset(videos)
    ranks = [
        list(loading.loader(records, rank=rank, world_size=world_size, **options))
        for rank in range(world_size)
    ]
    assert len({len(batches) for batches in ranks}) == 1
    options["batch_size"] = batch_size * world_size
    for parts, whole in zip(zip(*ranks, strict=True), loading.loader(records, **options), strict=True):
        merged = {
            name: np.concatenate([getattr(part, name)[part.valid] for part in parts])
            for name in ("frames", "records", "labels", "indices", "timestamps")
        }
        for name, values in merged.items():
            assert np.array_equal(values, getattr(whole, name)[whole.valid])
        assert len(merged["records"]) == len(set(merged["records"].tolist()))


def test_the_last_batch_of_one_process_is_shorter(path: Any) -> None:
    first, last = loading.loader(loading.dataset(4), batch_size=3)
    assert (len(first), len(last)) == (3, 1)
    for name in ("frames", "labels", "records", "valid", "status", "indices", "timestamps"):
        assert len(getattr(last, name)) == 1
    assert last.valid.all()
    assert sorted([*first.records, *last.records]) == [0, 1, 2, 3]
    (batch,) = loading.loader([path], batch_size=4, sampler=kf.RandomClips(3, stride=2, clips=2))
    assert (len(batch), len(batch.frames)) == (2, 2)


def test_a_short_last_batch_is_the_beginning_of_a_buffer() -> None:
    buffers = [np.zeros((3, 3, 3, 12, 16), np.uint8) for _ in range(3)]
    loader = loading.loader(loading.dataset(4), batch_size=3, buffers=buffers)
    plain = list(loading.loader(loading.dataset(4), batch_size=3))
    for number, batch in enumerate(loader):
        assert np.shares_memory(batch.frames, buffers[number])
        assert loading.same(batch, plain[number])


def test_repeats_that_fill_up_the_last_batch_of_a_rank_are_repeats() -> None:
    ranks = [list(loading.loader(loading.dataset(4), batch_size=3, rank=r, world_size=2)) for r in (0, 1)]
    (first,), (second,) = ranks
    assert first.valid.all()
    assert second.valid.tolist() == [True, False, False]
    assert np.array_equal(second.frames[1:], first.frames[:2])
    assert np.array_equal(second.records[1:], first.records[:2])


def test_a_share_of_failures_counts_the_videos_that_there_are() -> None:
    records = [(MISSING, 0), *loading.dataset(2)]
    loader = loading.loader(records, batch_size=8, on_error="zero", max_failures=0.2)
    with pytest.raises(kf.TooManyFailures):
        list(loader)


@pytest.mark.parametrize("on_error", ["zero", "replace"])
def test_a_resume_after_every_batch_goes_on_as_if_nothing_had_happened(on_error: Any) -> None:
    records = [*loading.dataset(6), (MISSING, 6)]
    options: dict[str, Any] = {"on_error": on_error, "prefetch": 2}
    unbroken = loading.loader(records, **options)
    epochs = [list(unbroken) for _ in range(3)]
    for handed_out in range(len(unbroken) + 1):
        before = loading.loader(records, **options)
        before.set_epoch(1)
        iterator = iter(before)
        for _ in range(handed_out):
            next(iterator)
        state = json.loads(json.dumps(before.state_dict()))
        after = loading.loader(records, **options)
        after.load_state_dict(state)
        after.set_epoch(after.epoch)
        assert loading.all_same(list(after), epochs[1][handed_out:])
        assert after.epoch == 2
        assert loading.all_same(list(after), epochs[2])


RESUMED = """
import sys, json, hashlib
sys.path.insert(0, sys.argv[1])
from support import loading
loader = loading.loader(loading.dataset(7))
loader.load_state_dict(json.loads(sys.argv[2]))
for batch in loader:
    print(hashlib.md5(batch.frames.tobytes()).hexdigest())
"""


def test_a_new_process_resumes(child: Child) -> None:
    loader = loading.loader(loading.dataset(7))
    iterator = iter(loader)
    next(iterator)
    printed = child(RESUMED, Path(loading.__file__).parents[1], json.dumps(loader.state_dict()))
    assert printed.split() == [hashlib.md5(batch.frames.tobytes()).hexdigest() for batch in iterator]


def test_a_loop_that_was_left_begins_anew_and_its_state_counts_what_was_handed_out() -> None:
    loader = loading.loader(loading.dataset(8))
    whole = list(loading.loader(loading.dataset(8)))
    for number, _ in enumerate(loader):
        if number == 1:
            break
    assert (loader.state_dict()["epoch"], loader.state_dict()["batch"]) == (0, 2)
    assert loading.all_same(list(loader), whole)


def test_epochs_differ_and_set_epoch_names_them() -> None:
    loader = loading.loader(loading.dataset(6))
    first, second = list(loader), list(loader)
    assert not loading.all_same(first, second)
    loader.set_epoch(1)
    assert loading.all_same(list(loader), second)


@pytest.mark.parametrize(
    "other", [{"seed": 1}, {"batch_size": 3}, {"world_size": 2}, {"shuffle": False}, {"drop_last": True}]
)
def test_a_state_of_another_loader_is_refused(other: dict[str, Any]) -> None:
    state = loading.loader(loading.dataset(8)).state_dict()
    with pytest.raises(ValueError, match=next(iter(other))):
        loading.loader(loading.dataset(8), **other).load_state_dict(state)


def test_a_state_that_makes_no_sense_is_refused() -> None:
    loader = loading.loader(loading.dataset(8))
    with pytest.raises(ValueError, match="lacks"):
        loader.load_state_dict({"epoch": 3})
    with pytest.raises(ValueError, match="batch 99"):
        loader.load_state_dict({**loader.state_dict(), "batch": 99})
