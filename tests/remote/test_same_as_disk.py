"""What is read from a store equals what is read from the same file on a disk: frames, statuses, errors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import kinetics_fast as kf
from kinetics_fast.remote import indexing, remote_object
from support.stores import WebHost

pytestmark = pytest.mark.ffmpeg

T = 4


def decoded(source: Any, by: Callable[[Any], Any]) -> tuple[Any, ...]:
    """Return all that `decode_clips` says of five clips of a source, or the error of its index."""
    try:
        video = kf.Video(source)
    except kf.Error as error:
        return type(error), error.what, error.stage
    count = len(video)
    starts = sorted({0, count // 3, 2 * count // 3, max(0, count - T)})
    rows = [[min(start + t, count - 1) for t in range(T)] for start in starts]
    clips = [kf.Clip(by(source), indices=row) for row in [*rows, [0, count // 2, count - 1, 0]]]
    batch = kf.decode_clips(clips, on_error="zero", size=(48, 64))
    errors = {row: (type(error), error.args[0], error.args[2]) for row, error in batch.errors.items()}
    return batch.frames.tobytes(), batch.status.tobytes(), batch.timestamps.tobytes(), errors


def test_object_that_is_fetched_whole(video_path: Path, web: WebHost) -> None:
    web.files["video"] = video_path.read_bytes()
    remote = kf.Remote(web.store(), "video")
    assert decoded(remote, by=lambda source: source) == decoded(video_path, by=kf.Video)


def test_ranges_that_are_missing(video_path: Path, web: WebHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_object, "WHOLE_BYTES", 0)
    monkeypatch.setattr(indexing, "WHOLE_BYTES", 0)
    monkeypatch.setattr(indexing, "FIRST_BYTES", 1024)
    monkeypatch.setattr(indexing, "MORE_BYTES", 512)
    web.files["video"] = video_path.read_bytes()
    assert decoded(kf.Remote(web.store(), "video"), by=kf.Video) == decoded(video_path, by=kf.Video)
