"""Measure what the process that calls a cluster does itself, per file, clip or batch.

A scan on a cluster leaves collecting the rows and writing the index to its caller, a preparation leaves the
journal, and reading clips leaves the list of tasks. Each of these limits how large a cluster one caller can
feed. No cluster is used: the rows are copies of the row of one video.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import kinetics_fast as kf
from kinetics_fast.preparation.journal import Entry, Journal
from kinetics_fast.scan.scanner import examined, scan
from kinetics_fast.scan.targets import table_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kinetics_fast.remote.folder import RemoteFolder
    from kinetics_fast.scan.known import Key, Place
    from kinetics_fast.scan.scanner import Batches

ROWS_PER_PART = 256
BATCH = 8


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("video", type=Path)
    parser.add_argument("--clips", type=int, default=200_000, help="clips of the data set (%(default)s)")
    parser.add_argument("--lines", type=int, default=2_000, help="lines of the journal (%(default)s)")
    return parser.parse_args()


def collect_rows(video: Path, clips: int, folder: Path) -> tuple[float, float]:
    """Return CPU seconds and bytes of memory per row of a scan whose rows come from elsewhere."""
    ((_, (row,)),) = examined(video.parent, {(video.name, None): None}, {}, decode=False)
    paths = [f"class {number % 700}/{number:07d}.mp4" for number in range(clips)]
    targets = table_of({"path": paths, "label": [path.partition("/")[0] for path in paths]}, clips)

    def elsewhere(
        root: Path | RemoteFolder,
        files: Mapping[Key, int | None],
        places: Mapping[Key, Place],
        *,
        decode: bool,
    ) -> Batches:
        del root, places, decode
        names = [name for name, _ in files]
        for first in range(0, len(names), ROWS_PER_PART):
            some = names[first : first + ROWS_PER_PART]
            yield first + len(some), [row | {"path": name} for name in some]

    memory, begin = peak_bytes(), time.process_time()
    scan(folder, targets, folder / "index.arrow", examine=elsewhere)
    return (time.process_time() - begin) / clips, (peak_bytes() - memory) / clips


def append_lines(folder: Path, lines: int, *, sync: bool) -> float:
    """Return seconds per line of a journal."""
    entry = Entry("abseiling/name_000010_000020.mp4", "abseiling/name.mp4", 800_000, "0" * 32, 800_000)
    with Journal(folder / "journal.jsonl") as journal:
        begin = time.monotonic()
        for _ in range(lines):
            journal.append(entry, sync=sync)
        return (time.monotonic() - begin) / lines


def plan_batches(video: Path, clips: int) -> float:
    """Return CPU seconds per batch that `read_clips` and Ray take until the first batch is decoded."""
    import ray

    from kinetics_fast.ray import read_clips

    ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    dataset = kf.Dataset([str(video.resolve())], [0]).take(np.zeros(clips, np.int64))
    begin = time.process_time()
    data = read_clips(dataset, kf.UniformClips(2, 2, 1), kf.CenterCrop(16), batch_size=BATCH)
    next(iter(data.iter_batches(batch_size=None)))
    seconds = time.process_time() - begin
    ray.shutdown()
    return seconds / (clips / BATCH)


def peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def main() -> None:
    arguments = parse_arguments()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seconds, size = collect_rows(arguments.video, arguments.clips, folder)
        synced, line = (append_lines(folder, arguments.lines, sync=sync) for sync in (True, False))
    figures: list[tuple[str, Any]] = [
        ("scan: CPU time per row that is collected and written", f"{seconds * 1e3:.3f} ms"),
        ("scan: memory per row", f"{size:.0f} bytes"),
        ("prepare: time per line of the journal", f"{line * 1e3:.3f} ms"),
        ("prepare with shards: time per line, each on the disk", f"{synced * 1e3:.2f} ms"),
    ]
    try:
        batch = plan_batches(arguments.video, arguments.clips // 10)
        figures.append(
            ("read_clips: CPU time per batch before the first one is decoded", f"{batch * 1e3:.2f} ms")
        )
    except ModuleNotFoundError as missing:
        figures.append(("read_clips", str(missing)))
    for what, figure in figures:
        print(f"{what}: {figure}")


if __name__ == "__main__":
    main()
