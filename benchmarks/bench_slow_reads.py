"""Measure the clips per second of a loader where every read takes a while, as on a network file system.

    python benchmarks/bench_slow_reads.py FOLDER

Copies of the videos of FOLDER are read by `kf.ClipLoader` on all CPUs, 16 x 8 frames at 224 x 224 as float32,
in processes whose `pread` of these copies waits 0, 2 and 20 milliseconds before it reads (an LD_PRELOAD
library; Linux only). "indexed" has saved indices, so that a run of a clip is one read; "new" indexes each
file, which takes several reads one after another. The processes take turns. A share is the median over the
rounds of the rate divided by the rate without a wait in the same round.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import kinetics_fast as kf

DELAYS = (0, 2, 20)  # milliseconds
KINDS = ("indexed", "new")
MARK = "kf-slow-"  # in the paths of the files whose reads wait

PREAD = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static ssize_t wait_and_read(const char *name, int file, void *into, size_t size, off_t offset) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length > 0 ? length : 0] = 0;
    const char *milliseconds = getenv("KF_DELAY");
    if (strstr(path, "MARK") && milliseconds) usleep(1000 * atoi(milliseconds));
    ssize_t (*real)(int, void *, size_t, off_t) = dlsym(RTLD_NEXT, name);
    return real(file, into, size, offset);
}
ssize_t pread(int file, void *into, size_t size, off_t offset) {
    return wait_and_read("pread", file, into, size, offset);
}
ssize_t pread64(int file, void *into, size_t size, off_t offset) {
    return wait_and_read("pread64", file, into, size, offset);
}
""".replace("MARK", MARK)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("folder", type=Path, help="videos in MP4 or Matroska, searched recursively")
    add("--clips", type=int, default=480, help="clips per measurement (%(default)s)")
    add("--rounds", type=int, default=3, help="turns (%(default)s)")
    add("--batch-size", type=int, default=16, help="clips per batch (%(default)s)")
    add("--prefetch", type=int, default=4, help="batches ahead (%(default)s)")
    add("--kind", choices=KINDS, help=argparse.SUPPRESS)  # set in the processes that measure
    return parser.parse_args()


def rate(arguments: argparse.Namespace) -> float:
    """Give the clips per second of one epoch, after a few batches."""
    paths = sorted(arguments.folder.iterdir())
    saved = {path: kf.Video(path)._index.pack() if arguments.kind == "indexed" else None for path in paths}
    for path in paths:
        now = time.time_ns()
        os.utime(path, ns=(now, now))  # the cache of indices does not help
    numbers = range(arguments.clips)
    loader = kf.ClipLoader(
        [kf.Record(path, frame_index=saved[path]) for path in (paths[n % len(paths)] for n in numbers)],
        kf.RandomClips(16, 8),
        crop=kf.CenterCrop(224, short_side=256),
        size=224,
        layout="CTHW",
        dtype="float32",
        mean=0.45,
        std=0.225,
        batch_size=arguments.batch_size,
        prefetch=arguments.prefetch,
        seed=1,
    )
    batches = iter(loader)
    next(batches)
    begin, clips = time.perf_counter(), 0
    for batch in batches:
        clips += len(batch.frames)
    return clips / (time.perf_counter() - begin)


def measured(arguments: argparse.Namespace, folder: Path, library: Path, kind: str, delay: int) -> float:
    """Measure in a process of its own."""
    options = ["clips", "batch_size", "prefetch"]
    words = [f"--{name.replace('_', '-')}={getattr(arguments, name)}" for name in options]
    command = [sys.executable, __file__, str(folder), "--kind", kind, *words]
    environment = {**os.environ, "LD_PRELOAD": str(library), "KF_DELAY": str(delay)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return float(json.loads(done.stdout))


def copy_videos(source: Path, target: Path, count: int) -> None:
    """Copy every video several times, so that there is a file per clip."""
    videos = sorted(path for path in source.rglob("*") if path.suffix.lower() in {".mp4", ".mkv"})
    for number in range(count):
        video = videos[number % len(videos)]
        shutil.copy(video, target / f"{number:05}{video.suffix}")


def main() -> None:
    arguments = parse_arguments()
    if arguments.kind:
        print(json.dumps(rate(arguments)))
        return
    with tempfile.TemporaryDirectory(prefix=MARK) as scratch:
        folder, library = Path(scratch) / "videos", Path(scratch) / "preload.so"
        folder.mkdir()
        copy_videos(arguments.folder, folder, arguments.clips)
        command = ["cc", "-shared", "-fPIC", "-O1", "-x", "c", "-", "-o", str(library), "-ldl"]
        subprocess.run(command, input=PREAD, text=True, check=True)
        for kind in KINDS:
            rates: dict[int, list[float]] = {delay: [] for delay in DELAYS}
            for _ in range(arguments.rounds):
                for delay in DELAYS:
                    rates[delay].append(measured(arguments, folder, library, kind, delay))
            for delay, values in rates.items():
                share = median(value / base for value, base in zip(values, rates[0], strict=True))
                print(
                    f"{kind:8} {delay:3} ms a read: {median(values):7.1f} clips/s ({share:.2f})", flush=True
                )


if __name__ == "__main__":
    main()
