"""A batch of `ClipLoader` holds what `decode_clips` gives for the same clips and crops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import kinetics_fast as kf
from support import loading
from videos import media

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.ffmpeg


def test_rows_are_those_of_decode_clips_video_by_video_clip_by_clip_crop_by_crop() -> None:
    records = loading.dataset(4)
    sampler, crop = kf.UniformClips(3, stride=4, clips=2), kf.ThreeCrop(24, short_side=32)
    normalised: dict[str, Any] = {"dtype": "float32", "mean": [0.4, 0.5, 0.6], "std": [0.2, 0.3, 0.4]}
    loader = kf.ClipLoader(records, sampler, crop, batch_size=2, layout="TCHW", **normalised)
    assert loader.views == 6
    batches = list(loader)
    assert len(batches) == len(loader) == 2
    for number, batch in enumerate(batches):
        clips = []
        for path, _ in records[2 * number : 2 * number + 2]:
            video = kf.Video(path)
            clips += [
                kf.Clip(video, indices=indices, box=box)
                for indices in sampler(video)
                for box in crop(video.width, video.height)
            ]
        expected = kf.decode_clips(clips, size=24, layout="TCHW", **normalised)
        assert batch.frames.shape == (12, 3, 3, 24, 24)
        assert np.array_equal(batch.frames, expected.frames)
        assert np.array_equal(batch.indices, expected.indices)
        assert np.array_equal(batch.timestamps, expected.timestamps)
        assert np.array_equal(batch.status, expected.status)
        assert batch.valid.all()
        assert batch.errors == {}
        assert batch.records.tolist() == [2 * number] * 6 + [2 * number + 1] * 6
        averaged = batch.frames.reshape(-1, loader.views, 3, 3, 24, 24).mean(1)
        assert averaged.shape == (2, 3, 3, 24, 24)


def test_several_clips_and_crops_of_a_video_cost_one_decoding() -> None:
    path = media.make("long_gop.mkv")  # one entry, so the last frame needs the decoding of all frames
    loader = kf.ClipLoader(
        [path], kf.UniformClips(5, stride=3, clips=4), kf.ThreeCrop(16, short_side=32), batch_size=1
    )
    (batch,) = loader
    assert len(batch) == 12
    assert loader.stats.frames_decoded <= kf.Video(path).num_frames


@pytest.mark.parametrize("layout", ["CTHW", "TCHW", "THWC"])
@pytest.mark.parametrize("dtype", ["uint8", "float16", "float32"])
def test_frames_have_five_dimensions_in_every_layout(layout: str, dtype: str) -> None:
    (batch,) = loading.loader(loading.dataset(1), batch_size=1, layout=layout, dtype=dtype)
    shape = {"C": 3, "T": 3, "H": 12, "W": 16}
    assert batch.frames.shape == (1, *(shape[axis] for axis in layout))
    assert batch.frames.dtype == dtype


def test_without_crop_and_size_frames_have_the_videos_own_size() -> None:
    loader = kf.ClipLoader(
        [media.make("rotated_90.mp4")] * 2, kf.UniformClips(2, stride=1, clips=1), batch_size=2
    )
    (batch,) = loader
    assert batch.frames.shape == (2, 3, 2, 128, 96)


def test_videos_of_different_sizes_need_a_size() -> None:
    sizes = [media.make("open_gop.mp4"), media.make("rotated_90.mp4")]
    sampler = kf.UniformClips(2, stride=1, clips=1)
    with pytest.raises(ValueError, match="size="):
        list(kf.ClipLoader(sizes, sampler, batch_size=1))
    assert [b.frames.shape for b in kf.ClipLoader(sizes, sampler, size=(8, 10), batch_size=1)] == [
        (1, 3, 2, 8, 10)
    ] * 2


def test_size_takes_the_place_of_the_crops_own() -> None:
    loader = loading.loader(loading.dataset(1), batch_size=1, size=20)
    assert next(iter(loader)).frames.shape == (1, 3, 3, 20, 20)


def test_a_record_with_a_saved_index_is_read_by_it(path: Path) -> None:
    packed = kf.Video(path)._index.pack()
    plain = list(loading.loader([kf.Record(path, 3)], batch_size=1))
    saved = list(loading.loader([kf.Record(path, 3, frame_index=packed)], batch_size=1))
    assert loading.all_same(plain, saved)


@pytest.mark.parametrize("which", ["damaged", "of another size", "of the same size"])
def test_a_saved_index_that_is_not_the_files_is_built_anew(path: Path, tmp_path: Path, which: str) -> None:
    packed = b"no index" if which == "damaged" else kf.Video(path)._index.pack()
    data = media.make("b_pyramid_normal.mp4").read_bytes()
    today = tmp_path / "today.mp4"
    today.write_bytes(data if which == "of another size" else data.ljust(path.stat().st_size, b"\0"))
    plain = list(loading.loader([kf.Record(today, 3)], batch_size=1))
    saved = list(loading.loader([kf.Record(today, 3, frame_index=packed)], batch_size=1))
    assert saved[0].valid.all()
    assert loading.all_same(plain, saved)


def test_bounds_of_a_record_bound_its_clips(path: Path) -> None:
    records = [kf.Record(path, start=0.4, end=0.8)] * 8
    for batch in loading.loader(records, sampler=kf.RandomClips(2, stride=1)):
        assert batch.timestamps.min() >= 0.4 - 1e-9
        assert batch.timestamps.max() < 0.8


def test_sources_of_every_kind_are_records(path: Path) -> None:
    whole = path.read_bytes()
    records = [path, str(path), whole, kf.FileRange(path, 0, len(whole)), kf.Video(path), (path, 7)]
    (batch,) = loading.loader(
        records, batch_size=6, shuffle=False, sampler=kf.UniformClips(3, 2, 1), crop=kf.Resize(16), flip=0
    )
    assert batch.labels.tolist() == [-1] * 5 + [7]
    assert all(np.array_equal(frames, batch.frames[0]) for frames in batch.frames)


def test_a_dataset_with_bounds_and_saved_indices_is_taken_as_it_is(path: Path) -> None:
    packed = kf.Video(path)._index.pack()
    columns: dict[str, Any] = {"starts": np.array([0.4, np.nan]), "frame_indices": [packed, None]}
    dataset = kf.Dataset([str(path)] * 2, [4, 5], classes=["a", "b", "c", "d", "e", "f"], **columns)
    (batch,) = loading.loader(dataset, shuffle=False)
    assert batch.labels.tolist() == [4, 5]
    assert batch.valid.all()
    assert batch.timestamps[0].min() >= 0.4 - 1e-9


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([3, None], np.array([3, 3, -1, -1])),
        ([np.array([1.0, 2]), np.array([3.0, 4])], np.array([[1.0, 2], [1, 2], [3, 4], [3, 4]])),
        (["a", ("b", 1)], ["a", "a", ("b", 1), ("b", 1)]),
        ([0.5, 1], [0.5, 0.5, 1, 1]),
    ],
)
def test_labels_are_integers_stacked_arrays_or_a_list(path: Path, labels: list[Any], expected: Any) -> None:
    records = [kf.Record(path, label) for label in labels]
    (batch,) = loading.loader(records, sampler=kf.RandomClips(2, 1, clips=2), shuffle=False)
    assert type(batch.labels) is type(expected)
    if isinstance(expected, list):
        assert batch.labels == expected
    else:
        assert batch.labels.dtype == expected.dtype
        assert np.array_equal(batch.labels, expected)


def test_clips_and_crops_and_flips_are_drawn_once_a_clip() -> None:
    loader = loading.loader(
        loading.dataset(1) * 16, sampler=kf.RandomClips(2, 1, clips=4), batch_size=16, layout="THWC"
    )
    (batch,) = loader
    assert len(np.unique(batch.indices[:, 0])) > 8
    assert len({row.tobytes() for row in batch.frames}) > 60


def test_flip_is_a_probability_and_does_not_change_the_crops() -> None:
    records = loading.dataset(1) * 32
    never, sometimes, always = (
        next(iter(loading.loader(records, batch_size=32, layout="THWC", flip=flip))).frames
        for flip in (0, 0.5, 1)
    )
    mirrored = np.array([not np.array_equal(a, b) for a, b in zip(never, sometimes, strict=True)])
    assert 6 < mirrored.sum() < 26
    assert np.array_equal(sometimes[mirrored], always[mirrored])


def test_frames_go_to_other_libraries_without_a_copy() -> None:
    batch = next(iter(loading.loader(loading.dataset(2), dtype="float32")))
    taken = np.from_dlpack(batch.frames)
    assert np.shares_memory(taken, batch.frames)
    assert batch.frames.flags.writeable
    assert batch.frames.flags.c_contiguous
