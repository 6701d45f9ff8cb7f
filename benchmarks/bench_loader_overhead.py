"""What the loader itself costs: an epoch's plan for a whole data set, and the calling thread's time a clip.

The calling thread only asks for batches and drops them; decoding is the engine's threads' time and does not
count, nor does waiting. Needs one video: as many links to it as a batch has videos stand for different ones.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import tracemalloc
from pathlib import Path
from statistics import median

import kinetics_fast as kf
from kinetics_fast.loader.plan import EpochPlan
from kinetics_fast.loader.rng import EpochDraws

FRAMES, STRIDE = 16, 4
WARM_UP = 2  # batches


def linked_records(video: Path, folder: Path, count: int, *, indexed: bool) -> list[kf.Record]:
    """Link to the video under so many names."""
    packed = kf.Video(video)._index.pack() if indexed else None
    links = [folder / f"{indexed}-{number}{video.suffix}" for number in range(count)]
    for link in links:
        link.symlink_to(video.resolve())
    return [kf.Record(str(link), 0, frame_index=packed) for link in links]


def plan_cost(records: int) -> tuple[float, float]:
    """Seconds and MiB of the plan of a shuffled epoch."""
    tracemalloc.start()
    begin = time.perf_counter()
    plan = EpochPlan(EpochDraws(0, 1), records, shuffle=True, batch_size=32, rank=3, world_size=8)
    places = plan.places(100)
    seconds = time.perf_counter() - begin
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    assert len(places.records) == 32
    return seconds, peak


def clip_cost(records: list[kf.Record], clips: int, batches: int) -> float:
    """Milliseconds of the calling thread a clip, after a warm-up."""
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
    parser.add_argument("video", type=Path, help="any video of a data set's usual length")
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
                    f"{how}, {clips} clips a video: {median(costs):.3f} ms a clip ({min(costs):.3f} at best)"
                )


if __name__ == "__main__":
    main()
