"""A loader that is abandoned, interrupted, forked or busy at exit leaves nothing behind and never hangs.

Each case runs in a child process with a time limit. About a second of work is in flight at any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.child import interrupted
from videos import media

if TYPE_CHECKING:
    from pathlib import Path

    from support.child import Child

pytestmark = pytest.mark.ffmpeg

LOADER = """
import gc, os, sys, threading, time
import kinetics_fast as kf
from kinetics_fast import _core

others = len(os.listdir("/proc/self/task"))
_core.limit_io_threads(4)  # or their number depends on how many reads wait at once
with open(sys.argv[1], "rb") as file:
    data = file.read()
videos = [data[:1] + data[1:] for _ in range(24)]  # each video is decoded by itself

def make(batch_size=24):
    sampler = kf.RandomClips(50, stride=1)
    return kf.ClipLoader(videos * 100, sampler, size=32, batch_size=batch_size, prefetch=8)

def cpu_seconds_left():
    begin = last = time.process_time()
    quiet = 0
    while quiet < 4:
        time.sleep(0.1)
        now = time.process_time()
        quiet, last = quiet + 1 if now - last < 0.002 else 0, now
    return last - begin

loader = make()
next(iter(make(batch_size=1)))
"""
ABANDONED = """
cpu_seconds_left()  # until the loop above has ended its work
for batch in loader:
    break
del batch
assert cpu_seconds_left() < 0.2, "it goes on decoding"
assert threading.active_count() == 1
assert len(os.listdir("/proc/self/task")) <= others + 4 + _core.cpu_budget()
assert loader.state_dict()["batch"] == 1
for number, batch in enumerate(loader):
    if number == 2:
        break
"""
EXCEPTION = """
try:
    for batch in loader:
        raise KeyError("the model's")
except KeyError:
    pass
assert cpu_seconds_left() < 0.2, "it goes on decoding"
assert threading.active_count() == 1
next(iter(loader))
"""
DROPPED = """
iterator = iter(loader)
next(iterator)
del iterator, loader
gc.collect()
assert cpu_seconds_left() < 0.2, "it goes on decoding"
"""
AT_EXIT = """
iterator = iter(loader)
next(iterator)
kept = loader, iterator
"""
AT_SYS_EXIT = """
for batch in loader:
    sys.exit(0)
"""
FORK = """
iterator = iter(loader)
batch = next(iterator)
pixels = batch.frames.copy()
expected = next(iter(make(batch_size=2))).frames
iterator = iter(loader)
next(iterator)
child = os.fork()
if child == 0:
    try:
        next(iterator)
        os._exit(1)
    except RuntimeError as error:
        assert "forked" in str(error)
    del iterator
    gc.collect()
    assert (batch.frames == pixels).all()
    own = next(iter(make(batch_size=2)))
    os._exit(0 if (own.frames == expected).all() else 2)
for _ in range(2):
    next(iterator)
assert os.waitpid(child, 0)[1] == 0
"""
FORK_AND_EXIT = """
iterator = iter(loader)
next(iterator)
child = os.fork()
if child == 0:
    sys.exit(0)
assert os.waitpid(child, 0)[1] == 0
"""
CTRL_C = """
print("started", flush=True)
count = 0
try:
    for batch in loader:
        count += 1
    print("finished")
except KeyboardInterrupt:
    at = time.time()
    quiet = cpu_seconds_left() < 0.2
    again = next(iter(loader)).valid.all()
    print(at, quiet, again, loader.state_dict()["batch"] == 1)
"""
FORKS = pytest.mark.parametrize("forked", [FORK, FORK_AND_EXIT], ids=["loops", "exits"])


@pytest.fixture(scope="module")
def video() -> Path:
    return media.make("long_gop.mp4")


@pytest.mark.parametrize(
    "left", [ABANDONED, EXCEPTION, DROPPED, AT_EXIT, AT_SYS_EXIT],
    ids=["break", "exception", "dropped", "at exit", "sys.exit"],
)  # fmt: skip
def test_a_loop_that_ends_early_stops_the_work(left: str, video: Path, child: Child) -> None:
    child(LOADER + left, video)


@FORKS
def test_a_fork_in_the_middle_leaves_the_loop_to_the_parent(forked: str, video: Path, child: Child) -> None:
    child(LOADER + forked, video, options=("-W", "ignore::DeprecationWarning"))


def test_ctrl_c_ends_the_loop_at_once(video: Path) -> None:
    seconds, facts = interrupted(LOADER + CTRL_C, video)
    assert facts == ["True"] * 3
    assert seconds < 2  # 0.1 s by design; a busy machine may take longer
