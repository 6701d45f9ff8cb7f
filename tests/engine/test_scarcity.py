"""Memory, file descriptors and threads that run out are nobody's fault: no good file is called bad."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import kinetics_fast as kf
from kinetics_fast import _core
from support.child import TESTS, tool
from videos import media

if TYPE_CHECKING:
    from pathlib import Path

    from support.child import Child

pytestmark = [
    pytest.mark.ffmpeg,
    pytest.mark.skipif(sys.platform != "linux", reason="the limits are those of Linux"),
]
RUNS = 20
NO_DESCRIPTORS = """
import errno, os, resource, sys, time
import numpy.random
import kinetics_fast as kf
path = sys.argv[1]
video = kf.Video(path)
clips = [kf.Clip(path, indices=[0, 5])]
kf.decode_clips(clips)
def is_open(file):
    return any(os.path.realpath(f"/proc/self/fd/{number}") == file for number in os.listdir("/proc/self/fd"))
while is_open(os.path.realpath(path)):  # a thread of the engine closes the file a moment after the call
    time.sleep(0.01)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
held = []
try:
    while True:
        held.append(os.open("/dev/null", os.O_RDONLY))
except OSError:
    pass
def loader(on_error):
    sampler = kf.RandomClips(2, stride=1)
    return kf.ClipLoader([(path, 0)] * 4, sampler, kf.CenterCrop(16), batch_size=2, on_error=on_error)
reads = [
    lambda: kf.Video(path),
    lambda: video[3],
    lambda: kf.decode_clips(clips, on_error="zero"),
    lambda: kf.decode_clips([kf.Clip(video, indices=[0])], on_error="zero"),
]
reads += [lambda word=word: list(loader(word)) for word in ("raise", "zero", "replace", "skip")]
for read in reads:
    try:
        read()
        print("read")
    except kf.ResourceError as error:
        print(error.errno == errno.EMFILE, error.path == path)
for descriptor in held:
    os.close(descriptor)
print(video[3].shape)
"""
THREADS = """
import os, sys
import kinetics_fast as kf
clips = [kf.Clip(path, indices=[0]) for path in sys.argv[1:]]
kf.decode_clips(clips, size=16, threads=64)
names = os.listdir("/proc/self/task")
print(len(names))
"""
MAPPING = """
import os, sys
from pathlib import Path
import pyarrow as pa
from kinetics_fast.dataset_index.arrow_file import map_table
path = Path(sys.argv[1])
table = pa.table({"path": ["a.mp4"]})
with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
    writer.write_table(table)
before = set(os.listdir("/proc/self/task"))
assert map_table(path).equals(table)
print(len(set(os.listdir("/proc/self/task")) - before))
"""


@pytest.mark.parametrize("kind", ["memory", "descriptors", "threads"])
def test_no_good_file_is_called_bad(kind: str) -> None:
    command = tool("scarce", kind, RUNS)
    done = subprocess.run(command, cwd=TESTS, capture_output=True, text=True, timeout=300, check=True)
    found = json.loads(done.stdout)
    assert set(found) <= {"load: complete", "load: scarce", "scan: complete", "scan: scarce"}, done.stderr
    assert sum(found.values()) == 2 * RUNS
    assert found.get("load: scarce") or found.get("scan: scarce")


def test_without_descriptors_every_call_raises_a_resource_error(child: Child) -> None:
    said = child(NO_DESCRIPTORS, media.make("short_gop.mp4")).splitlines()
    assert said[:-1] == ["True True"] * 8
    assert said[-1].startswith("(")


def test_threads_are_started_when_there_is_work_for_them(child: Child) -> None:
    videos = [media.make(name) for name in ("short_gop.mp4", "faststart.mp4")]
    started = int(child(THREADS, *videos))
    assert started <= 1 + 2 + 4  # the caller's, one for each run, and those that read


def test_mapping_an_index_starts_no_thread_of_arrow(child: Child, tmp_path: Path) -> None:
    """Such threads end the process, or never answer, where they find no memory."""
    assert int(child(MAPPING, tmp_path / "index.arrow")) == 0


@pytest.mark.parametrize("threads", [_core.MAX_THREADS + 1, 10**9, 10**30])
def test_more_threads_than_the_maximum_are_refused(threads: int) -> None:
    message = f"threads must be at most {_core.MAX_THREADS}, got {threads}"
    with pytest.raises(ValueError, match=message):
        kf.decode_clips([kf.Clip("a.mp4", indices=[0])], threads=threads)
    with pytest.raises(ValueError, match=message):
        kf.ClipLoader(
            [("a.mp4", 0)], kf.RandomClips(2, stride=1), kf.CenterCrop(16), batch_size=1, threads=threads
        )
