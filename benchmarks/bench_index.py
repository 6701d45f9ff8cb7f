"""Measure an index with as many clips as Kinetics-700-2020: its size, and the time to open and read it.

    python benchmarks/bench_index.py VIDEO... [--clips 650000]

Every row gets the frame index of one of the videos, so pass videos that are typical of the data set.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa

from kinetics_fast.dataset_index import schema
from kinetics_fast.scan.examine import Examination, FileToRead
from kinetics_fast.scan.header_hash import fingerprint
from kinetics_fast.scan.known import KnownFiles
from kinetics_fast.scan.merge import write_merged
from kinetics_fast.scan.targets import table_of

CLASSES, PIECE = 700, 50_000
OPENING = """
import sys, time
import kinetics_fast as kf, pyarrow, numpy
from kinetics_fast.dataset_index.reader import IndexFile
def peak():
    return int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1024
before, begin = peak(), time.perf_counter()
index = IndexFile(sys.argv[1])
opened = time.perf_counter()
dataset = kf.Dataset.from_index(sys.argv[1])
made = time.perf_counter()
after = peak()
rng = numpy.random.default_rng(1)
rows = rng.integers(len(dataset), size=2000).tolist()
looking = time.perf_counter()
records = [dataset[row] for row in rows]
looked = time.perf_counter()
unpacked = [kf._core.FrameIndex.unpack(record.frame_index) for record in records]
done = time.perf_counter()
print(f"{len(index):,} rows opened in {opened - begin:.3f} s, as a data set in {made - opened:.3f} s,")
print(f"with {after - before:.0f} MiB (of the {after:.0f} MiB of the process)")
print(f"a record takes {(looked - looking) / 2000 * 1e6:.0f} us, ", end="")
print(f"unpacking its frame index {(done - looked) / 2000 * 1e6:.0f} us")
"""


def run(videos: list[Path], clips: int) -> None:
    rows = Examination(
        [FileToRead(video.name, None, str(video), fingerprint(str(video))) for video in videos], decode=False
    ).rows()
    names = [f"train/class {i % CLASSES:03d}/{i:011d}_000010_000020.mp4" for i in range(clips)]
    known = KnownFiles()
    for first in range(0, clips, PIECE):
        piece = [{**rows[i % len(rows)], "path": names[i]} for i in range(first, min(clips, first + PIECE))]
        known.add(pa.Table.from_pylist(piece, schema=schema.PARTS))
    targets = table_of(
        {
            "path": names,
            "id": [f"{i:011d}" for i in range(clips)],
            "label": [f"class {i % CLASSES:03d}" for i in range(clips)],
            "split": ["train"] * clips,
            "time_start": [10.0] * clips,
            "time_end": [20.0] * clips,
        },
        clips,
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / schema.DEFAULT_NAME
        begin = time.perf_counter()
        write_merged(path, Path(folder), targets, known, {})
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        size = path.stat().st_size
        packed = [len(row["frame_index"]) for row in rows]
        frames = [row["frames"] for row in rows]
        print(f"frames {frames}, bytes of the frame indices {packed}")
        print(f"{clips:,} rows written in {time.perf_counter() - begin:.1f} s (peak {peak:.0f} MiB)")
        print(f"{size / 1e6:.0f} MB, {size / clips:.0f} bytes per clip")
        sys.stdout.flush()
        subprocess.run([sys.executable, "-c", OPENING, str(path)], check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("videos", nargs="+", type=Path)
    parser.add_argument("--clips", type=int, default=650_000)
    options = parser.parse_args()
    run(options.videos, options.clips)
