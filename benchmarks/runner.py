"""Shared by the benchmarks of clips: the arguments, the choice of competitors, and the turns."""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from competitors import Floor, probe
from report import Result, differences
from windows import Pattern, Video, Window, copy_video, draw_windows, find_videos, touch

import kinetics_fast as kf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from competitors import Competitor
    from windows import Box, Work

ROOT = Path(__file__).resolve().parent.parent
OURS = "kinetics_fast"
PEERS = ("decord", "torchcodec", "pyav", "opencv")
MAX_VIDEOS = 32
WARM_UP_CLIPS = 4
SEED = 20260101


def common_arguments(description: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    cpus = len(os.sched_getaffinity(0))
    add("folder", type=Path, help="H.264 videos in MP4 or Matroska, searched recursively")
    add("--rounds", type=int, default=5, help="turns per competitor (%(default)s)")
    add("--clips-per-video", type=int, default=8, help="windows per video (%(default)s)")
    add("--threads", type=int, default=cpus, help="number of CPUs in the runs on all CPUs (%(default)s)")
    add("--peers", nargs="*", default=PEERS, choices=PEERS, help="readers to compare with (all that work)")
    add("--floor", type=Path, help="path of the kf_floor program (the newest under build/)")
    add("--json", type=Path, help="also write every measurement to this file")
    return parser


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def find_program(name: str, program: Path | None) -> Path:
    """Give the given program, or else the newest program of this name in the build folder."""
    built = sorted(ROOT.glob(f"build/**/{name}"), key=lambda path: path.stat().st_mtime)
    if program is None and not built:
        raise SystemExit(f"{name} is not built: run ./dev bench, or pass the path of the program")
    return program or built[-1]


def working(peers: Sequence[str], package: str) -> dict[str, str]:
    """Map the peers that can be imported to their versions."""
    probed = {peer: probe(f"{package}.{peer}") for peer in peers}
    for peer, (reason, works) in probed.items():
        if not works:
            say(f"left out: {peer}: {reason}")
    return {peer: version for peer, (version, works) in probed.items() if works}


@dataclass
class Prepared:
    """The input of all competitors: a folder with copies of the videos, and the windows that were drawn."""

    floor: Path
    folder: Path
    videos: list[Video]
    windows: dict[Pattern, list[Window]]


@contextmanager
def prepared(
    arguments: argparse.Namespace,
    patterns: Iterable[Pattern],
    crop: Callable[[int, int], Box] | None = None,
    folder: Path | None = None,
) -> Iterator[Prepared]:
    """Copy the videos that we and the floor can read, and draw windows. Delete the copies at the end.

    ``folder`` takes the place of the folder of the arguments. Videos of equal names and lengths get the same
    windows in every folder.
    """
    rng = random.Random(SEED)
    floor = find_program("kf_floor", arguments.floor)
    copies = arguments.clips_per_video
    folder = folder or arguments.folder
    with tempfile.TemporaryDirectory(prefix="kf-bench-") as scratch:
        paths = find_videos(folder, MAX_VIDEOS, rng)
        videos = list(copy_readable(paths, Path(scratch), copies, Floor(floor, 1)))
        drawn = {pattern: draw_windows(videos, pattern, rng, crop) for pattern in patterns}
        used = say_who_takes_part(drawn, len(videos), copies, folder)
        yield Prepared(floor, Path(scratch), videos, {pattern: drawn[pattern] for pattern in used})


def copy_readable(paths: Iterable[Path], target: Path, copies: int, floor: Floor) -> Iterator[Video]:
    """Copy the videos that kinetics_fast and the floor can read. Only these take part."""
    for path in paths:
        video = copy_if_readable(path, target, copies, floor)
        if video:
            yield video


def copy_if_readable(path: Path, target: Path, copies: int, floor: Floor) -> Video | None:
    try:
        video = copy_video(path, target, copies)
        floor.seconds([Window(video.copies[0], video.size, 0, Pattern(1, 1))])
    except (kf.Error, ValueError) as error:
        say(f"left out: {error}")
        return None
    return video


def say_who_takes_part(
    work: Mapping[Pattern, Sequence[Window]], videos: int, copies: int, folder: Path
) -> list[Pattern]:
    """Print the number of clips of each pattern. Give the patterns that have clips."""
    for pattern, windows in work.items():
        used = len(windows) // copies
        print(f"{pattern.name}: {len(windows)} clips of {used} videos; {videos - used} too short")
    patterns = [pattern for pattern, windows in work.items() if windows]
    if not patterns:
        raise SystemExit(f"no video in {folder} is long enough for a clip")
    return patterns


def measure(
    everybody: Sequence[Competitor],
    work: Mapping[Pattern, Sequence[Work]],
    rounds: int,
    *,
    warm_up: int = WARM_UP_CLIPS,
    levels: float = 1.0,
) -> list[Result]:
    """Measure the competitors on the windows of one folder; see `measure_folders`."""
    return measure_folders(everybody, {"": work}, rounds, warm_up=warm_up, levels=levels)[""]


def measure_folders(
    everybody: Sequence[Competitor],
    folders: Mapping[str, Mapping[Pattern, Sequence[Work]]],
    rounds: int,
    *,
    warm_up: int = WARM_UP_CLIPS,
    levels: float = 1.0,
) -> dict[str, list[Result]]:
    """Warm up, compare the pixels of a few clips, then take turns. All processes are ended.

    In each round every competitor reads the windows of every folder. ``levels`` is the number of grey levels
    that a difference of one in the pixels stands for.
    """
    try:
        results = {
            folder: compare_pixels(everybody, work, warm_up, levels) for folder, work in folders.items()
        }
        patterns = dict.fromkeys(pattern for work in folders.values() for pattern in work)
        for pattern in patterns:
            for number in range(rounds):
                say(f"  {pattern.name}, round {number + 1} of {rounds}")
                for folder, work in folders.items():
                    for competitor, result in zip(everybody, results[folder], strict=True):
                        windows = work.get(pattern, ())
                        touch(windows)
                        if windows:
                            rate = len(windows) / competitor.seconds(windows)
                            result.rates.setdefault(pattern.name, []).append(rate)
        return results
    finally:
        for competitor in everybody:
            competitor.close()


def compare_pixels(
    everybody: Sequence[Competitor],
    work: Mapping[Pattern, Sequence[Work]],
    warm_up: int,
    levels: float,
) -> list[Result]:
    """Let everybody read a few clips outside the clock. The results have no rates yet."""
    first = next(iter(work.values()))[:warm_up]
    frames = {competitor.name: competitor.warm_up(first) for competitor in everybody}
    distance = differences(frames, OURS, levels)
    return [Result(competitor.name, distance[competitor.name]) for competitor in everybody]
