"""Measure training samples per second: kinetics_fast, the floor, and the best pipelines with other readers.

The time of a sample is from a path to float32 (3, T, 224, 224): the short side is scaled to 256, the middle
224 x 224 is cropped, and the values are normalised. The method is that of bench_clips.py. With --prepared,
the same windows of the same clips, as kinetics-fast prepare has stored them, are read in the same rounds.
The rows "kinetics_fast_index" read with the frame indices that a scan of the copies saved; all other rows
build the index of every file anew.
Then the time of our samples is divided into its stages (stages.py). Then ten clips by three crops of one
video are measured on one thread: kinetics_fast in one call, peers that decode once and cut all views out of
the frames, and peers that are called once per view.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from competitors import Competitor, Floor, OnceAView, Reader
from report import print_factors, print_table, write_json
from runner import OURS, common_arguments, measure, measure_folders, prepared, say, working
from samples import SHORT_SIDE, SIZE, STD
from stages import print_stages
from windows import MultiView, Pattern

import kinetics_fast as kf
from kinetics_fast.dataset_index.schema import DEFAULT_NAME
from kinetics_fast.scan.scanner import scan
from kinetics_fast.scan.targets import targets_of_folder

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from report import Result
    from windows import Box, Video, Window

PATTERNS = (Pattern(16, 8), Pattern(32, 2))
VIEW_PATTERN = Pattern(16, 8)
VIEW_CLIPS = 10
VIEW_VIDEOS = 4
PEERS_THAT_DECODE_ONCE = ("decord", "torchcodec", "opencv")
PACKAGE = "samples"
WITH_INDEX = "kinetics_fast_index"
ORIGINALS, PREPARED = "as they are", "prepared"
GREY_LEVELS = 255 * STD[0]


def parse_arguments() -> argparse.Namespace:
    parser = common_arguments(__doc__)
    add = parser.add_argument
    add("--prepared", type=Path, help="the same videos, as kinetics-fast prepare has stored them")
    add("--skip-views", action="store_true", help="do not measure ten clips by three crops")
    return parser.parse_args()


def centre_box(width: int, height: int) -> Box:
    x, y, box_width, box_height = kf.CenterCrop(SIZE, short_side=SHORT_SIDE)(width, height)[0].tolist()
    return x, y, box_width, box_height


def three_boxes(width: int, height: int) -> tuple[Box, ...]:
    boxes = kf.ThreeCrop(SIZE, short_side=SHORT_SIDE)(width, height)
    return tuple((x, y, box_width, box_height) for x, y, box_width, box_height in boxes.tolist())


def multi_views(videos: Sequence[Video]) -> list[MultiView]:
    """Make ten clips, from the start to the end, of one copy of each of the first few videos."""
    long_enough = [video for video in videos if video.frames >= VIEW_PATTERN.span][:VIEW_VIDEOS]
    result = []
    for video in long_enough:
        last = video.frames - VIEW_PATTERN.span
        starts = tuple(last * clip // (VIEW_CLIPS - 1) for clip in range(VIEW_CLIPS))
        boxes = three_boxes(*video.size)
        result.append(MultiView(video.copies[0], video.size, starts, VIEW_PATTERN, boxes))
    return result


def index_copies(folder: Path) -> None:
    """Scan the copies. Their modification times do not belong to the saved frame indices."""
    scan(folder, targets_of_folder(folder), folder / DEFAULT_NAME)


def compare_samples(
    floor: Path,
    peers: Sequence[str],
    threads: int,
    folders: Mapping[str, Mapping[Pattern, list[Window]]],
    rounds: int,
) -> dict[str, list[Result]]:
    """Compare single samples: on n CPUs kinetics_fast uses n threads, a peer n processes."""
    cpus = "one thread" if threads == 1 else f"{threads} CPUs"
    say(cpus)
    calls = (False, True) if threads > 1 else (False,)
    ours = [
        Reader(name, PACKAGE, threads=threads, batches=batches)
        for name in (OURS, WITH_INDEX)
        for batches in calls
    ]
    others = [Reader(peer, PACKAGE, processes=threads) for peer in peers]
    everybody: list[Competitor] = [Floor(floor, threads), *ours, *others]
    results = measure_folders(everybody, folders, rounds, levels=GREY_LEVELS)
    first_other = 1 + len(ours)
    originals = results[ORIGINALS][first_other:]
    for folder, measured in results.items():
        patterns = list(folders[folder])
        print_table(measured, f"{cpus}, {folder}", patterns, "samples/s (share of the floor)")
        for own in measured[1:first_other]:
            print_factors(own, measured[first_other:], patterns)
            if folder == PREPARED:
                print_factors(own, originals, patterns, " on the originals")
    return {f"{folder}, {threads} CPUs": measured for folder, measured in results.items()}


def compare_views(peers: Sequence[str], videos: list[MultiView], rounds: int) -> list[Result]:
    """Compare the time of all views of a video on one thread."""
    say(f"{VIEW_CLIPS} clips by {len(videos[0].boxes)} crops")
    once = [Reader(peer, PACKAGE, function="read_views") for peer in peers if peer in PEERS_THAT_DECODE_ONCE]
    each = [OnceAView(peer, PACKAGE) for peer in peers]
    everybody: list[Competitor] = [Reader(OURS, PACKAGE, function="read_views"), *once, *each]
    patterns = [VIEW_PATTERN]
    results = measure(everybody, {VIEW_PATTERN: videos}, rounds, warm_up=1, levels=GREY_LEVELS)
    print_table(results, f"{VIEW_CLIPS} clips by 3 crops", patterns, "videos/s (vs ours)")
    print_factors(results[0], results[1 : 1 + len(once)], patterns)
    print_factors(results[0], results[1 + len(once) :], patterns)
    return results


def main() -> None:
    arguments = parse_arguments()
    peers = working(arguments.peers, PACKAGE)
    results: dict[str, list[Result]] = {}
    with ExitStack() as stack:
        work = stack.enter_context(prepared(arguments, PATTERNS, centre_box))
        folders = {ORIGINALS: work.windows}
        if arguments.prepared:
            other = stack.enter_context(prepared(arguments, PATTERNS, centre_box, arguments.prepared))
            folders[PREPARED] = other.windows
            index_copies(other.folder)
        index_copies(work.folder)
        for threads in sorted({1, arguments.threads}):
            results |= compare_samples(work.floor, list(peers), threads, folders, arguments.rounds)
        print_stages(folders)
        views = [] if arguments.skip_views else multi_views(work.videos)
        if views:
            results["views, 1 CPU"] = compare_views(list(peers), views, arguments.rounds)
    if arguments.json:
        write_json(arguments.json, results, vars(arguments), peers)


if __name__ == "__main__":
    main()
