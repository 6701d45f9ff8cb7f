"""`read_clips` gives the rows of `ClipLoader`, whatever node decodes them, and also if a node is killed."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.ray import read_clips
from support.preparing import six_seconds
from videos import media

if TYPE_CHECKING:
    from support.ray_nodes import Nodes

pytestmark = [
    pytest.mark.ffmpeg,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray"),  # Ray warns of its own settings
]

Blocks = list[dict[str, Any]]
ARRAYS = ("frames", "records", "valid", "status", "indices", "timestamps")
WAYS: dict[str, Any] = {
    "sampler": kf.RandomClips(8, 4),
    "crop": kf.RandomResizedCrop(48),
    "flip": 0.5,
    "batch_size": 3,
    "shuffle": True,
    "seed": 7,
}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> kf.Dataset:
    """Return twenty videos of two classes, of which one is no video and one is too short."""
    root = tmp_path_factory.mktemp("clips")
    names = [str(root / f"{number:02d}.mp4") for number in range(20)]
    for name in names:
        shutil.copy(six_seconds(), name)
    Path(names[4]).write_bytes(b"no video" * 100)
    shutil.copy(media.make("open_gop.mp4"), names[11])
    return kf.Dataset(names, [number % 2 for number in range(20)], classes=["abseiling", "zumba"])


def in_order(blocks: Iterable[dict[str, Any]]) -> Blocks:
    return sorted(blocks, key=lambda block: int(block["batch"][0]))


def read(dataset: Any, **options: Any) -> Blocks:
    return in_order(read_clips(dataset, **options).iter_batches(batch_size=None, batch_format="numpy"))


def assert_same(blocks: Blocks, loader: kf.ClipLoader, epoch: int = 0) -> None:
    loader.set_epoch(epoch)
    for number, (block, batch) in enumerate(zip(blocks, loader, strict=True)):
        for name in ARRAYS:
            ours, theirs = block[name], getattr(batch, name)
            assert ours.dtype == theirs.dtype, name
            np.testing.assert_array_equal(ours, theirs, err_msg=name)
        assert list(block["labels"]) == list(batch.labels)
        texts = [str(batch.errors[row]) if row in batch.errors else None for row in range(len(batch))]
        assert list(block["errors"]) == texts
        assert set(block["batch"]) == {number}
        assert block["row"].tolist() == list(range(len(batch)))


@pytest.mark.usefixtures("nodes")
@pytest.mark.parametrize(
    ("options", "epoch"),
    [
        ({"on_error": "zero"}, 0),
        ({"on_error": "replace", "dtype": "uint8", "layout": "THWC"}, 3),
        ({"on_error": "zero", "sampler": kf.UniformClips(4, 4, 2), "crop": kf.ThreeCrop(32), "flip": 0.0}, 1),
    ],
)
def test_rows_are_those_of_the_loader(dataset: kf.Dataset, options: dict[str, Any], epoch: int) -> None:
    ways = {**WAYS, **options}
    assert_same(read(dataset, epoch=epoch, **ways), kf.ClipLoader(dataset, **ways), epoch)


@pytest.mark.usefixtures("nodes")
def test_rows_that_are_skipped_and_labels_that_are_text(dataset: kf.Dataset) -> None:
    named = [(record.source, f"name {number}") for number, record in enumerate(dataset)]
    ways = {**WAYS, "on_error": "skip", "shuffle": False}
    assert_same(read(named, **ways), kf.ClipLoader(named, **ways))


@pytest.mark.usefixtures("nodes")
def test_whole_frames_have_the_size_of_the_videos(dataset: kf.Dataset) -> None:
    ways = {**WAYS, "crop": None, "on_error": "zero", "shuffle": False}
    assert_same(read(dataset[:4], **ways), kf.ClipLoader(dataset[:4], **ways))


@pytest.mark.usefixtures("nodes")
def test_a_video_that_fails_ends_the_job_with_its_error(dataset: kf.Dataset) -> None:
    with pytest.raises(Exception, match=r"04\.mp4"):
        read(dataset, **{**WAYS, "on_error": "raise"})


def test_a_node_that_is_killed_while_it_decodes_changes_nothing(nodes: Nodes, dataset: kf.Dataset) -> None:
    from support.ray_nodes import busy, until

    many = dataset.take(np.arange(240) % 20)
    ways = {**WAYS, "on_error": "zero"}
    node = nodes.workers()[0]
    blocks = []
    for block in read_clips(many, **ways).iter_batches(batch_size=None, batch_format="numpy"):
        blocks.append(block)
        if len(blocks) == 5:
            until(lambda: node.node_id in busy())
            nodes.kill(node)
    assert_same(in_order(blocks), kf.ClipLoader(many, **ways))


def test_blocks_that_a_killed_node_had_finished_are_made_again(nodes: Nodes, dataset: kf.Dataset) -> None:
    import ray

    from support.ray_nodes import alive, until

    ways = {**WAYS, "on_error": "zero", "crop": kf.RandomResizedCrop(112)}
    clips = read_clips(dataset, **ways).materialize()
    references = clips.get_internal_block_refs()
    places = ray.experimental.get_object_locations(references)
    held = Counter(node for place in places.values() for node in place["node_ids"])
    node = max(nodes.workers(), key=lambda node: held[node.node_id])
    only_there = [reference for reference in references if places[reference]["node_ids"] == [node.node_id]]
    assert only_there
    nodes.kill(node)
    until(lambda: node.node_id not in alive())
    blocks = in_order(clips.iter_batches(batch_size=None, batch_format="numpy"))
    assert_same(blocks, kf.ClipLoader(dataset, **ways))
    again = ray.experimental.get_object_locations(only_there)
    assert all(place["node_ids"] and node.node_id not in place["node_ids"] for place in again.values())
