"""Measure clips per second at source size: kinetics_fast, the floor, and the other installed readers.

The time of a clip is from a path to uint8 RGB frames. It includes opening the file, finding the frames,
decoding, converting and closing. The floor (floor.cpp) is libavcodec alone on packets that are already in
memory, without conversion. Every competitor runs in its own process. All competitors read the same random
windows and take turns: A B C A B C. A rate is the median over the rounds. A share of the floor is the median
of the shares of the rounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from competitors import Competitor, Floor, Reader
from report import print_table, write_json
from runner import OURS, common_arguments, measure, prepared, say, working
from windows import Pattern

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PATTERNS = (Pattern(16, 8), Pattern(32, 2), Pattern(32, 1))
PACKAGE = "readers"


def competitors(floor: Path, peers: Sequence[str], threads: int) -> list[Competitor]:
    """List all competitors: on n CPUs the floor and kinetics_fast use n threads, a peer uses n processes."""
    everybody: list[Competitor] = [Floor(floor, threads), Reader(OURS, PACKAGE, threads=threads)]
    if threads > 1:
        everybody.append(Reader(OURS, PACKAGE, threads=threads, batches=True))
    return everybody + [Reader(peer, PACKAGE, processes=threads) for peer in peers]


def main() -> None:
    arguments = common_arguments(__doc__).parse_args()
    peers = working(arguments.peers, PACKAGE)
    results = {}
    with prepared(arguments, PATTERNS) as work:
        for threads in sorted({1, arguments.threads}):
            name = "one thread" if threads == 1 else f"{threads} CPUs"
            say(name)
            everybody = competitors(work.floor, list(peers), threads)
            results[name] = measure(everybody, work.windows, arguments.rounds)
            print_table(results[name], name, list(work.windows))
    if arguments.json:
        write_json(arguments.json, results, vars(arguments), peers)


if __name__ == "__main__":
    main()
