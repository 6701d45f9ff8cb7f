"""Frames read one after another are those of fresh runs, and cost only the packets that are new."""

from __future__ import annotations

import os
import pickle
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, zip_longest
from pathlib import Path

import numpy as np
import pytest

import kinetics_fast as kf
from support.child import TESTS, Child
from support.stepped import Outcome, fresh, one_by_one, read, sent, stepped, submit, ways_through
from tools import damage_variants
from videos import media, oracle

pytestmark = pytest.mark.ffmpeg

VIDEOS = ["long_gop.mp4", "b_pyramid_normal.mp4", "fifteen_b.mp4", "open_gop.mp4", "short_gop.mkv"]
# Variants in which a picture is called good too early if a held run does not wait for the pictures that were
# sent before it, and one (55) in which the memory of a kept picture shows through in another one.
TELLING = [40, 44, 55, 64, 89, 176, 208, 246]


def test_planes_read_one_after_another_equal_ffmpeg(video_path: Path) -> None:
    theirs = oracle.frames(video_path).planes[:60]
    for step in (1, (2, 3, 8)[len(theirs) % 3]):
        video = kf.Video(video_path)
        wrong = [i for i in range(0, len(theirs), step) if not oracle.equal(video.planes(i)[0], theirs[i])]
        assert wrong == []


@pytest.mark.parametrize("name", VIDEOS)
def test_every_way_through_a_video_gives_the_frames_of_a_fresh_run(name: str) -> None:
    whole = fresh(kf.Video(media.make(name)), range(60)).frames
    for way, calls in ways_through(60, np.random.default_rng(1)).items():
        for call, outcome in zip(calls, stepped(kf.Video(media.make(name)), calls), strict=True):
            assert np.array_equal(outcome.frames, whole[list(call)]), (way, call)


@pytest.mark.parametrize("name", VIDEOS)
@pytest.mark.parametrize("step", [1, 2, 3])
def test_stepping_sends_each_packet_once(name: str, step: int) -> None:
    frames = range(0, 60, step)
    together = fresh(kf.Video(media.make(name)), frames).packets_sent
    # The first call holds no run, so that its packets are sent again; the step is known from the second call.
    assert sent(stepped(kf.Video(media.make(name)), one_by_one(frames))) <= 1.4 * together + 8


def test_windows_one_after_another_send_each_packet_once() -> None:
    calls = [range(start, start + 5) for start in range(0, 60, 5)]
    assert sent(stepped(kf.Video(media.make("long_gop.mp4")), calls)) <= 60 + 8


def test_random_frames_send_no_more_packets_than_fresh_runs() -> None:
    for seed in range(3):
        calls = one_by_one(np.random.default_rng(seed).permutation(60).tolist())
        video = kf.Video(media.make("long_gop.mp4"))
        assert sent(stepped(video, calls)) <= sum(fresh(video, call).packets_sent for call in calls)


def test_iteration_goes_on_from_chunk_to_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    video = kf.Video(media.make("long_gop.mp4"))
    monkeypatch.setattr("kinetics_fast._decode.video._BYTES_AT_ONCE", 7 * 3 * video.width * video.height)
    assert np.array_equal(np.stack(list(video)), fresh(video, range(60)).frames)


def test_videos_in_turns_do_not_disturb_each_other() -> None:
    videos = [kf.Video(media.make(name)) for name in VIDEOS]
    whole = [fresh(video, range(60)).frames for video in videos]
    turns = [[(number, i) for i in range(number, 60, number + 1)] for number in range(len(videos))]
    outcomes = []
    for number, i in filter(None, chain.from_iterable(zip_longest(*turns))):
        outcomes.append(read(videos[number], [i], may_continue=True))
        assert np.array_equal(outcomes[-1].frames[0], whole[number][i])
    alone = [fresh(video, range(n, 60, n + 1)).packets_sent for n, video in enumerate(videos)]
    assert sent(outcomes) <= 1.4 * sum(alone) + 8 * len(videos)


def test_threads_step_through_one_video_at_once() -> None:
    video = kf.Video(media.make("long_gop.mp4"))
    whole = fresh(video, range(60)).frames

    def walk(begin: int) -> list[bool]:
        return [np.array_equal(video[i], whole[i]) for i in range(begin, begin + 30)]

    with ThreadPoolExecutor(4) as threads:
        assert all(chain.from_iterable(threads.map(walk, (0, 9, 18, 30))))
        assert np.array_equal(np.stack(list(threads.map(video.__getitem__, range(60)))), whole)


