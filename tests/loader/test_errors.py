"""Bad files have the documented effect on a batch, and an epoch over many of them accounts for every file."""

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

MISSING = "no such video.mp4"


def broken(good: int = 5) -> list[Any]:
    """Return records; the files of the third and the last are missing."""
    records: list[Any] = list(loading.dataset(good))
    return [*records[:2], (MISSING, 2), *records[3:], (MISSING, good)]


def test_raise_raises_the_files_own_error_at_its_batch_and_ends_the_loop() -> None:
    loader = loading.loader(broken(), shuffle=False, prefetch=2)
    iterator = iter(loader)
    assert next(iterator).valid.all()
    with pytest.raises(kf.OpenError, match=MISSING):
        next(iterator)
    assert loader.state_dict()["batch"] == 1
    with pytest.raises(StopIteration):
        next(iterator)
    assert [failure.record for failure in loader.stats.failures] == [2]


def test_zero_keeps_the_shape_and_says_which_rows_are_not_valid() -> None:
    loader = loading.loader(broken(), on_error="zero", shuffle=False, sampler=kf.RandomClips(3, 2, clips=2))
    healthy = loading.loader(loading.dataset(6), shuffle=False, sampler=kf.RandomClips(3, 2, clips=2))
    batches = list(loader)
    valid = np.concatenate([batch.valid for batch in batches])
    assert valid.reshape(6, 2).tolist() == [[True] * 2] * 2 + [[False] * 2] + [[True] * 2] * 2 + [[False] * 2]
    for batch, whole in zip(batches, healthy, strict=True):
        assert np.array_equal(batch.frames[batch.valid], whole.frames[batch.valid])
        assert not batch.frames[~batch.valid].any()
        assert np.array_equal(batch.records, whole.records)
        assert np.array_equal(batch.labels, whole.labels)
        assert sorted(batch.errors) == np.flatnonzero(~batch.valid).tolist()
        assert (batch.status[~batch.valid] == kf.FrameStatus.FAILED).all()
        assert (batch.indices[~batch.valid] == -1).all()
        assert np.isnan(batch.timestamps[~batch.valid]).all()
    assert [(failure.record, failure.path) for failure in loader.stats.failures] == [
        (2, MISSING),
        (5, MISSING),
    ]
    assert all(isinstance(failure.error, kf.OpenError) for failure in loader.stats.failures)


def test_replace_draws_another_video_and_says_so() -> None:
    records = broken(7)
    loader = loading.loader(records, on_error="replace", shuffle=False, layout="THWC")
    batches = list(loader)
    assert all(batch.valid.all() for batch in batches)
    drawn = np.concatenate([batch.records for batch in batches])
    replaced = [row for row in range(8) if drawn[row] != row]
    assert replaced == [2, 7]
    assert set(drawn.tolist()) <= {0, 1, 3, 4, 5, 6}
    assert np.concatenate([batch.labels for batch in batches]).tolist() == drawn.tolist()
    assert {2 * n + row for n, batch in enumerate(batches) for row in batch.errors} == {2, 7}
    assert {failure.record for failure in loader.stats.failures} == {2, 7}
    assert loading.all_same(
        batches, list(loading.loader(records, on_error="replace", shuffle=False, layout="THWC"))
    )


def test_replace_gives_up_after_ten_videos_with_the_causes() -> None:
    with pytest.raises(kf.TooManyFailures, match="10 videos failed") as caught:
        list(loading.loader([MISSING] * 5, on_error="replace"))
    assert MISSING in str(caught.value)
    assert isinstance(caught.value, (kf.Error, RuntimeError))


def test_skip_leaves_rows_out_and_a_batch_may_have_none() -> None:
    records = [
        *loading.dataset(1),
        (MISSING, 1),
        (MISSING, 2),
        (MISSING, 3),
        (MISSING, 4),
        *loading.dataset(6)[5:],
    ]
    options: dict[str, Any] = {"shuffle": False, "sampler": kf.RandomClips(3, 2, clips=2)}
    batches = list(loading.loader(records, on_error="skip", **options))
    zeroed = list(loading.loader(records, on_error="zero", **options))
    assert [len(batch.frames) for batch in batches] == [2, 0, 2]
    assert batches[1].frames.shape == (0, 3, 3, 12, 16)
    assert batches[1].labels.dtype == np.int64
    for batch, whole in zip(batches, zeroed, strict=True):
        assert batch.valid.all()
        for name in ("frames", "labels", "records", "status", "indices", "timestamps"):
            assert np.array_equal(getattr(batch, name), getattr(whole, name)[whole.valid])
        assert batch.frames.flags.c_contiguous


def test_a_batch_of_no_readable_video_before_any_size_is_known_raises() -> None:
    sampler = kf.RandomClips(2, stride=1)
    with pytest.raises(kf.OpenError):
        list(kf.ClipLoader([MISSING], sampler, on_error="zero", batch_size=1))


@pytest.mark.parametrize(("limit", "borne"), [(1, False), (2, True), (0.25, False), (0.34, True), (0, False)])
def test_more_failures_than_allowed_end_the_epoch_with_their_causes(limit: float, borne: bool) -> None:
    loader = loading.loader(broken(), on_error="zero", max_failures=limit, shuffle=False)
    if borne:
        assert len(list(loader)) == 3
        return
    with pytest.raises(kf.TooManyFailures, match=rf"max_failures={limit}[^0-9].*OpenError(.|\n)*{MISSING}"):
        list(loader)


def test_failures_before_a_resume_count() -> None:
    loader = loading.loader(broken(), on_error="zero", max_failures=1, shuffle=False)
    iterator = iter(loader)
    next(iterator), next(iterator)
    resumed = loading.loader(broken(), on_error="zero", max_failures=1, shuffle=False)
    resumed.load_state_dict(loader.state_dict())
    with pytest.raises(kf.TooManyFailures, match="2 videos failed"):
        next(iter(resumed))


