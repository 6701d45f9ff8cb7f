"""Measure the loader itself: the plan of an epoch for a data set, and the calling thread's time per clip.

The calling thread only requests batches and drops them. The time that the engine's threads spend decoding
is not counted, and neither is waiting. The benchmark needs one video. Links to this video, one per video of a
batch, stand for different videos.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import tracemalloc
from pathlib import Path
from statistics import median

import kinetics_fast as kf
from kinetics_fast.loader.order import epoch_order
from kinetics_fast.loader.plan import EpochPlan

FRAMES, STRIDE = 16, 4
WARM_UP = 2  # batches


def linked_records(video: Path, folder: Path, count: int, *, indexed: bool) -> list[kf.Record]:
    """Make `count` links to the video, and a record of each."""
    packed = kf.Video(video)._index.pack() if indexed else None
    links = [folder / f"{indexed}-{number}{video.suffix}" for number in range(count)]
    for link in links:
        link.symlink_to(video.resolve())
    return [kf.Record(str(link), 0, frame_index=packed) for link in links]


def plan_cost(records: int) -> tuple[float, float]:
    """Give the seconds and the MiB that the plan of a shuffled epoch takes."""
    tracemalloc.start()
    begin = time.perf_counter()
    order = epoch_order(None, 1, 0, shuffle=True, records=records)
    plan = EpochPlan(order, batch_size=32, rank=3, world_size=8)
    places = plan.places(100)
    seconds = time.perf_counter() - begin
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    assert len(places.records) == 32
    return seconds, peak


def clip_cost(records: list[kf.Record], clips: int, batches: int) -> float:
    """Give the CPU milliseconds of the calling thread per clip, after a warm-up."""
    loader = kf.ClipLoader(
        records * (batches + WARM_UP),
        kf.RandomClips(FRAMES, STRIDE, clips=clips),
        kf.RandomResizedCrop(32),
        flip=0.5,
        batch_size=len(records),
        dtype="uint8",
    )
    for number, _ in enumerate(loader):
        if number == WARM_UP - 1:
            begin = time.thread_time()
    return (time.thread_time() - begin) / (batches * len(records) * clips) * 1e3


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("video", type=Path, help="any video of the usual length of the data set")
    parser.add_argument("--records", type=int, default=650_000, help="records of the plan (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batches", type=int, default=10)
    parser.add_argument("--batch-size", type=int, default=32)
    arguments = parser.parse_args()

    seconds, peak = plan_cost(arguments.records)
    print(f"plan of {arguments.records} records: {seconds * 1e3:.0f} ms, {peak:.1f} MiB")
    with tempfile.TemporaryDirectory(prefix="kf-bench-") as folder:
        for indexed in (True, False):
            records = linked_records(arguments.video, Path(folder), arguments.batch_size, indexed=indexed)
            for clips in (1, 4):
                costs = [clip_cost(records, clips, arguments.batches) for _ in range(arguments.rounds)]
                how = "saved index" if indexed else "no saved index"
                print(
                    f"{how}, {clips} clips per video: {median(costs):.3f} ms per clip (best {min(costs):.3f})"
                )


if __name__ == "__main__":
    main()
