"""Clips per second at source size: kinetics_fast, the floor under it, and the other readers installed.

A clip is timed from a path to uint8 RGB frames: opening the file, finding its frames, decoding, converting
and closing. The floor (floor.cpp) is libavcodec alone on packets that are already in memory, without
conversion. Every competitor is its own process, all read the same random windows, and they take turns:
A B C A B C. A rate is the median over the rounds; a share of the floor is the median of the rounds' shares.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from competitors import Competitor, Floor, Reader
from report import print_table, write_json
from runner import (
    MAX_VIDEOS,
    OURS,
    SEED,
    common_arguments,
    copy_readable,
    find_program,
    measure,
    say,
    say_who_takes_part,
    working,
)
from windows import Pattern, draw_windows, find_videos

if TYPE_CHECKING:
    from collections.abc import Sequence

PATTERNS = (Pattern(16, 8), Pattern(32, 2), Pattern(32, 1))
PACKAGE = "readers"


def competitors(floor: Path, peers: Sequence[str], threads: int) -> list[Competitor]:
    """List everybody: on several CPUs the floor and we use threads, the peers a process for each."""
    everybody: list[Competitor] = [Floor(floor, threads), Reader(OURS, PACKAGE, threads=threads)]
    if threads > 1:
        everybody.append(Reader(OURS, PACKAGE, threads=threads, batches=True))
    return everybody + [Reader(peer, PACKAGE, processes=threads) for peer in peers]


def main() -> None:
    arguments = common_arguments(__doc__).parse_args()
    rng = random.Random(SEED)
    floor = find_program("kf_floor", arguments.floor)
    peers = working(arguments.peers, PACKAGE)
    with tempfile.TemporaryDirectory(prefix="kf-bench-") as scratch:
        paths = find_videos(arguments.folder, MAX_VIDEOS, rng)
        copies = arguments.clips_per_video
        videos = list(copy_readable(paths, Path(scratch), copies, Floor(floor, 1)))
        drawn = {pattern: draw_windows(videos, pattern, rng) for pattern in PATTERNS}
        patterns = say_who_takes_part(drawn, len(videos), copies, arguments.folder)
        work = {pattern: drawn[pattern] for pattern in patterns}

        results = {}
        for threads in sorted({1, arguments.threads}):
            name = "one thread" if threads == 1 else f"{threads} CPUs"
            say(name)
            results[name] = measure(competitors(floor, list(peers), threads), work, arguments.rounds)
            print_table(results[name], name, patterns)
    if arguments.json:
        write_json(arguments.json, results, vars(arguments), peers)


if __name__ == "__main__":
    main()
