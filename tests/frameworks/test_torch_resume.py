"""A training run through a DataLoader resumes where it stopped, with and without workers."""

from __future__ import annotations

import json
from itertools import islice
from types import SimpleNamespace
from typing import Any

import pytest
from torch.utils.data import DataLoader

import kinetics_fast as kf
import kinetics_fast.torch as kft
from kinetics_fast.torch import dataset as module
from support import loading

pytestmark = [
    pytest.mark.ffmpeg,
    pytest.mark.filterwarnings("ignore:This DataLoader will create"),  # more workers than there are CPUs
    pytest.mark.filterwarnings("ignore:.*is deprecated:UserWarning"),  # in torchdata
]
WORKERS = [(0, False), (1, False), (3, False), (2, True)]


def make_loader(**options: Any) -> kf.ClipLoader:
    return loading.loader(loading.dataset(11), **options)


def batches_of(epoch: int) -> list[kf.ClipBatch]:
    loader = make_loader()
    loader.set_epoch(epoch)
    return list(loader)


@pytest.mark.parametrize(("workers", "persistent"), WORKERS)
@pytest.mark.parametrize("loaded_by", ["the data set", "the loader before", "the loader after"])
def test_a_loop_begins_where_a_state_says(workers: int, persistent: bool, loaded_by: str) -> None:
    state = {**make_loader().state_dict(), "epoch": 1, "batch": 2}
    loader = make_loader()
    if loaded_by == "the loader before":
        loader.load_state_dict(state)
    dataset = kft.ClipDataset(loader)
    if loaded_by == "the loader after":
        loader.load_state_dict(state)
    elif loaded_by == "the data set":
        dataset.load_state_dict(state)
    batches = DataLoader(dataset, None, num_workers=workers, persistent_workers=persistent)
    for epoch in (1, 2):
        dataset.set_epoch(epoch)
        assert loading.all_same(list(batches), batches_of(epoch)[2 if epoch == 1 else 0 :])


def test_without_workers_the_state_is_the_loaders() -> None:
    dataset = kft.ClipDataset(make_loader())
    next(iter(DataLoader(dataset, None)))
    assert dataset.state_dict()["batch"] == 1


def test_a_state_of_another_loader_is_refused() -> None:
    with pytest.raises(ValueError, match="seed"):
        kft.ClipDataset(make_loader()).load_state_dict(make_loader(seed=7).state_dict())


@pytest.mark.parametrize(("workers", "persistent"), WORKERS)
@pytest.mark.parametrize("taken", [0, 1, 4, 6])
def test_torchdatas_loader_resumes(workers: int, persistent: bool, taken: int) -> None:
    loaders = pytest.importorskip("torchdata.stateful_dataloader")

    def loader() -> tuple[kft.ClipDataset, Any]:
        dataset = kft.ClipDataset(make_loader())
        options = {"num_workers": workers, "persistent_workers": persistent}
        return dataset, loaders.StatefulDataLoader(dataset, batch_size=None, **options)

    dataset, batches = loader()
    dataset.set_epoch(1)
    begun = iter(batches)
    expected = batches_of(1)
    assert len(expected) == 6
    assert all(map(loading.same, islice(begun, taken), expected))
    state = json.loads(json.dumps(batches.state_dict()))
    dataset, batches = loader()
    batches.load_state_dict(state)
    dataset.set_epoch(1)
    assert loading.all_same(list(batches), expected[taken:])
    dataset.set_epoch(2)
    assert loading.all_same(list(batches), batches_of(2))


@pytest.mark.parametrize("taken", [0, 1, 2])
@pytest.mark.parametrize("worker", range(3))
def test_a_worker_goes_on_from_its_own_state(
    monkeypatch: pytest.MonkeyPatch, worker: int, taken: int
) -> None:
    monkeypatch.setattr(module, "get_worker_info", lambda: SimpleNamespace(id=worker, num_workers=3))
    expected = batches_of(0)[worker::3]
    dataset = kft.ClipDataset(make_loader())
    begun = list(islice(dataset, taken))
    state = json.loads(json.dumps(dataset.state_dict()))
    again = kft.ClipDataset(make_loader())
    again.load_state_dict(state)
    assert loading.all_same([*begun, *again], expected)  # type: ignore[list-item]
    assert again.state_dict()["batch"] == 6
