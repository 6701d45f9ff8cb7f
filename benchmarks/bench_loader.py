"""Measure kf.ClipLoader: against torch's DataLoader, with several clips per video, and behind a model.

A sample is float32 (3, T, 224, 224), as in bench_samples.py. All loaders read the same windows. Each loader
has its own process, with its own workers or threads. The time of an epoch is from the request for the first
batch to the receipt of the last batch. After one warm-up epoch each, the loaders take turns.
"""

from __future__ import annotations

import multiprocessing
import random
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bench_samples import PACKAGE, PATTERNS, centre_box
from report import write_report
from runner import MAX_VIDEOS, SEED, common_arguments, say, say_who_takes_part, working
from windows import copy_video, draw_windows, find_videos, touch

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from windows import Pattern, Window

DATALOADER_PEERS = ("decord", "torchcodec")
Epochs = list[tuple[float, float]]
_loader: Any


def parse_arguments() -> argparse.Namespace:
    parser = common_arguments(__doc__)
    parser.add_argument("--batch-size", type=int, default=8, help="samples per batch (%(default)s)")
    parser.set_defaults(peers=DATALOADER_PEERS)
    return parser.parse_args()


def make_loader(module: str, *arguments: Any) -> None:
    """Make a loader inside its process."""
    global _loader
    _loader = __import__(f"loaders.{module}", fromlist=["Loader"]).Loader(*arguments)


def call(method: str, *arguments: Any) -> Any:
    """Call a method of the loader of this process."""
    return getattr(_loader, method)(*arguments)


class InProcess:
    """A loader in its own process."""

    def __init__(self, name: str, module: str, *arguments: Any) -> None:
        self.name = name
        context = multiprocessing.get_context("spawn")
        self._process = ProcessPoolExecutor(1, context, make_loader, (module, *arguments))

    def call(self, method: str, *arguments: Any) -> Any:
        return self._process.submit(call, method, *arguments).result()

    def close(self) -> None:
        self._process.shutdown()


def run_epochs(loaders: Sequence[InProcess], windows: Sequence[Window], rounds: int) -> dict[str, Epochs]:
    """Run the epochs of all loaders in turn. The first epoch of each is the warm-up and is not counted."""
    times: dict[str, Epochs] = {loader.name: [] for loader in loaders}
    try:
        for number in range(rounds + 1):
            say(f"  round {number} of {rounds}")
            for loader in loaders:
                touch(windows)
                epoch = loader.call("epoch")
                if number:
                    times[loader.name].append(epoch)
    finally:
        for loader in loaders:
            loader.close()
    return times


def compare_loaders(
    peers: Sequence[str], windows: Sequence[Window], threads: int, batch_size: int, rounds: int
) -> dict[str, Epochs]:
    """Compare kf.ClipLoader on all CPUs with each peer, with one worker and with one worker per CPU."""
    pattern = windows[0].pattern.name
    say(f"loaders, {pattern}")
    loaders = [InProcess("kinetics_fast", "kinetics_fast", windows, batch_size, threads)]
    for peer in peers:
        for workers in sorted({1, threads}):
            name = f"DataLoader, {peer}, {workers} workers"
            loaders.append(InProcess(name, "dataloader", windows, batch_size, workers, peer))
    times = run_epochs(loaders, windows, rounds)
    print(f"\n{pattern + ', ' + str(len(windows)) + ' samples':<40}{'samples/s':>12}{'first batch, ms':>18}")
    for name, epochs in times.items():
        rate = median(len(windows) / total for _, total in epochs)
        print(f"{name:<40}{rate:>12.2f}{median(first for first, _ in epochs) * 1e3:>18.0f}")
    ours, *others = times.values()
    if others:
        rate = median(min(o[n][1] for o in others) / ours[n][1] for n in range(rounds))
        first = median(min(o[n][0] for o in others) / ours[n][0] for n in range(rounds))
        print(
            f"{pattern}: {rate:.2f} times the rate of the fastest peer; first batch {first:.2f} times as soon"
        )
    return times


def measure_several_clips(
    windows: Sequence[Window], threads: int, batch_size: int, rounds: int
) -> dict[str, Epochs]:
    """Measure random clips anywhere in the videos: one, two and four per video."""
    pattern = windows[0].pattern.name
    say(f"several clips, {pattern}")
    counts = (1, 2, 4)
    loaders = [
        InProcess(f"{clips} clips", "kinetics_fast", windows, batch_size, threads, clips) for clips in counts
    ]
    times = run_epochs(loaders, windows, rounds)
    one, *several = times.values()
    for clips, epochs in zip((2, 4), several, strict=True):
        factor = median(clips * a[1] / b[1] for a, b in zip(one, epochs, strict=True))
        print(f"{pattern}: clips={clips} gives {factor:.2f} times the clips/s of clips=1")
    return times


def measure_behind_a_model(
    windows: Sequence[Window], threads: int, batch_size: int, rounds: int
) -> list[tuple[float, float]]:
    """Measure seconds per batch: of decode_clips, and of the loader if its consumer sleeps for as long."""
    pattern = windows[0].pattern.name
    say(f"behind a model, {pattern}")
    loader = InProcess("kinetics_fast", "kinetics_fast", windows, batch_size, threads, None, 3)
    times = []
    try:
        for _ in range(rounds):
            alone = loader.call("decode_alone")
            times.append((alone, loader.call("behind_a_model", alone)[0]))
    finally:
        loader.close()
    share = median(alone / behind for alone, behind in times)
    print(f"{pattern}: behind a model as slow as decoding, {share:.3f} of the rate of decode_clips")
    return times


def measure(windows: Sequence[Window], peers: Sequence[str], arguments: argparse.Namespace) -> dict[str, Any]:
    threads, batch_size, rounds = arguments.threads, arguments.batch_size, arguments.rounds
    return {
        "loaders": compare_loaders(peers, windows, threads, batch_size, rounds),
        "several clips": measure_several_clips(windows, threads, batch_size, rounds),
        "behind a model": measure_behind_a_model(windows, threads, batch_size, rounds),
    }


def draw(folder: Path, scratch: Path, copies: int) -> dict[Pattern, list[Window]]:
    """Copy the videos and draw the windows of each pattern for which some video is long enough."""
    rng = random.Random(SEED)
    videos = [copy_video(path, scratch, copies) for path in find_videos(folder, MAX_VIDEOS, rng)]
    drawn = {pattern: draw_windows(videos, pattern, rng, centre_box) for pattern in PATTERNS}
    return {p: drawn[p] for p in say_who_takes_part(drawn, len(videos), copies, folder)}


def main() -> None:
    arguments = parse_arguments()
    peers = working(arguments.peers, PACKAGE)
    with tempfile.TemporaryDirectory(prefix="kf-bench-") as scratch:
        work = draw(arguments.folder, Path(scratch), arguments.clips_per_video)
        results = {
            pattern.name: measure(windows, list(peers), arguments) for pattern, windows in work.items()
        }
    if arguments.json:
        write_report(arguments.json, vars(arguments), {"peers": dict(peers), "seconds": results})


if __name__ == "__main__":
    main()
