"""Measure the time and the memory to load and match annotations with the row counts of Kinetics-700-2020.

The benchmark makes the CSVs and one empty file per clip (no file is opened), flat, in class folders or as
{id}.mp4. Each split is loaded in its own process.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import string
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROWS = {"train": 545_793, "val": 34_256, "test": 67_858}
CLASSES = [f"doing thing {number:03d}, (well)" for number in range(700)]
LAYOUTS = ("flat", "classes", "bare")
ID_LETTERS = string.ascii_letters + string.digits + "-_"


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--layouts", nargs="*", default=LAYOUTS, choices=LAYOUTS)
    add("--splits", nargs="*", default=tuple(ROWS), choices=tuple(ROWS))
    add("--missing", type=float, default=0.05, help="share of clips without a file (%(default)s)")
    add("--folder", type=Path, help="where to make the files; a given folder is kept (a temporary folder)")
    add("--measure", nargs=2, metavar=("ROOT", "SPLIT"), help=argparse.SUPPRESS)
    return parser.parse_args()


def make_split(root: Path, layout: str, split: str, missing: float) -> None:
    rng = random.Random(split)
    folder = root / split
    folder.mkdir(parents=True)
    for name in CLASSES if layout == "classes" else ():
        (folder / name.replace(" ", "_")).mkdir()
    (root / "annotations").mkdir(exist_ok=True)
    with (root / "annotations" / f"{split}.csv").open("w") as table:
        table.write("label,youtube_id,time_start,time_end,split\n")
        for _ in range(ROWS[split]):
            youtube_id, start, label = (
                "".join(rng.choices(ID_LETTERS, k=11)),
                rng.randrange(600),
                rng.choice(CLASSES),
            )
            table.write(f'"{label}",{youtube_id},{start},{start + 10},{split}\n')
            name = youtube_id if layout == "bare" else f"{youtube_id}_{start:06d}_{start + 10:06d}"
            if rng.random() >= missing:
                place = folder / label.replace(" ", "_") if layout == "classes" else folder
                (place / f"{name}.mp4").touch()


def measure(root: Path, split: str) -> dict[str, Any]:
    """Load one split step by step, in the current process."""
    from kinetics_fast.datasets.annotations import find_annotations, read_annotations
    from kinetics_fast.datasets.files.listing import list_files
    from kinetics_fast.datasets.matching import match_clips

    clock = Clock()
    rows = read_annotations(find_annotations(root, "700-2020", split), "700-2020", split)
    load = clock.lap()
    files = list_files(root / split)
    walk = clock.lap()
    counts = match_clips(rows, files, split).counts()
    match = clock.lap()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {"rows": counts["rows"], "matched": counts["matched"], "peak_mb": peak}
    return {**found, "load": load, "walk": walk, "match": match}


class Clock:
    """Measures laps in wall time and in CPU time. CPU time does not grow on a busy machine."""

    def __init__(self) -> None:
        self._last = self._now()

    def lap(self) -> tuple[float, float]:
        now, last = self._now(), self._last
        self._last = now
        return now[0] - last[0], now[1] - last[1]

    @staticmethod
    def _now() -> tuple[float, float]:
        return time.perf_counter(), time.process_time()


def main() -> None:
    arguments = parse_arguments()
    if arguments.measure:
        root, split = arguments.measure
        print(json.dumps(measure(Path(root), split)))
        return
    folder = arguments.folder or Path(tempfile.mkdtemp())
    print("layout   split      rows   matched   load s (CPU)   walk s (CPU)  match s (CPU)  peak MB")
    for layout in arguments.layouts:
        for split in arguments.splits:
            root = folder / layout
            if not (root / split).exists():
                make_split(root, layout, split, arguments.missing)
            command = [sys.executable, __file__, "--measure", root, split]
            found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
            laps = "  ".join("{:6.2f} ({:5.2f})".format(*found[lap]) for lap in ("load", "walk", "match"))
            counts = f"{found['rows']:>8,} {found['matched']:>9,}"
            print(f"{layout:<8} {split:<6} {counts}  {laps}  {found['peak_mb']:7.0f}")
        if not arguments.folder:
            shutil.rmtree(folder / layout)


if __name__ == "__main__":
    main()
