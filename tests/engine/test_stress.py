"""A process holds the same resources over many clips of many files, and many threads may call at once."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import kinetics_fast as kf
from support.child import TESTS, Child, tool
from videos import media

pytestmark = pytest.mark.ffmpeg

CLIPS, FILES, WARM = 10_000, 500, 500
GROWTH = 6 << 20  # bytes of noise of the heap; a leak of one small picture per clip is 40 MB
KINDS = [
    "h264.mov",
    "hevc.mkv",
    "vp9.webm",
    "av1.mp4",
    "mpeg4_packed.avi",
    "mpeg2video.ts",
    "mjpeg.mov",
    "flv1.flv",
]


def test_memory_descriptors_and_threads_stay_the_same() -> None:
    command = tool("stress_clips", CLIPS, FILES, WARM)
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=TESTS)
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert said["good"] > CLIPS // 2
    assert said["end"]["resident"] - said["warm"]["resident"] < GROWTH
    assert said["end"]["descriptors"] == said["warm"]["descriptors"]
    assert said["end"]["threads"] == said["warm"]["threads"]


def test_many_threads_may_call_at_once_on_good_and_bad_files(tmp_path: Path) -> None:
    whole = {name: kf.Video(media.make(name)).frames(range(24)) for name in KINDS}
    broken = tmp_path / "broken.mkv"
    data = media.make("hevc.mkv").read_bytes()
    broken.write_bytes(data[: len(data) // 3])

    def call(seed: int) -> bool:
        rng = np.random.default_rng(seed)
        name = KINDS[seed % len(KINDS)]
        indices = rng.integers(0, 24, 6).tolist()
        if seed % 4 == 3:
            batch = kf.decode_clips(
                [kf.Clip(broken, indices=indices), kf.Clip(media.make(name), indices=indices)],
                size=(48, 64), on_error="zero", timeout=60,
            )  # fmt: skip
            return not batch.status[1].any() and 0 in batch.errors
        return np.array_equal(kf.Video(media.make(name)).frames(indices), whole[name][indices])

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(call, range(160)))


FORKING = """
import os, sys, threading
import numpy as np
import kinetics_fast as kf

paths = sys.argv[1:]
whole = {path: kf.Video(path).frames(range(24)) for path in paths}
stop = threading.Event()

def decode(path):
    while not stop.is_set():
        assert np.array_equal(kf.Video(path).frames(range(0, 24, 3)), whole[path][::3])

threads = [threading.Thread(target=decode, args=(path,)) for path in paths]
for thread in threads:
    thread.start()
for number in range(6):
    child = os.fork()
    if child == 0:
        path = paths[number % len(paths)]
        os._exit(0 if np.array_equal(kf.Video(path).frames(range(24)), whole[path]) else 1)
    assert os.waitpid(child, 0)[1] == 0
stop.set()
for thread in threads:
    thread.join()
"""


def test_children_forked_while_every_codec_decodes_decode_too(child: Child) -> None:
    child(FORKING, *(media.make(name) for name in KINDS), options=("-W", "ignore::DeprecationWarning"))