def test_videos_too_short_or_too_small_are_bad_files_too(path: Path) -> None:
    sampler = kf.RandomClips(40, stride=2, short="error")
    records = [path, media.make("narrow_2x96.mp4")]
    for arguments, kind in (
        ({"sampler": sampler}, kf.FrameRangeError),
        ({"crop": kf.CenterCrop(90), "sampler": kf.RandomClips(1, 1)}, ValueError),
    ):
        loader = loading.loader(records, on_error="zero", shuffle=False, **arguments)
        batch = next(iter(loader))
        assert isinstance(batch.errors[1], kind)
        assert batch.errors[1].__traceback__ is None
        assert str(records[1]) in str(loader.stats.failures[-1])
        with pytest.raises(kind):
            list(loading.loader(records[1:], batch_size=1, **arguments))


def damaged(path: Path, target: Path) -> Path:
    """Copy a video with one entry and damage a reference picture in the middle."""
    data = bytearray(path.read_bytes())
    middle = len(data) // 3
    data[middle : middle + 4000] = bytes(range(250)) * 16
    target.write_bytes(data)
    return target


def test_damage_is_a_failure_unless_it_is_accepted(tmp_path: Path) -> None:
    path = damaged(media.make("long_gop.mp4"), tmp_path / "damaged.mp4")
    sampler = kf.UniformClips(60, stride=1, clips=1)
    (batch,) = loading.loader([path], sampler=sampler, on_error="zero", batch_size=1)
    assert not batch.valid.any()
    assert isinstance(batch.errors[0], kf.CorruptError)
    (batch,) = loading.loader([path], sampler=sampler, on_error="zero", batch_size=1, accept_damaged=True)
    assert (batch.status == kf.FrameStatus.DAMAGED).any()
    assert batch.valid.all() == (batch.status <= kf.FrameStatus.DAMAGED).all()


def make_folder(folder: Path, count: int) -> tuple[list[Path], set[int]]:
    """Make files of which every tenth is missing, empty, truncated or corrupt."""
    good = media.make("short_gop.mkv")
    data = media.make("moov_last.mp4").read_bytes()
    paths, bad = [], set()
    for number in range(count):
        path = folder / f"{number}.mkv"
        paths.append(path)
        if number % 10 != 3:
            path.symlink_to(good)
            continue
        bad.add(number)
        kind = number // 10 % 4
        if kind == 1:
            path.touch()
        elif kind == 2:
            path.write_bytes(data[: len(data) // 2])
        elif kind == 3:
            path.write_bytes(np.random.default_rng(number).bytes(5000))
    return paths, bad


@pytest.mark.parametrize("on_error", ["zero", "replace", "skip"])
def test_an_epoch_over_a_thousand_files_with_a_tenth_bad_accounts_for_every_one(
    on_error: Any, tmp_path: Path
) -> None:
    paths, bad = make_folder(tmp_path, 1000)
    records = [(path, number) for number, path in enumerate(paths)]
    loader = loading.loader(records, on_error=on_error, batch_size=32, sampler=kf.RandomClips(2, stride=1))
    seen: list[int] = []
    for batch in loader:
        assert batch.frames[batch.valid].any(axis=(1, 2, 3, 4)).all()
        seen += batch.records[batch.valid].tolist()
    failed = [failure.record for failure in loader.stats.failures]
    assert set(failed) == bad
    assert not bad & set(seen)
    assert set(range(1000)) - bad <= set(seen)
    if on_error == "replace":
        assert len(seen) == 1000
    else:
        assert sorted(seen + failed) == list(range(1000))
        assert loader.stats.videos == 900
    causes = {type(failure.error) for failure in loader.stats.failures}
    assert any(issubclass(cause, kf.OpenError) for cause in causes)
    assert kf.CorruptError in causes


class Exhausted(list[Any]):
    """A data set that raises StopIteration at record 3, because an iterator inside it is at its end."""

    def __getitem__(self, number: Any) -> Any:
        return next(iter(())) if number == 3 else super().__getitem__(number)


class Exhausting:
    """A sampler and a crop that raise StopIteration."""

    clips, frames, views, size = 1, 2, 1, (8, 8)

    def __call__(self, *_: Any) -> Any:
        return next(iter(()))


@pytest.mark.parametrize("place", ["dataset", "sampler", "crop"])
def test_a_stop_iteration_of_the_users_code_is_an_error_that_says_where_it_was_raised(place: str) -> None:
    records = Exhausted(loading.dataset(6)) if place == "dataset" else loading.dataset(6)
    options: dict[str, Any] = {} if place == "dataset" else {place: Exhausting()}
    loader = loading.loader(records, shuffle=False, prefetch=0, **options)
    handed_out: list[kf.ClipBatch] = []
    method = "__getitem__" if place == "dataset" else "__call__"
    where = rf"StopIteration in {method} \(.*test_errors\.py, line \d+\)"
    with pytest.raises(RuntimeError, match=where) as caught:
        handed_out.extend(loader)
    assert isinstance(caught.value.__cause__, StopIteration)
    assert len(handed_out) == (1 if place == "dataset" else 0)
    assert (loader.epoch, loader.state_dict()["batch"]) == (0, len(handed_out))


def test_a_stop_iteration_while_a_video_is_replaced_is_an_error() -> None:
    records = Exhausted([MISSING] * 6)
    loader = loading.loader(records, shuffle=False, on_error="replace", prefetch=0, batch_size=1)
    with pytest.raises(RuntimeError, match="StopIteration in __getitem__"):
        list(loader)
