"""Threads inside decoders end with their call, however the call ends, and nothing fails where there are none.

The long video has 36,000 frames, which no machine decodes while these tests wait.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

import kinetics_fast as kf
from support.child import interrupted
from support.helped import helped, threads_in_decoders
from videos import media
from videos.ffmpeg_cli import remux

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.child import Child

pytestmark = [
    pytest.mark.ffmpeg,
    pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc"),
]
FRAMES = 60 * 600
NAMES = ["short_gop.mkv", "hevc.mkv", "vp9.webm", "av1.mp4"]


@pytest.fixture(scope="module")
def long_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("long") / "long.mkv"
    remux(media.make("short_gop.mkv"), path, before={"stream_loop": 599})
    return path


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not holds() and time.monotonic() < end:
        time.sleep(0.001)
    assert holds()


def test_helpers_work_in_a_call_and_end_after_its_timeout(long_video: Path) -> None:
    clips = [kf.Clip(kf.Video(long_video), start=0, frames=FRAMES)]

    def stop_with_the_call() -> None:
        with pytest.raises(kf.DecodeTimeout):
            kf.decode_clips(clips, size=8, timeout=1)

    with helped(4):
        caller = threading.Thread(target=stop_with_the_call)
        caller.start()
        wait_until(lambda: threads_in_decoders() >= 4)
        caller.join()
    wait_until(lambda: threads_in_decoders() == 0)


def test_no_helper_is_left_after_a_call() -> None:
    for name in NAMES:
        video = kf.Video(media.make(name))
        with helped(3):
            kf.decode_clips([kf.Clip(video, indices=list(range(len(video))))])
        wait_until(lambda: threads_in_decoders() == 0)


CTRL_C = """
import sys, time, kinetics_fast as kf
from kinetics_fast import _core
_core.force_decoder_threads(3)
print("started", flush=True)
try:
    kf.decode_clips([kf.Clip(sys.argv[1], start=0, frames=36000)], size=8)
    print("finished")
except KeyboardInterrupt:
    print(time.time(), kf.decode_clips([kf.Clip(sys.argv[1], start=5, frames=2)], size=8).frames.any())
"""


def test_ctrl_c_stops_a_helped_call(long_video: Path) -> None:
    assert interrupted(CTRL_C, long_video)[1] == ["True"]


FORK = """
import os, sys, threading, time, numpy as np, kinetics_fast as kf
from kinetics_fast import _core
video = kf.Video(sys.argv[1])
clips = [kf.Clip(kf.Video(sys.argv[2]), start=0, frames=36000)]
expected = video.frames(range(20))
_core.force_decoder_threads(3)
def call():
    try:
        kf.decode_clips(clips, size=8, timeout=2)
    except kf.DecodeTimeout:
        pass
caller = threading.Thread(target=call)
caller.start()
def names():
    return [open(f"/proc/self/task/{task}/comm").read() for task in os.listdir("/proc/self/task")]
while not any(name.startswith("av:") for name in names()):
    time.sleep(0.001)
for generation in range(3):
    child = os.fork()
    if child == 0:
        _core.force_decoder_threads(3)
        os._exit(0 if np.array_equal(video.frames(range(20)), expected) else 1)
    assert os.waitpid(child, 0)[1] == 0
caller.join()
assert np.array_equal(video.frames(range(20)), expected)
"""


def test_a_child_forked_while_helpers_work_decodes(path: Path, long_video: Path, child: Child) -> None:
    child(FORK, path, long_video, options=("-W", "ignore::DeprecationWarning"))


NO_THREADS = """
import os, resource, sys, numpy as np, kinetics_fast as kf
from kinetics_fast import _core
videos = [kf.Video(open(path, "rb").read()) for path in sys.argv[1:]]  # another user reads no files here
expected = [video.frames(range(8)) for video in videos]
if os.getuid() == 0:
    os.setgroups([])
    os.setresuid(54322, 54322, 54322)
resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
_core.force_decoder_threads(4)
print(all(np.array_equal(video.frames(range(8)), frames) for video, frames in zip(videos, expected)))
"""


def test_where_the_system_starts_no_threads_one_thread_decodes(child: Child) -> None:
    assert child(NO_THREADS, *(media.make(name) for name in NAMES)) == "True\n"
