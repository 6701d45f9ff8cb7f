"""An order of the caller's own decides which videos an epoch has, on every rank and after every resume."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import kinetics_fast as kf
from support import loading

pytestmark = pytest.mark.ffmpeg


def weighted(_epoch: int, rng: np.random.Generator) -> Any:
    return rng.choice(4, 6, p=[0, 0.5, 0.25, 0.25])


def growing(epoch: int, _rng: np.random.Generator) -> list[int]:
    return list(range(2 * epoch + 1))


def records_of(loader: kf.ClipLoader) -> list[int]:
    return [record for batch in loader for record in batch.records[batch.valid].tolist()]


def test_an_order_may_repeat_and_leave_out_videos() -> None:
    loader = loading.loader(loading.dataset(4), shuffle=False, order=weighted, batch_size=4)
    assert len(loader) == 2
    first, second = records_of(loader), records_of(loader)
    assert len(first) == len(second) == 6
    assert set(first + second) == {1, 2, 3}
    assert first != second
    assert (
        records_of(loading.loader(loading.dataset(4), shuffle=False, order=weighted, batch_size=4)) == first
    )


def test_the_same_video_at_two_places_of_an_order_is_drawn_twice() -> None:
    order = lambda epoch, rng: [0, 0]  # noqa: ARG005, E731
    (batch,) = loading.loader(loading.dataset(1), shuffle=False, order=order)
    assert not np.array_equal(batch.frames[0], batch.frames[1])


def test_a_shuffled_order_of_ones_own_is_that_of_shuffle() -> None:
    order = lambda epoch, rng: rng.permutation(5)  # noqa: ARG005, E731
    own = list(loading.loader(loading.dataset(5), shuffle=False, order=order))
    assert loading.all_same(own, list(loading.loader(loading.dataset(5), shuffle=True)))


def test_epochs_may_differ_in_length() -> None:
    loader = loading.loader(loading.dataset(5), shuffle=False, order=growing)
    lengths = []
    for _ in range(3):
        lengths.append(len(loader))
        assert records_of(loader) == list(range(2 * len(lengths) - 1))
    assert lengths == [1, 2, 3]


def test_ranks_share_out_an_order_and_a_run_resumes_in_it() -> None:
    options: dict[str, Any] = {"shuffle": False, "order": weighted, "batch_size": 1}
    alone = records_of(loading.loader(loading.dataset(4), **{**options, "batch_size": 2}))
    ranks = [loading.loader(loading.dataset(4), rank=rank, world_size=2, **options) for rank in (0, 1)]
    by_rank = [records_of(loader) for loader in ranks]
    assert [record for pair in zip(*by_rank, strict=True) for record in pair] == alone
    loader = loading.loader(loading.dataset(4), **options)
    running = iter(loader)
    next(running)
    resumed = loading.loader(loading.dataset(4), **options)
    resumed.load_state_dict(loader.state_dict())
    assert loading.all_same(list(resumed), list(running))


def test_a_state_of_a_loader_with_another_kind_of_order_is_refused() -> None:
    plain = loading.loader(loading.dataset(4), shuffle=False)
    own = loading.loader(loading.dataset(4), shuffle=False, order=weighted)
    with pytest.raises(ValueError, match="order is True"):
        plain.load_state_dict(own.state_dict())
    older = {name: value for name, value in plain.state_dict().items() if name != "order"}
    plain.load_state_dict(older)
    with pytest.raises(ValueError, match="order is False"):
        own.load_state_dict(older)


@pytest.mark.parametrize(
    ("returned", "error", "says"),
    [
        ([0, 4], ValueError, "positions from 0 to 3 for epoch 0, got 4"),
        ([-1], ValueError, "got -1"),
        ([], ValueError, "at least one position"),
        ([0.5], TypeError, "integers of shape"),
        ([[0]], TypeError, r"got int64 \(1, 1\)"),
    ],
)
def test_an_order_that_is_none_is_refused(returned: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        loading.loader(loading.dataset(4), shuffle=False, order=lambda *_: returned)


def test_an_order_is_callable_and_takes_the_place_of_shuffle() -> None:
    with pytest.raises(ValueError, match="exclude each other"):
        loading.loader(loading.dataset(4), shuffle=True, order=weighted)
    with pytest.raises(TypeError, match="order must be callable"):
        loading.loader(loading.dataset(4), shuffle=False, order=[0, 1])
