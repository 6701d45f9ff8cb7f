"""Where reads are slow, many of them are under way at once: as many as there may be I/O threads.

An LD_PRELOAD library counts the reads that wait at the same time. Each read waits until as many wait as the
test expects, or for a time limit that the expected number never needs. No test looks at a clock.
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

    from support.child import Child

pytestmark = [pytest.mark.ffmpeg, pytest.mark.preload]

TOGETHER = """
    extern char *getenv(const char *);
    extern int atoi(const char *);
    static int inside = 0, most = 0;
    if (strstr(path, "slow") == NULL) return;
    int expected = atoi(getenv("EXPECTED"));
    int now = __atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST);
    for (int seen = most; now > seen && !__atomic_compare_exchange_n(
        &most, &seen, now, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);) {}
    for (int i = 0; i < 2000 && __atomic_load_n(&most, __ATOMIC_SEQ_CST) < expected; i++) usleep(1000);
    FILE *file = fopen("most", "w");
    fprintf(file, "%d", most);
    fclose(file);
    __atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST);
"""

CALL = """
import os, sys
import kinetics_fast as kf

os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
good, slow, kind = sys.argv[1:]
paths = [f"{slow}-{number}" for number in range(40)]
data = open(good, "rb").read()
for path in paths:
    with open(path, "wb") as file:
        file.write(data)
saved = kf.Video(good)._index.pack()
loader = kf.ClipLoader(
    [kf.Record(path, frame_index=saved if kind == "indexed" else None) for path in paths],
    kf.UniformClips(1, 1, clips=1),
    batch_size=20,
    prefetch=2,
    size=8,
)
print(sum(batch.valid.sum() for batch in loader))
print(len(os.listdir("/proc/self/task")))
"""
THREADS = 4 + 16 * 1  # of one CPU: see io_threads_per_cpu in csrc/engine/engine.cpp
OTHERS = 4  # the main thread, the worker, and what NumPy and the cache of held runs may have
STAND_INS = (
    32  # for threads that were at a read for long, on a busy machine: see max_stuck in thread_roster.cpp
)


def run(kind: str, folder: Path) -> tuple[int, int]:
    """Read forty slow files on one CPU; return how many reads waited at once, and the number of threads."""
    library = preloaded.before_each_read(folder, TOGETHER)
    good = folder / "good.mp4"
    good.write_bytes(media.make("short_gop.mp4").read_bytes())
    preload = " ".join([*os.environ.get("LD_PRELOAD", "").split(), str(library)])
    environment = {**os.environ, "LD_PRELOAD": preload, "EXPECTED": str(THREADS)}
    command = [sys.executable, "-c", CALL, str(good), str(folder / "slow"), kind]
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=120, check=True
    )
    read, threads = map(int, done.stdout.split())
    assert read == 40
    return int((folder / "most").read_text()), threads


@pytest.mark.parametrize("kind", ["new", "indexed"])
def test_as_many_reads_are_under_way_as_there_may_be_threads(kind: str, tmp_path: Path) -> None:
    together, threads = run(kind, tmp_path)
    assert THREADS <= together <= THREADS + STAND_INS
    assert threads <= THREADS + STAND_INS + OTHERS


FEW = """
import os, sys
import kinetics_fast as kf

video = kf.Video(sys.argv[1])
for first in range(0, 40, 10):
    kf.decode_clips([kf.Clip(video, start=first, frames=2)], threads=1)
print(len(os.listdir("/proc/self/task")))
"""


def test_threads_are_made_when_there_is_work_for_them(child: Child) -> None:
    """One file with one run at a time needs one I/O thread and one worker."""
    assert int(child(FEW, media.make("short_gop.mp4"))) <= 2 + OTHERS
