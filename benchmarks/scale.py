"""Compute the tables of docs/scale.md from measured figures.

    python benchmarks/scale.py            # print the tables
    python benchmarks/scale.py --write    # put them into docs/scale.md

To use other figures, such as those of your own machines and files, change `MEASURED`.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "scale.md"
SAMPLES = "`benchmarks/bench_samples.py FOLDER --rounds 5 --skip-views`, divided by its 2 CPUs"
BYTES = "`benchmarks/bench_bytes.py FOLDER`"
CALLER = "`benchmarks/bench_caller.py VIDEO`"
RAY = "Ray's own release test of 10,000 tasks on 2,500 CPUs, in its repository: release/release_logs/2.20.0"


@dataclass(frozen=True)
class Figure:
    """A figure that the tables are computed from."""

    what: str
    value: float
    unit: str
    source: str


MEASURED = {
    "raw 16x8": Figure("samples of 16x8 from originals", 38.9 / 2, "per core second", SAMPLES),
    "raw 32x2": Figure("samples of 32x2 from originals", 42.2 / 2, "per core second", SAMPLES),
    "prepared 16x8": Figure("samples of 16x8 from prepared files", 208 / 2, "per core second", SAMPLES),
    "prepared 32x2": Figure("samples of 32x2 from prepared files", 182 / 2, "per core second", SAMPLES),
    "raw 16x8 bytes": Figure("bytes read for a sample of 16x8, originals", 0.578, "MB", BYTES),
    "raw 32x2 bytes": Figure("bytes read for a sample of 32x2, originals", 0.479, "MB", BYTES),
    "prepared 16x8 bytes": Figure("bytes read for a sample of 16x8, prepared", 0.436, "MB", BYTES),
    "prepared 32x2 bytes": Figure("bytes read for a sample of 32x2, prepared", 0.282, "MB", BYTES),
    "raw file": Figure("size of an original", 0.806, "MB", BYTES),
    "prepared file": Figure("size of a prepared file", 0.856, "MB", BYTES),
    "scan": Figure("files scanned", 810, "per core second", "`benchmarks/bench_scan.py FOLDER`"),
    "prepare": Figure("clips prepared", 0.6, "per core second", "[Preparing](prepare.md#what-it-costs)"),
    "index": Figure("size of the index", 1140, "bytes per clip", "`benchmarks/bench_index.py VIDEO...`"),
    "row": Figure("time of the caller per scanned file", 0.022, "ms", CALLER),
    "row bytes": Figure("memory of the caller per scanned file", 2200, "bytes", CALLER),
    "line": Figure("time of the caller per prepared clip", 0.03, "ms", CALLER),
    "synced line": Figure("the same with shards, each on the disk", 4.6, "ms", CALLER),
    "batch": Figure("time of the caller per batch of `read_clips`", 1.1, "ms", CALLER),
    "tasks": Figure("tasks that Ray starts from one caller", 582, "per second", RAY),
}
CLIPS = {"Kinetics-400": 246_245, "Kinetics-700-2020": 545_793}  # of train, as published
SETS = {"650 thousand": 650_000, "65 million": 65_000_000}
CORES_PER_NODE = 32
NODES = (10, 100)
FILES_PER_TASK = 20
BATCH = 64
GPU_RATES = (8, 18, 50, 100, 200, 400)  # clips per second of one GPU while it trains
PATTERNS = ("16x8", "32x2")
Table = list[list[str]]


def of(name: str) -> float:
    return MEASURED[name].value


def inputs() -> Table:
    rows = [[figure.what, f"{figure.value:g} {figure.unit}", figure.source] for figure in MEASURED.values()]
    return [["figure", "value", "from"], *rows]


def epochs() -> Table:
    """Core hours and bytes of an epoch."""
    table = [["data set", "samples", "originals", "prepared", "read from originals", "from prepared"]]
    for name, clips in CLIPS.items():
        for pattern in PATTERNS:
            hours = [clips / of(f"{kind} {pattern}") / 3600 for kind in ("raw", "prepared")]
            sizes = [clips * of(f"{kind} {pattern} bytes") / 1000 for kind in ("raw", "prepared")]
            costs = [*(f"{each:.2f} core hours" for each in hours), *(f"{each:.0f} GB" for each in sizes)]
            table.append([f"{name}, {clips:,} clips", pattern, *costs])
    return table


def once() -> Table:
    """Cost of what is done once per data set, and after how many epochs it has paid for itself."""
    table = [["data set", "scan", "prepare", "pays after, 16x8", "pays after, 32x2"]]
    for name, clips in CLIPS.items():
        hours = clips / of("prepare") / 3600
        gains = [clips * (1 / of(f"raw {each}") - 1 / of(f"prepared {each}")) / 3600 for each in PATTERNS]
        table.append(
            [
                name,
                f"{clips / of('scan') / 60:.0f} core minutes",
                f"{hours:.0f} core hours",
                *(f"{math.ceil(hours / gain)} epochs" for gain in gains),
            ]
        )
    return table


def cores_per_gpu() -> Table:
    """Cores that feed one GPU, and MB per second from the storage."""
    kinds = [(kind, pattern) for pattern in PATTERNS for kind in ("raw", "prepared")]
    heads = [f"{pattern}, {'originals' if kind == 'raw' else kind}" for kind, pattern in kinds]
    table = [["clips per second and GPU", *heads]]
    for rate in GPU_RATES:
        cells = [
            f"{rate / of(f'{kind} {pattern}'):.1f} cores, {rate * of(f'{kind} {pattern} bytes'):.0f} MB/s"
            for kind, pattern in kinds
        ]
        table.append([str(rate), *cells])
    return table


def cluster() -> Table:
    """Time of each job on clusters of two sizes, what limits it, and what the storage must give meanwhile."""
    table = [["clips", "nodes", "job", "time", "limited by", "storage reads and writes"]]
    for name, clips in SETS.items():
        for nodes in NODES:
            for job, moved, limits in jobs(clips, nodes * CORES_PER_NODE):
                limit, seconds = max(limits.items(), key=lambda item: item[1])
                pace = f"{moved * clips / seconds / 1000:.1f} GB/s"
                table.append([name, str(nodes), job, duration(seconds), limit, pace])
    return table


def jobs(clips: int, cores: int) -> list[tuple[str, float, dict[str, float]]]:
    """Return name, MB moved per clip, and the seconds that each limit allows no less than."""
    tasks = clips / FILES_PER_TASK / of("tasks")
    batches = clips / BATCH
    reading = {"Ray's tasks": batches / of("tasks"), "the caller": batches * of("batch") / 1e3}
    read = [
        (
            f"read all, 16x8, {words}",
            of(f"{kind} 16x8 bytes"),
            {"cores": clips / of(f"{kind} 16x8") / cores, **reading},
        )
        for kind, words in (("raw", "originals"), ("prepared", "prepared"))
    ]
    return [
        (
            "scan",
            of("raw file"),
            {
                "cores": clips / of("scan") / cores,
                "Ray's tasks": tasks,
                "the caller": clips * of("row") / 1e3,
            },
        ),
        (
            "prepare",
            of("raw file") + of("prepared file"),
            {
                "cores": clips / of("prepare") / cores,
                "Ray's tasks": tasks,
                "the caller": clips * of("line") / 1e3,
            },
        ),
        (
            "prepare into shards",
            of("raw file") + 2 * of("prepared file"),
            {
                "cores": clips / of("prepare") / cores,
                "Ray's tasks": tasks,
                "the caller": clips * of("synced line") / 1e3,
            },
        ),
        *read,
    ]


def callers() -> Table:
    """Sizes of what one caller writes and keeps."""
    table = [["clips", "index", "memory of a caller that scans"]]
    for name, clips in SETS.items():
        sizes = [f"{clips * of(each) / 1e9:.1f} GB" for each in ("index", "row bytes")]
        table.append([name, *sizes])
    return table


def duration(seconds: float) -> str:
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} seconds"


TABLES = {
    "inputs": inputs,
    "epochs": epochs,
    "once": once,
    "cores": cores_per_gpu,
    "cluster": cluster,
    "callers": callers,
}


def as_text(table: Table) -> str:
    head, *rows = table
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows))


def with_tables(page: str) -> str:
    """Return a page with its tables made again. Each is between two comments with its name."""
    for name, make in TABLES.items():
        mark = f"<!-- {name} -->"
        before, *table, after = page.split(f"{mark}\n")
        if len(table) != 1:
            raise ValueError(f"the page must have the table {name} between two lines {mark}")
        page = f"{before}{mark}\n{as_text(make())}\n{mark}\n{after}"
    return page


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="put the tables into docs/scale.md")
    if parser.parse_args().write:
        PAGE.write_text(with_tables(PAGE.read_text()))
        return
    for name, make in TABLES.items():
        print(f"{name}\n{as_text(make())}\n")


if __name__ == "__main__":
    main()
