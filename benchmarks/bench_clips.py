"""Clips per second at source size: kinetics_fast, the floor under it, and the other readers installed.

A clip is timed from a path to uint8 RGB frames: opening the file, finding its frames, decoding, converting
and closing. The floor (floor.cpp) is libavcodec alone on packets that are already in memory, without
conversion. Every competitor is its own process, all read the same random windows, and they take turns:
A B C A B C. A rate is the median over the rounds; a share of the floor is the median of the rounds' shares.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from competitors import Competitor, Floor, Reader, probe
from report import Result, differences, print_table, write_json
from windows import Pattern, Video, Window, copy_video, draw_windows, find_videos, touch

import kinetics_fast as kf

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
PATTERNS = (Pattern(16, 8), Pattern(32, 2), Pattern(32, 1))
OURS = "kinetics_fast"
PEERS = ("decord", "torchcodec", "pyav", "opencv")
MAX_VIDEOS = 32
WARM_UP_CLIPS = 4
SEED = 20260101


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    cpus = len(os.sched_getaffinity(0))
    add("folder", type=Path, help="H.264 videos in MP4 or Matroska, searched recursively")
    add("--rounds", type=int, default=5, help="turns of every competitor (%(default)s)")
    add("--clips-per-video", type=int, default=8, help="windows of every video (%(default)s)")
    add("--threads", type=int, default=cpus, help="how many CPUs are all CPUs (%(default)s)")
    add("--peers", nargs="*", default=PEERS, choices=PEERS, help="readers to compare with (all that work)")
    add("--floor", type=Path, help="the kf_floor program (the newest under build/)")
    add("--json", type=Path, help="also write every measurement to this file")
    return parser.parse_args()


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def find_floor(program: Path | None) -> Path:
    """Take the given program, or the newest one that a build of this tree made."""
    built = sorted(ROOT.glob("build/**/kf_floor"), key=lambda path: path.stat().st_mtime)
    if program is None and not built:
        raise SystemExit("kf_floor is not built: run ./dev bench, or name the program with --floor")
    return program or built[-1]


def working(peers: Sequence[str]) -> dict[str, str]:
    """Map the peers that work here to their versions."""
    probed = {peer: probe(peer) for peer in peers}
    for peer, (reason, works) in probed.items():
        if not works:
            say(f"left out: {peer}: {reason}")
    return {peer: version for peer, (version, works) in probed.items() if works}


def copy_if_readable(path: Path, target: Path, copies: int, floor: Floor) -> Video | None:
    """Copy a video that takes part: one that we and the floor can read."""
    try:
        video = copy_video(path, target, copies)
        floor.seconds([Window(video.copies[0], video.size, 0, Pattern(1, 1))])
    except (kf.Error, ValueError) as error:
        say(f"left out: {error}")
        return None
    return video


def competitors(floor: Path, peers: Sequence[str], threads: int) -> list[Competitor]:
    """List everybody: on several CPUs the floor and we use threads, the peers a process for each."""
    everybody: list[Competitor] = [Floor(floor, threads), Reader(OURS, threads=threads)]
    if threads > 1:
        everybody.append(Reader(OURS, threads=threads, batches=True))
    return everybody + [Reader(peer, processes=threads) for peer in peers]


def measure(everybody: Sequence[Competitor], work: dict[Pattern, list[Window]], rounds: int) -> list[Result]:
    """Warm up and compare the frames of a few clips, then take turns."""
    first_windows = next(iter(work.values()))[:WARM_UP_CLIPS]
    frames = {competitor.name: competitor.warm_up(first_windows) for competitor in everybody}
    result = {name: Result(name, difference) for name, difference in differences(frames, OURS).items()}
    for pattern, windows in work.items():
        for number in range(rounds):
            say(f"  {pattern.name}, round {number + 1} of {rounds}")
            for competitor in everybody:
                touch(windows)
                rate = len(windows) / competitor.seconds(windows)
                result[competitor.name].rates.setdefault(pattern.name, []).append(rate)
    return list(result.values())


def main() -> None:
    arguments = parse_arguments()
    rng = random.Random(SEED)
    floor = find_floor(arguments.floor)
    peers = working(arguments.peers)
    with tempfile.TemporaryDirectory(prefix="kf-bench-") as scratch:
        paths = find_videos(arguments.folder, MAX_VIDEOS, rng)
        copies = arguments.clips_per_video
        copied = [copy_if_readable(path, Path(scratch), copies, Floor(floor, 1)) for path in paths]
        videos = [video for video in copied if video]
        work = {pattern: draw_windows(videos, pattern, rng) for pattern in PATTERNS}
        for pattern, windows in work.items():
            used = len(windows) // copies
            print(f"{pattern.name}: {len(windows)} clips of {used} videos; {len(videos) - used} too short")
        work = {pattern: windows for pattern, windows in work.items() if windows}
        if not work:
            raise SystemExit(f"no video in {arguments.folder} is long enough")

        results = {}
        for threads in sorted({1, arguments.threads}):
            say("one thread" if threads == 1 else f"{threads} CPUs")
            everybody = competitors(floor, list(peers), threads)
            try:
                results[threads] = measure(everybody, work, arguments.rounds)
            finally:
                for competitor in everybody:
                    competitor.close()
            print_table(results[threads], threads, list(work))
    if arguments.json:
        write_json(arguments.json, results, vars(arguments), peers)


if __name__ == "__main__":
    main()