@pytest.mark.parametrize("number", TELLING)
def test_frames_of_damaged_files_have_the_status_of_a_fresh_run(number: int) -> None:
    assert_same_as_fresh(number)


@pytest.mark.slow
def test_frames_of_many_damaged_files_have_the_status_of_a_fresh_run() -> None:
    for number in range(5000, 5200):
        assert_same_as_fresh(number)


def assert_same_as_fresh(number: int) -> None:
    variant = damage_variants.variant(number)
    try:
        video = kf.Video(variant.data)
    except kf.Error:
        return
    known: dict[tuple[int, ...], Outcome] = {}
    for way, calls in ways_through(len(video), np.random.default_rng(number)).items():
        for call, outcome in zip(calls, stepped(video, calls), strict=True):
            if tuple(call) not in known:
                known[tuple(call)] = fresh(video, call)
            assert outcome.same_as(known[tuple(call)]), (str(variant), way, call)


def test_a_file_that_is_replaced_is_noticed(tmp_path: Path) -> None:
    path, other = tmp_path / "video.mp4", tmp_path / "other.mp4"
    data = media.make("long_gop.mp4").read_bytes()
    path.write_bytes(data)
    other.write_bytes(bytes(len(data)))
    video = kf.Video(path)
    for i in range(10):
        _ = video[i]
    other.rename(path)
    with pytest.raises(kf.Error) as stepping:
        _ = video[10]
    with pytest.raises(kf.Error) as anew:
        kf.decode_clips([kf.Clip(video, indices=[10])])
    assert (type(stepping.value), str(stepping.value)) == (type(anew.value), str(anew.value))


def test_a_call_that_is_stopped_leaves_the_next_calls_exact() -> None:
    video = kf.Video(media.make("b_pyramid_normal.mp4"))
    whole = fresh(video, range(60)).frames
    for i in range(60):
        job, _ = submit(video, [i], may_continue=True, timeout=0.0 if i % 3 else 1e-4)
        if i % 2:
            job.cancel()
        job.wait()
        assert np.array_equal(video[i], whole[i])


def test_a_pickle_holds_no_decoder() -> None:
    video = kf.Video(media.make("long_gop.mp4"))
    before = pickle.dumps(video)
    for i in range(10):
        _ = video[i]
    assert pickle.dumps(video) == before


FORK = """
import os, sys
import numpy as np
import kinetics_fast as kf

video = kf.Video(sys.argv[1])
whole = kf.decode_clips([kf.Clip(video, indices=range(60))]).frames[0]

def goes_on(start):
    return all(np.array_equal(video[i], whole[i]) for i in range(start, 60))

assert all(np.array_equal(video[i], whole[i]) for i in range(20))
pids = []
for _ in range(3):
    pid = os.fork()
    if pid == 0:
        os._exit(0 if goes_on(20) else 1)
    pids.append(pid)
assert goes_on(20)
assert all(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0 for pid in pids)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system does not fork")
def test_a_forked_child_and_its_parent_go_on_for_themselves(child: Child) -> None:
    child(FORK, media.make("long_gop.mp4"))


MEMORY = """
import os, sys
sys.path.insert(0, sys.argv[1])
import kinetics_fast as kf
from support.process import resident_bytes

def step_through(videos):
    for number in range(videos):
        os.utime(sys.argv[2], ns=(number, number))  # the cache of indices takes it for another file
        video = kf.Video(sys.argv[2])
        for i in range(8):
            video[i]

step_through(100)
before = resident_bytes()
step_through(int(sys.argv[3]))
print(resident_bytes() - before)
"""


@pytest.mark.parametrize(
    "videos", [300, pytest.param(10_000, marks=[pytest.mark.slow, pytest.mark.timeout(900)])]
)
def test_memory_stays_flat_over_videos_stepped_through(videos: int, tmp_path: Path, child: Child) -> None:
    path = tmp_path / "video.mp4"
    path.write_bytes(media.make("b_pyramid_normal.mp4").read_bytes())
    index_bytes = 2500  # per video, in the cache of indices
    assert int(child(MEMORY, TESTS, path, videos, limit=900)) < videos * index_bytes + (4 << 20)
