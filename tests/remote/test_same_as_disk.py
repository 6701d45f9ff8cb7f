"""What is read from a store equals what is read from the same file on a disk: frames, statuses, errors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import kinetics_fast as kf
from kinetics_fast.remote import indexing, remote_object
from support.stores import Bucket, WebHost
from videos import media

pytestmark = pytest.mark.ffmpeg

T = 4
FEW = [
    "open_gop.mp4",
    "b_pyramid_normal.mkv",
    "h264.ts",
    "mpeg4.avi",
    "wmv3.asf",
    "hevc_open_gop.mkv",
    "av1.webm",
]


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


def check_whole(video_path: Path, web: WebHost) -> None:
    web.files["video"] = video_path.read_bytes()
    remote = kf.Remote(web.store(), "video")
    assert decoded(remote, by=lambda source: source) == decoded(video_path, by=kf.Video)


def check_ranges(video_path: Path, web: WebHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_object, "WHOLE_BYTES", 0)
    monkeypatch.setattr(indexing, "WHOLE_BYTES", 0)
    monkeypatch.setattr(indexing, "FIRST_BYTES", 1024)
    monkeypatch.setattr(indexing, "MORE_BYTES", 512)
    web.files["video"] = video_path.read_bytes()
    assert decoded(kf.Remote(web.store(), "video"), by=kf.Video) == decoded(video_path, by=kf.Video)


@pytest.mark.parametrize("name", FEW)
def test_objects_that_are_fetched_whole(name: str, web: WebHost) -> None:
    check_whole(media.make(name), web)


@pytest.mark.parametrize("name", FEW)
def test_ranges_that_are_missing(name: str, web: WebHost, monkeypatch: pytest.MonkeyPatch) -> None:
    check_ranges(media.make(name), web, monkeypatch)


@pytest.mark.slow
def test_every_object_that_is_fetched_whole(video_path: Path, web: WebHost) -> None:
    check_whole(video_path, web)


@pytest.mark.slow
def test_ranges_that_are_missing_of_every_video(
    video_path: Path, web: WebHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_ranges(video_path, web, monkeypatch)


@pytest.mark.parametrize("name", ["open_gop.mp4", "b_pyramid_normal.mkv", "h264.ts", "mpeg4.avi"])
@pytest.mark.parametrize("damage", ["flipped", "cut short", "hole"])
def test_damaged_objects(
    name: str, damage: str, web: WebHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = bytearray(media.make(name).read_bytes())
    if damage == "flipped":
        for at in range(len(data) // 3, len(data) - 64, len(data) // 9):
            data[at] ^= 0x41
    elif damage == "cut short":
        del data[-len(data) // 4 :]
    else:
        data[len(data) // 2 : len(data) // 2 + 600] = bytes(600)
    path = tmp_path / name
    path.write_bytes(data)
    check_ranges(path, web, monkeypatch)


def test_members_of_an_archive_at_an_s3_server(s3: Bucket) -> None:
    sizes = [media.make(name).stat().st_size for name in FEW]
    s3.put("all.bin", b"".join(media.make(name).read_bytes() for name in FEW))
    store = s3.store()
    for number, name in enumerate(FEW):
        remote = kf.Remote(store, "all.bin", sum(sizes[:number]), sizes[number])
        assert decoded(remote, by=kf.Video) == decoded(media.make(name), by=kf.Video)
