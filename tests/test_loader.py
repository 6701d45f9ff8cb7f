"""`ClipLoader`: what a batch holds, and that it is what `decode_clips` gives."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import loading
import media
import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.samplers import FixedClips

if TYPE_CHECKING:
    from pathlib import Path


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
    path = media.make("long_gop.mkv")  # one entry: whoever wants the last frame decodes all
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


def test_a_saved_index_that_is_damaged_is_that_videos_failure(path: Path) -> None:
    records = [kf.Record(path, frame_index=b"no index"), kf.Record(path)]
    (batch,) = loading.loader(records, on_error="zero", shuffle=False)
    assert batch.valid.tolist() == [False, True]
    assert isinstance(batch.errors[0], kf.CorruptError)
    assert batch.errors[0].path == str(path)


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


class Lazy:
    """A data set of which every item is made when it is asked for."""

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
        if previous is not None:  # 4 buffers and 2 ahead: it stays while the next one is handed out
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


def test_prefetch_of_nothing_decodes_within_next() -> None:
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
    import time

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
    import threading

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
def test_datasets_that_are_none_are_refused(records: Any) -> None:
    with pytest.raises((ValueError, TypeError), match="dataset"):
        loading.loader(records)


def test_a_sampler_or_crop_that_gives_something_else_is_told(path: Path) -> None:
    class Wrong:
        clips, frames, views, size = 1, 3, 2, (8, 8)

        def __call__(self, *_: Any) -> Any:
            return np.zeros((1, 4))

    with pytest.raises(TypeError, match="sampler gives int64"):
        list(loading.loader([path], sampler=Wrong()))
    with pytest.raises(TypeError, match="views are 2"):
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
