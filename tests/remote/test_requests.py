"""How many requests reading costs: with a saved index, one ranged read per run and nothing else."""

from __future__ import annotations

import threading

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast import _core
from kinetics_fast._decode.video import source_and_index, video_of
from kinetics_fast.remote import indexing, remote_object
from kinetics_fast.remote.remote_object import RemoteObject
from support.stores import FINE, Asked, Bucket, WebHost
from videos import media

pytestmark = pytest.mark.ffmpeg

IN_ONE_PIECE = [
    "h264.mov",
    "b_pyramid_normal.mkv",
    "hevc_open_gop.mkv",
    "av1.webm",
    "mpeg4.avi",
    "vp9.flv",
    "open_gop.mp4",
]
CUT_IN_PIECES = ["h264.ts", "hevc.mpg", "wmv3.asf", "mpeg2_open_gop.ts"]


def with_saved_index(remote: kf.Remote, name: str) -> kf.Video:
    """Return the remote video with the index of the file, as a data set keeps it."""
    packed = source_and_index(kf.Video(media.make(name)))[1].pack()
    return video_of(RemoteObject(remote), _core.FrameIndex.unpack(packed))


def ranges(asked: list[Asked]) -> list[tuple[str, str | None]]:
    return sorted((each.method, each.range) for each in asked)


@pytest.mark.parametrize("name", IN_ONE_PIECE)
def test_a_clip_with_a_saved_index_is_one_ranged_read_per_run(name: str, s3: Bucket) -> None:
    s3.put(name, media.make(name).read_bytes())
    video = with_saved_index(kf.Remote(s3.store(), name), name)
    for frames in ([0], [len(video) // 2, len(video) // 2 + 1], list(range(0, len(video), 5))):
        s3.watched.asked.clear()
        batch = kf.decode_clips([kf.Clip(video, indices=frames)], size=32)
        planned = _core.ranges_to_fetch(source_and_index(video)[1], frames)
        assert ranges(s3.watched.asked) == sorted(
            ("GET", f"bytes={at}-{at + size - 1}") for at, size in planned
        )
        assert len(s3.watched.asked) <= batch.stats["runs"]
        local = kf.decode_clips([kf.Clip(media.make(name), indices=frames)], size=32)
        np.testing.assert_array_equal(batch.frames, local.frames)


@pytest.mark.parametrize("name", CUT_IN_PIECES)
def test_containers_that_cut_packets_also_need_their_head(name: str, s3: Bucket) -> None:
    s3.put(name, media.make(name).read_bytes())
    video = with_saved_index(kf.Remote(s3.store(), name), name)
    frames = [len(video) // 2]
    s3.watched.asked.clear()
    batch = kf.decode_clips([kf.Clip(video, indices=frames)], size=32)
    assert len(s3.watched.asked) <= batch.stats["runs"] + 1
    np.testing.assert_array_equal(
        batch.frames, kf.decode_clips([kf.Clip(media.make(name), indices=frames)], size=32).frames
    )


def test_views_and_clips_of_a_video_share_its_reads(s3: Bucket) -> None:
    name = "open_gop.mp4"
    s3.put(name, media.make(name).read_bytes())
    video = with_saved_index(kf.Remote(s3.store(), name), name)
    clips = [kf.Clip(video, start=start, frames=4, box=(x, 0, 64, 64)) for start in (0, 2) for x in (0, 32)]
    s3.watched.asked.clear()
    assert kf.decode_clips(clips, size=32).stats["runs"] == 1
    assert len(s3.watched.asked) == 1


def test_a_small_object_without_an_index_is_one_read(web: WebHost) -> None:
    web.files["a.mp4"] = media.make("open_gop.mp4").read_bytes()
    store = web.store()
    clips = [kf.Clip(kf.Remote(store, "a.mp4"), start=start, frames=4) for start in (0, 20)]
    kf.decode_clips(clips)
    assert [asked.method for asked in web.watched.asked] == ["GET"]


def test_of_a_large_object_only_the_header_and_the_runs_are_read(
    web: WebHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "WHOLE_BYTES", 0)
    monkeypatch.setattr(remote_object, "WHOLE_BYTES", 0)
    monkeypatch.setattr(indexing, "FIRST_BYTES", 4096)
    monkeypatch.setattr(indexing, "MORE_BYTES", 4096)
    data = media.make("long.mp4" if "long.mp4" in media.NAMES else "open_gop.mp4").read_bytes()
    moov = data.index(b"moov")
    web.files["a.mp4"] = data
    video = kf.Video(kf.Remote(web.store(), "a.mp4"))
    assert len(web.watched.asked) <= 6
    assert moov
    np.testing.assert_array_equal(video[0], kf.Video(data)[0])


def test_clips_are_in_flight_whatever_the_size_of_a_batch_is(web: WebHost) -> None:
    name = "open_gop.mp4"
    packed = source_and_index(kf.Video(media.make(name)))[1].pack()
    store = web.store()
    for number in range(64):
        web.files[f"{number}.mp4"] = media.make(name).read_bytes()
    dataset = [kf.Record(kf.Remote(store, f"{number}.mp4"), frame_index=packed) for number in range(64)]
    wanted, under_way, most = 32, 0, 0
    changed = threading.Condition()

    def hold(*_: object) -> int:
        """Answer when as many requests as are wanted are under way, or after two seconds."""
        nonlocal under_way, most
        with changed:
            under_way += 1
            most = max(most, under_way)
            changed.notify_all()
            changed.wait_for(lambda: most >= wanted, 2)
            under_way -= 1
        return FINE

    web.watched.trouble = hold
    loader = kf.ClipLoader(dataset, kf.UniformClips(1, 2), batch_size=1, threads=2, size=32)
    next(iter(loader))
    assert most >= wanted
