"""Count the system calls per clip of a scanned data set with strace.

    python benchmarks/trace_reads.py VIDEO [--clips 100]

One loader reads one clip of the video. Another loader reads that clip and `--clips` more. The difference
between their calls is the cost of the additional clips.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from kinetics_fast.dataset_index.schema import DEFAULT_NAME
from kinetics_fast.scan.scanner import scan
from kinetics_fast.scan.targets import targets_of_folder

LOADER = """
import sys
import numpy as np
import kinetics_fast as kf
clips = kf.Dataset.from_index(sys.argv[1]).take(np.zeros(int(sys.argv[2]), np.int64))
loader = kf.ClipLoader(clips, kf.RandomClips(16, 8), crop=kf.CenterCrop(224), batch_size=1)
for batch in loader:
    assert not batch.errors
"""
CALLS = ("openat", "newfstatat", "fstat", "pread64", "read", "lseek", "mmap")
ROW = re.compile(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$", re.MULTILINE)


def count_calls(index: Path, clips: int, log: Path) -> dict[str, int]:
    """Run a loader under strace, and give the number of times each call was made."""
    command = ["strace", "-f", "-c", "-o", str(log), "-e", f"trace={','.join(CALLS)}"]
    subprocess.run([*command, sys.executable, "-c", LOADER, str(index), str(clips)], check=True)
    return {name: int(count) for count, name in ROW.findall(log.read_text())}


def run(video: Path, clips: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copyfile(video, folder / f"clip{video.suffix}")
        scan(folder, targets_of_folder(folder), folder / DEFAULT_NAME)
        index, log = folder / DEFAULT_NAME, folder / "calls"
        one, more = count_calls(index, 1, log), count_calls(index, 1 + clips, log)
    print(f"calls per additional clip, mean of {clips} clips:")
    for call in CALLS:
        print(f"  {call:<12} {(more.get(call, 0) - one.get(call, 0)) / clips:5.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("video", type=Path)
    parser.add_argument("--clips", type=int, default=100)
    options = parser.parse_args()
    run(options.video, options.clips)
