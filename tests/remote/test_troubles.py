"""Servers that fail, throttle, stall, cut answers short, or change objects lose no clip for good."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

import kinetics_fast as kf
from kinetics_fast.remote import fetcher, indexing, remote_object
from support.stores import DROP, FINE, STALL, TRUNCATE, Asked, Bucket, WebHost
from videos import media

pytestmark = pytest.mark.ffmpeg

NAME = "open_gop.mp4"
Frames = npt.NDArray[np.uint8]


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetcher, "FIRST_PAUSE", 0.001)


def sometimes(trouble: int) -> Callable[[int, Asked], int]:
    """Return what makes trouble with every twentieth request, from the third on."""
    return lambda number, _: trouble if number % 20 == 2 else FINE


def always(path: str, trouble: int) -> Callable[[int, Asked], int]:
    return lambda _, asked: trouble if asked.path.endswith(path) else FINE


def clips_of(store: object, names: list[str]) -> list[kf.Clip]:
    return [kf.Clip(kf.Remote(store, name), start=8, frames=4) for name in names]


@pytest.fixture
def expected() -> Frames:
    frames: Frames = kf.decode_clips([kf.Clip(media.make(NAME), start=8, frames=4)]).frames[0]
    return frames


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [(429, "web"), (500, "web"), (503, "s3"), (DROP, "web"), (TRUNCATE, "web"), (TRUNCATE, "s3")],
)
def test_no_clip_is_lost_that_a_retry_can_get(
    trouble: int, kind: str, s3: Bucket, web: WebHost, expected: Frames
) -> None:
    names = [f"{number}.mp4" for number in range(20)]
    data = media.make(NAME).read_bytes()
    for name in names:
        web.files[name] = data
        if kind == "s3":
            s3.put(name, data)
    host = s3 if kind == "s3" else web
    host.watched.asked.clear()
    host.watched.trouble = sometimes(trouble)
    loader = kf.ClipLoader(
        [kf.Remote(host.store(), name) for name in names], kf.UniformClips(1, 4), batch_size=4
    )
    assert sum(int(batch.valid.sum()) for batch in loader) == len(names)
    assert len(host.watched.asked) > len(names)
    batch = kf.decode_clips(clips_of(host.store(), names))
    assert all(np.array_equal(frames, expected) for frames in batch.frames)


@pytest.mark.parametrize("trouble", [429, 500, 503, DROP, TRUNCATE])
def test_a_server_that_always_fails_one_object_holds_up_no_other(
    trouble: int, web: WebHost, expected: Frames
) -> None:
    names = ["fine.mp4", "bad.mp4", "other.mp4"]
    for name in names:
        web.files[name] = media.make(NAME).read_bytes()
    web.watched.trouble = always("bad.mp4", trouble)
    batch = kf.decode_clips(clips_of(web.store(), names), on_error="zero")
    assert list(batch.errors) == [1]
    error = batch.errors[1]
    assert type(error) is kf.OpenError
    assert f"{web.url}/bad.mp4" in str(error)
    assert not batch.frames[1].any()
    assert batch.status.tolist() == [[0] * 4, [2] * 4, [0] * 4]
    np.testing.assert_array_equal(batch.frames[0], expected)
    np.testing.assert_array_equal(batch.frames[2], expected)


@pytest.mark.parametrize("with_index", [False, True])
def test_a_stalled_answer_ends_by_the_time_limit(with_index: bool, web: WebHost, expected: Frames) -> None:
    names = ["fine.mp4", "stalled.mp4", "other.mp4"]
    for name in names:
        web.files[name] = media.make(NAME).read_bytes()
    store = web.store()
    sources = [kf.Video(kf.Remote(store, name)) if with_index else kf.Remote(store, name) for name in names]
    web.watched.trouble = always("stalled.mp4", STALL)
    clips = [kf.Clip(source, start=8, frames=4) for source in sources]
    batch = kf.decode_clips(clips, timeout=1.5, on_error="zero")
    assert list(batch.errors) == [1]
    assert type(batch.errors[1]) is kf.DecodeTimeout
    np.testing.assert_array_equal(batch.frames[0], expected)
    np.testing.assert_array_equal(batch.frames[2], expected)


def test_a_loader_goes_on_behind_a_stalled_answer(web: WebHost) -> None:
    names = [f"{number}.mp4" for number in range(6)]
    for name in names:
        web.files[name] = media.make(NAME).read_bytes()
    web.watched.trouble = always("2.mp4", STALL)
    dataset = [kf.Remote(web.store(), name) for name in names]
    loader = kf.ClipLoader(dataset, kf.UniformClips(1, 4), batch_size=2, timeout=1, on_error="zero")
    valid = np.concatenate([batch.valid for batch in loader])
    assert valid.tolist() == [True, True, False, True, True, True]
    assert [type(failure.error) for failure in loader.stats.failures] == [kf.DecodeTimeout]


def test_a_changed_object_is_noticed(web: WebHost) -> None:
    data = media.make(NAME).read_bytes()
    web.files["a.mp4"] = data
    video = kf.Video(kf.Remote(web.store(), "a.mp4"))
    web.files["a.mp4"] = data[:-1] + b"?"  # of the same size
    with pytest.raises(kf.CorruptError, match="has changed since it was indexed"):
        video[5]
    web.files["a.mp4"] = data
    assert video[5].any()
    web.files["a.mp4"] = data[: len(data) // 2]
    with pytest.raises(kf.CorruptError, match="has changed since it was indexed"):
        video[5]
    del web.files["a.mp4"]
    with pytest.raises(FileNotFoundError, match="cannot be read"):
        video[5]


def test_a_video_that_takes_too_much_memory_is_refused(web: WebHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_object, "MOST_BYTES", 5000)
    monkeypatch.setattr(indexing, "FIRST_BYTES", 4096)
    web.files["a.mkv"] = media.make("b_pyramid_normal.mkv").read_bytes()
    with pytest.raises(kf.UnsupportedError, match="more than the 5000 that are fetched"):
        kf.Video(kf.Remote(web.store(), "a.mkv"))


def test_an_object_that_is_not_there_and_one_that_is_empty(s3: Bucket) -> None:
    with pytest.raises(kf.OpenError, match="cannot be read") as missing:
        kf.Video(kf.Remote(s3.store(), "missing.mp4"))
    assert isinstance(missing.value, FileNotFoundError)
    s3.put("empty.mp4", b"")
    with pytest.raises(kf.CorruptError, match="is empty"):
        kf.Video(kf.Remote(s3.store(), "empty.mp4"))
    s3.put("short.mp4", b"12345")
    with pytest.raises(kf.OpenError, match="outside the object"):
        kf.Video(kf.Remote(s3.store(), "short.mp4", 2, 100))


def test_a_batch_that_is_not_waited_for_leaves_its_array_alone(web: WebHost) -> None:
    web.files["a.mp4"] = media.make(NAME).read_bytes()
    video = kf.Video(kf.Remote(web.store(), "a.mp4"))
    web.watched.trouble = always("a.mp4", STALL)
    out = np.full((1, 4, 96, 128, 3), 7, np.uint8)
    with pytest.raises(kf.DecodeTimeout):
        kf.decode_clips([kf.Clip(video, start=8, frames=4)], out=out, timeout=0.2)
    before = out.copy()
    web.watched.closing.set()  # the stalled answers end now
    web.watched.closing = threading.Event()
    time.sleep(0.3)
    np.testing.assert_array_equal(out, before)
