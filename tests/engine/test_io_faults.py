"""Files that change, block or never end during reading give an error or exact frames, in time."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import kinetics_fast as kf
from support import preloaded
from videos import media, oracle

if TYPE_CHECKING:
    from support.child import Child

pytestmark = pytest.mark.ffmpeg

ENDLESS = """
import json, os, sys, time
import kinetics_fast as kf

found = []
for path, size in zip(sys.argv[1::2], map(int, sys.argv[2::2])):
    for source in (path, kf.FileRange(path, 0, size)):
        start = time.monotonic()
        try:
            kf.decode_clips([kf.Clip(source, indices=[0])], timeout=20)
            found.append((path, "read"))
        except kf.Error as error:
            if time.monotonic() - start > 25:
                found.append((path, "late"))
            elif not isinstance(error, (kf.OpenError, kf.UnsupportedError, kf.CorruptError)):
                found.append((path, repr(error)))
print(json.dumps(found))
"""
SLOW = 'if (strstr(path, "slow")) usleep(100000);'
SLOWLY = """
import sys, time
import numpy as np
import kinetics_fast as kf

path = sys.argv[1]
out = np.full((20, 4, 16, 16, 3), 90, np.uint8)
clips = [kf.Clip(path, indices=[n, n + 20, n + 30, n + 39]) for n in range(20)]
start = time.monotonic()
try:
    kf.decode_clips(clips, size=16, out=out, timeout=0.05)
    print("read")
except kf.DecodeTimeout:
    print("timeout", time.monotonic() - start < 10)
before = out.copy()
time.sleep(1.5)  # the reads that were under way have come by now
print(np.array_equal(before, out))
"""


def test_sources_that_never_end_or_never_begin_are_errors(tmp_path: Path, child: Child) -> None:
    fifo, sparse = tmp_path / "fifo.mp4", tmp_path / "sparse.mp4"
    os.mkfifo(fifo)
    sparse.touch()
    os.truncate(sparse, 1 << 42)
    sources: list[tuple[object, int]] = [
        ("/dev/zero", 1 << 40),
        ("/dev/urandom", 1 << 40),
        ("/dev/full", 1 << 40),
    ]
    sources += [(fifo, 1 << 20), (sparse, 1 << 42), (tmp_path, 1 << 20)]
    assert json.loads(child(ENDLESS, *itertools.chain(*sources), limit=100)) == []


def test_a_pipe_without_a_writer_is_refused() -> None:
    receiver, sender = os.pipe()
    for path in (f"/dev/fd/{receiver}", f"/proc/self/fd/{receiver}"):
        with pytest.raises(kf.OpenError):
            kf.decode_clips([kf.Clip(path, indices=[0])], timeout=10)
    os.close(receiver)
    os.close(sender)


@pytest.mark.parametrize("name", ["faststart.mp4", "short_gop.mkv", "h264.ts", "mpeg4.avi"])
def test_a_file_that_is_cut_and_restored_while_it_is_read_gives_exact_frames_or_errors(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    data = media.make(name).read_bytes()
    path.write_bytes(data)
    theirs = kf.Video(media.make(name)).frames(range(30))
    video, stop = kf.Video(path), threading.Event()

    def cut() -> None:
        for size in itertools.cycle([len(data) // 3, len(data) // 2, 100]):
            os.truncate(path, size)
            path.write_bytes(data)
            if stop.is_set():
                return

    writer = threading.Thread(target=cut)
    writer.start()
    try:
        for seed in range(60):
            indices = np.random.default_rng(seed).integers(0, 30, 4).tolist()
            with contextlib.suppress(kf.Error):
                kf.decode_clips([kf.Clip(path, indices=indices)], on_error="zero", timeout=60)
            batch = kf.decode_clips([kf.Clip(video, indices=indices)], on_error="zero", timeout=60)
            good = batch.status[0] == kf.FrameStatus.OK
            assert np.array_equal(batch.frames[0, good], theirs[np.array(indices)[good]])
    finally:
        stop.set()
        writer.join()
    assert np.array_equal(kf.Video(path).frames(range(30)), theirs)


def test_a_directory_that_replaces_a_file_is_an_open_error(tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    path.write_bytes(media.make("short_gop.mp4").read_bytes())
    video = kf.Video(path)
    path.unlink()
    path.mkdir()
    for read in (
        lambda: video[3],
        lambda: kf.Video(path),
        lambda: kf.decode_clips([kf.Clip(path, indices=[1])]),
    ):
        with pytest.raises(kf.OpenError):
            read()


def test_a_replaced_file_is_never_taken_for_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    path.write_bytes(media.make("short_gop.mp4").read_bytes())
    video = kf.Video(path)
    ours = oracle.frames(media.make("short_gop.mp4")).planes
    path.write_bytes(media.make("b_pyramid_normal.mp4").read_bytes())
    for frame in range(60):
        with contextlib.suppress(kf.Error):
            assert oracle.equal(tuple(video.planes([frame])[0]), ours[frame])
    theirs = oracle.frames(media.make("b_pyramid_normal.mp4")).planes
    assert oracle.equal(tuple(kf.Video(path).planes([7])[0]), theirs[7])


@pytest.mark.preload
def test_slow_reads_end_with_the_timeout_and_write_nothing_after_it(tmp_path: Path) -> None:
    library, path = preloaded.before_each_read(tmp_path, SLOW), tmp_path / "slow.mp4"
    path.write_bytes(media.make("short_gop.mp4").read_bytes())
    command = [sys.executable, "-c", SLOWLY, str(path)]
    environment = {**os.environ, "LD_PRELOAD": str(library)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines() == ["timeout True", "True"]
