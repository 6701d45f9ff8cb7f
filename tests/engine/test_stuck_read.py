"""A read that never returns costs its caller the timeout and does not affect other callers.

An LD_PRELOAD library lets every pread of a file named ``stuck`` hang, like a dead mount, until a file named
``released`` exists in the working directory.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from support import preloaded
from videos import media

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.ffmpeg, pytest.mark.preload]

THREADS = 4

# A folder that pytest names after a test must not have "stuck" in its name.
HANGING = 'while (strstr(path, "stuck") && access("released", F_OK) != 0) usleep(10000);'

CALLS = """
import sys
import numpy as np
import kinetics_fast as kf

good, stuck = sys.argv[1:]
video = kf.Video(good)
for attempt in range(6):  # more than there are I/O threads
    try:
        kf.decode_clips([kf.Clip(stuck, start=0, frames=2)], timeout=0.2)
    except kf.DecodeTimeout as error:
        print("timeout", error.stage)
out = np.full((2, 2, 8, 8, 3), 90, np.uint8)
clips = [kf.Clip(good, start=0, frames=2), kf.Clip(stuck, start=0, frames=2)]
batch = kf.decode_clips(clips, size=8, out=out, timeout=1.0, on_error="zero")
print(batch.status.tolist(), list(batch.errors), out[0].any(), out[1].any())
print(np.array_equal(video[3], kf.Video(good)[3]))
"""

LOADER = """
import sys, time
import kinetics_fast as kf

good, stuck, indexed = sys.argv[1:]
saved = kf.Video(good)._index.pack() if indexed == "indexed" else None
records = [kf.Record(good), kf.Record(stuck, frame_index=saved), *[kf.Record(good)] * 4]
loader = kf.ClipLoader(
    records, kf.UniformClips(2, 1, clips=1), size=8, batch_size=2, timeout=1.0, on_error="zero"
)
begin = time.monotonic()
valid = [batch.valid.tolist() for batch in loader]
print(valid, [(f.record, type(f.error).__name__, f.error.stage) for f in loader.stats.failures])
print(time.monotonic() - begin < 3)
"""
FACTS = """
import os, signal, sys, threading
import kinetics_fast as kf
from kinetics_fast import _core

good, stuck = sys.argv[1:]
source = _core.Source(os.fsencode(stuck))
for attempt in range(6):  # more than there are I/O threads
    ticket = _core.submit_facts(source, timeout=0.2)
    ticket.wait()
    try:
        ticket.result()
    except kf.DecodeTimeout as error:
        print("timeout", error.stage)
threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    _core.submit_facts(source).wait()
except KeyboardInterrupt:
    print("interrupted")
ticket = _core.submit_facts(_core.Source(os.fsencode(good)))
ticket.wait()
print(ticket.result()[1])
"""
MANY = """
import shutil, sys
import kinetics_fast as kf

good, stuck = sys.argv[1:]
records = []
for number in range(24):
    path = f"{good if number % 2 else stuck}-{number}.mp4"
    shutil.copy(good, path)
    records.append(path)
loader = kf.ClipLoader(
    records, kf.UniformClips(2, 1, clips=1), size=8, batch_size=6, timeout=4.0, on_error="skip"
)
print([record for batch in loader for record in batch.records.tolist()])
"""
RELEASED = """
import os, shutil, sys, threading, time
import numpy as np
import kinetics_fast as kf
from kinetics_fast import _core

def threads():
    return len(os.listdir("/proc/self/task"))

others = threads()
good, stuck, timeout = sys.argv[1:]
video = kf.Video(good)
expected = video[3]
paths = [f"{stuck}-{number}" for number in range(6)]  # more than there are I/O threads
for path in paths:
    shutil.copy(stuck, path)

def read(path):
    try:
        kf.decode_clips([kf.Clip(path, start=3, frames=1)], timeout=float(timeout) or None)
    except kf.DecodeTimeout:
        pass

def wait_until(come):
    for _ in range(1000):
        if come():
            break
        time.sleep(0.02)

for attempt in range(2):  # the second one has the indices
    readers = [threading.Thread(target=read, args=(path,)) for path in paths]
    for reader in readers:
        reader.start()
    if float(timeout):
        for reader in readers:
            reader.join()
    alive = sum(reader.is_alive() for reader in readers)
    wait_until(lambda: threads() >= others + alive + len(paths))  # a thread is stuck in each read
    print(np.array_equal(kf.Video(good)[3], expected), threads() > others + alive + len(paths))
    open("released", "w").close()
    for reader in readers:
        reader.join()
    most = others + 4 + _core.cpu_budget()  # or fewer: which pool starts a thread for a task is chance
    wait_until(lambda: threads() <= most)
    print(threads() <= most)
    os.remove("released")
"""


@pytest.fixture(scope="module")
def hanging(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("preload")
    return preloaded.before_each_read(folder, HANGING)


def run(source: str, hanging: Path, folder: Path, *arguments: str) -> list[str]:
    """Run Python source with two videos, one of which hangs, and return the printed lines."""
    good = folder / "good.mp4"
    good.write_bytes(media.make("short_gop.mp4").read_bytes())
    stuck = folder / "stuck.mp4"  # different bytes, so that no cached index serves this file
    stuck.write_bytes(good.read_bytes())
    few_threads = f"from kinetics_fast import _core\n_core.limit_io_threads({THREADS})\n"
    command = [sys.executable, "-c", few_threads + source, str(good), str(stuck), *arguments]
    # Behind the libraries that are already preloaded, because the runtime of a sanitizer must be the first.
    preload = " ".join([*os.environ.get("LD_PRELOAD", "").split(), str(hanging)])
    environment = {**os.environ, "LD_PRELOAD": preload}
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.splitlines()


def test_a_read_that_never_returns_ends_with_the_timeout(hanging: Path, tmp_path: Path) -> None:
    lines = run(CALLS, hanging, tmp_path)
    assert lines[:6] == ["timeout index"] * 6
    # The good row of the same call is filled, the stuck row is zeros, later calls work, the process ends.
    assert lines[6:] == ["[[0, 0], [2, 2]] [1] True False", "True"]


def test_a_read_of_facts_that_never_returns_ends_with_the_timeout_or_ctrl_c(
    hanging: Path, tmp_path: Path
) -> None:
    lines = run(FACTS, hanging, tmp_path)
    assert lines == ["timeout index"] * 6 + ["interrupted", "[('video', 'h264')]"]


@pytest.mark.parametrize(("indexed", "stage"), [("new", "index"), ("indexed", "decode")])
def test_a_loader_loses_only_the_dead_video(indexed: str, stage: str, hanging: Path, tmp_path: Path) -> None:
    result, in_time = run(LOADER, hanging, tmp_path, indexed)
    assert result == f"[[True, False], [True, True], [True, True]] [(1, 'DecodeTimeout', '{stage}')]"
    assert in_time == "True"


def test_more_dead_files_than_threads_do_not_block_the_others_of_a_loader(
    hanging: Path, tmp_path: Path
) -> None:
    assert run(MANY, hanging, tmp_path) == [str(list(range(1, 24, 2)))]


@pytest.mark.parametrize("timeout", ["0", "0.5"], ids=["waited for", "given up"])
def test_threads_that_stood_in_for_stuck_ones_leave_when_those_come_back(
    timeout: str, hanging: Path, tmp_path: Path
) -> None:
    assert run(RELEASED, hanging, tmp_path, timeout) == ["True True", "True"] * 2
