"""A stale index has an error of its own, by which a loader knows that it must build the index anew."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast._decode.video import source_and_index
from kinetics_fast.errors import StaleIndexError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SAMPLER = kf.UniformClips(4, stride=2, clips=2)


@pytest.fixture
def changed(path: Path, tmp_path: Path) -> tuple[Path, kf.Video]:
    """Return a file that became longer after it was indexed, and the video with the old index."""
    file = tmp_path / "changed.mp4"
    file.write_bytes(path.read_bytes())
    video = kf.Video(file)
    file.write_bytes(path.read_bytes() + bytes(16))
    return file, video


def loader(record: kf.Record, **options: Any) -> kf.ClipLoader:
    return kf.ClipLoader([record], SAMPLER, size=8, batch_size=1, dtype="uint8", **options)


@pytest.mark.parametrize(
    "read",
    [
        lambda video: video[3],
        lambda video: video.planes([3]),
        lambda video: kf.decode_clips([kf.Clip(video, start=0, frames=4)]),
        lambda video: next(iter(loader(kf.Record(video)))),
    ],
    ids=["frames", "planes", "decode_clips", "loader"],
)
def test_a_stale_index_of_a_video_is_a_corrupt_error_of_its_own(
    read: Callable[[kf.Video], Any], changed: tuple[Path, kf.Video]
) -> None:
    file, video = changed
    with pytest.raises(kf.CorruptError, match="changed since it was indexed") as caught:
        read(video)
    assert type(caught.value) is StaleIndexError
    assert (caught.value.path, caught.value.stage) == (str(file), "open")
    assert type(pickle.loads(pickle.dumps(caught.value))) is StaleIndexError


@pytest.mark.parametrize("on_error", ["raise", "zero", "replace", "skip"])
def test_a_loader_that_builds_a_saved_index_anew_counts_no_failure(
    on_error: Any, changed: tuple[Path, kf.Video]
) -> None:
    file, video = changed
    saved = source_and_index(video).frame_index.pack()
    reader = loader(kf.Record(file, frame_index=saved), on_error=on_error, max_failures=0)
    (batch,) = reader
    (plain,) = loader(kf.Record(file))
    assert np.array_equal(batch.frames, plain.frames)
    assert np.array_equal(batch.indices, plain.indices)
    assert batch.valid.all()
    assert batch.errors == {}
    assert reader.stats.failures == []


def test_a_file_that_is_no_video_any_more_is_one_failure_and_zeros(
    changed: tuple[Path, kf.Video],
) -> None:
    file, video = changed
    saved = source_and_index(video).frame_index.pack()
    file.write_bytes(b"x" * file.stat().st_size)
    reader = loader(kf.Record(file, frame_index=saved), on_error="zero")
    (batch,) = reader
    (failure,) = reader.stats.failures
    assert not isinstance(failure.error, StaleIndexError)
    assert not batch.frames.any()
    assert (batch.status == kf.FrameStatus.FAILED).all()
    assert (batch.indices == -1).all()
    assert np.isnan(batch.timestamps).all()
    assert sorted(batch.errors) == [0, 1]
