"""A DataLoader over kinetics_fast.torch gives the batches of the loader, with any number of workers."""

from __future__ import annotations

import socket
from typing import Any

import numpy as np
import pytest
import torch
import torch.distributed as dist
from torch import multiprocessing
from torch.utils.data import DataLoader

import kinetics_fast as kf
import kinetics_fast.torch as kft
from kinetics_fast.torch.dataset import _share
from videos import media

pytestmark = pytest.mark.ffmpeg

VIDEOS = 11


def make_loader(**options: Any) -> kf.ClipLoader:
    path = media.noise(64, 48)
    dataset = [kf.Record(path, label) for label in range(VIDEOS)]
    return kf.ClipLoader(
        dataset,
        kf.RandomClips(2, stride=1),
        kf.RandomCrop(16, (24, 32)),
        batch_size=2,
        shuffle=True,
        **options,
    )


def same(ours: kft.TensorBatch, theirs: kf.ClipBatch) -> bool:
    names = ("frames", "labels", "records", "valid", "status", "indices", "timestamps")
    return all(
        np.array_equal(np.asarray(getattr(ours, name)), getattr(theirs, name), equal_nan=name == "timestamps")
        for name in names
    )


@pytest.mark.filterwarnings("ignore:This DataLoader will create")  # more workers than there are CPUs
@pytest.mark.parametrize(
    ("workers", "context", "persistent"),
    [(0, None, False), (1, "fork", False), (3, "fork", False), (2, "fork", True), (2, "spawn", True)],
)
def test_a_dataloader_gives_the_loaders_batches(workers: int, context: str | None, persistent: bool) -> None:
    expected = list(make_loader())
    dataset = kft.ClipDataset(make_loader())
    batches = DataLoader(
        dataset, None, num_workers=workers, multiprocessing_context=context, persistent_workers=persistent
    )
    assert len(batches) == len(expected)
    for epoch in (0, 0, 1):
        dataset.set_epoch(epoch)
        got = list(batches)
        assert [len(batch) for batch in got] == [len(batch) for batch in expected]
        if epoch == 0:
            assert all(map(same, got, expected))
    later = make_loader()
    later.set_epoch(1)
    assert all(map(same, got, later))


def test_workers_share_the_threads() -> None:
    assert [_share(7, worker, 3) for worker in range(3)] == [3, 2, 2]
    assert [_share(2, worker, 3) for worker in range(3)] == [1, 1, 1]


def test_an_error_comes_out_of_a_worker_with_its_type(tmp_path: Any) -> None:
    missing = kf.ClipLoader([tmp_path / "missing.mp4"], kf.RandomClips(2, stride=1), size=16, batch_size=1)
    batches = DataLoader(kft.ClipDataset(missing), None, num_workers=1)
    with pytest.raises(kf.OpenError, match=r"missing\.mp4"):
        next(iter(batches))


class Exhausting:
    """A sampler that raises StopIteration."""

    clips, frames = 1, 2

    def __call__(self, *_: Any) -> Any:
        return next(iter(()))


@pytest.mark.parametrize("workers", [0, 1])
def test_a_stop_iteration_of_the_sampler_does_not_end_the_epoch_in_silence(workers: int) -> None:
    sampler: Any = Exhausting()
    loader = kf.ClipLoader([media.noise(64, 48)], sampler, size=8, batch_size=1)
    batches = DataLoader(kft.ClipDataset(loader), None, num_workers=workers)
    with pytest.raises(RuntimeError, match="StopIteration in __call__"):
        list(batches)
    with pytest.raises(RuntimeError, match="StopIteration in __call__"):
        list(kft.to_device(loader, "cpu"))


def test_failures_travel_with_their_batch(tmp_path: Any) -> None:
    missing = kf.ClipLoader(
        [tmp_path / "missing.mp4"], kf.RandomClips(2, stride=1), size=16, batch_size=1, on_error="zero"
    )
    (batch,) = DataLoader(kft.ClipDataset(missing), None, num_workers=1)
    assert isinstance(batch.errors[0], kf.OpenError)
    assert not batch.valid.any()


def test_the_text_of_a_batch_has_shapes_and_no_values() -> None:
    batch = next(iter(kft.ClipDataset(make_loader())))
    assert repr(batch).startswith(
        "<TensorBatch: frames torch.float32 (2, 3, 2, 16, 16), labels torch.int64 (2,)"
    )
    assert repr(batch).endswith("; rows with errors: 0>")


def test_a_dataloader_takes_no_ring_of_buffers() -> None:
    ring = [np.empty((2, 3, 2, 16, 16), np.float32)] * 4
    with pytest.raises(ValueError, match="outlive"):
        kft.ClipDataset(make_loader(buffers=ring))


def test_on_the_cpu_nothing_is_copied() -> None:
    for batch, expected in zip(kft.to_device(make_loader(), "cpu"), make_loader(), strict=True):
        assert same(batch, expected)
        assert batch.frames.dtype == torch.float32


@pytest.mark.parametrize("words", [np.array(["zumba"]), np.array(["zumba"], object)])
def test_labels_that_are_no_numbers_are_a_list(words: Any) -> None:
    loader = kf.ClipLoader([(media.noise(64, 48), words)], kf.RandomClips(2, 1), size=8, batch_size=1)
    (batch,) = kft.to_device(loader, "cpu")
    assert isinstance(batch.labels, list)
    assert batch.labels[0].tolist() == ["zumba"]


def _ranks(rank: int, port: int, answers: Any) -> None:
    dist.init_process_group("gloo", f"tcp://127.0.0.1:{port}", rank=rank, world_size=2)
    loader = make_loader(**kft.rank_and_world_size())
    valid = np.concatenate([batch.records[batch.valid] for batch in loader])
    answers.put((rank, len(loader), valid.tolist()))
    dist.destroy_process_group()


def test_ranks_of_a_process_group_share_an_epoch() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    answers = multiprocessing.get_context("spawn").SimpleQueue()
    multiprocessing.spawn(_ranks, (port, answers), nprocs=2)
    (_, first_length, first), (_, second_length, second) = sorted(answers.get() for _ in range(2))
    assert first_length == second_length == 3
    assert sorted(first + second) == list(range(VIDEOS))


def test_what_torchrun_says_counts_before_the_group_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RANK", raising=False)
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    assert kft.rank_and_world_size() == {"rank": 0, "world_size": 1}
    monkeypatch.setenv("RANK", "3")
    monkeypatch.setenv("WORLD_SIZE", "8")
    assert kft.rank_and_world_size() == {"rank": 3, "world_size": 8}
