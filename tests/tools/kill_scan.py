"""Kills a scan again and again, and compares the result with a scan that was not killed.

    PYTHONPATH=tests python -m tools.kill_scan [KILLS [SEED]]

A round starts without an index, kills the scan by SIGKILL at a random moment, checks the files on disk and
starts the scan again, until one scan completes. After eight kills, the next scan is not killed. Rounds
follow until KILLS kills have hit a scan.
"""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from kinetics_fast.dataset_index.arrow_file import map_table
from kinetics_fast.dataset_index.reader import IndexFile
from kinetics_fast.dataset_index.schema import DEFAULT_NAME
from support import scanned

FILES, BATCH = 120, 4
MOST_KILLS = 8  # in a round
SCAN = f"""
import sys, time
from pathlib import Path
from kinetics_fast.scan import scanner
from kinetics_fast.scan.targets import targets_of_folder
scanner.FILES_PER_BATCH = {BATCH}
root = Path(sys.argv[1])
targets = targets_of_folder(root)
print("begun", flush=True)
begin = time.monotonic()
result = scanner.scan(root, targets, root / "{DEFAULT_NAME}")
print(result.read, time.monotonic() - begin)
"""


@dataclass
class Done:
    """A scan that was not killed: the number of files that it read, and its seconds."""

    read: int
    seconds: float


@dataclass
class Outcome:
    """The result of a round: kills that hit, and files that the last scan had to read."""

    kills: int
    read_at_last: int


def make_files(root: Path) -> None:
    """Make many small files of every kind."""
    kinds = list(scanned.contents().values())
    for number in range(FILES):
        path = root / f"class {number % 7}" / f"{number:011d}_000000_000010.mp4"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(kinds[number % len(kinds)])


def run_round(root: Path, expected: pa.Table, seconds: float, rng: random.Random) -> Outcome:
    """Kill scans until one scan completes, and compare its result."""
    (root / DEFAULT_NAME).unlink(missing_ok=True)
    shutil.rmtree(root / f"{DEFAULT_NAME}.parts", ignore_errors=True)
    kept: set[str] = set()
    kills = 0
    # A scan that has nothing left to read takes some time, too: without a bound, a round may take minutes.
    while (done := _scan(root, rng.uniform(0, seconds) if kills < MOST_KILLS else None)) is None:
        kills += 1
        kept_now = _files_in_parts(root)
        if (root / DEFAULT_NAME).exists():  # the scan was killed after it had completed
            whole = IndexFile(root / DEFAULT_NAME).table
            assert whole.equals(expected)
            kept_now.update(whole.column("path").to_pylist())
        assert kept <= kept_now, f"{len(kept - kept_now)} files were lost"
        kept = kept_now
    assert done.read <= FILES - len(kept), "files were read twice"
    assert IndexFile(root / DEFAULT_NAME).table.equals(expected)
    assert not list(root.glob("*.unfinished"))
    assert not (root / f"{DEFAULT_NAME}.parts").exists()
    return Outcome(kills, done.read)


def _scan(root: Path, limit: float | None) -> Done | None:
    """Run a scan and kill it after `limit` seconds; return None if it was killed."""
    command = [sys.executable, "-c", SCAN, str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()  # the imports and the listing are done; only the scan is to be killed
        if limit is not None:
            time.sleep(limit)
            process.send_signal(signal.SIGKILL)
        words = process.stdout.read()
    if process.returncode == -signal.SIGKILL:
        return None
    assert process.returncode == 0
    read, seconds = words.split()
    return Done(int(read), float(seconds))


def _files_in_parts(root: Path) -> set[str]:
    """Read every part on disk; each part must be complete."""
    parts = sorted((root / f"{DEFAULT_NAME}.parts").glob("part-*.arrow"))
    return {path for part in parts for path in map_table(part).column("path").to_pylist()}


def prepare(root: Path) -> tuple[pa.Table, float]:
    """Make the files, scan them without a kill, and return the table and the seconds of the scan."""
    make_files(root)
    done = _scan(root, None)
    assert done is not None
    assert done.read == FILES
    return IndexFile(root / DEFAULT_NAME).table, done.seconds


def kill(root: Path, kills: int, seed: int = 1) -> list[Outcome]:
    """Run rounds in an empty folder until that number of kills has hit."""
    expected, seconds = prepare(root)
    rng = random.Random(seed)
    rounds: list[Outcome] = []
    while sum(outcome.kills for outcome in rounds) < kills:
        rounds.append(run_round(root, expected, seconds, rng))
    return rounds


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for outcome in kill(Path(folder), *map(int, sys.argv[1:] or ("20",))):
            print(outcome)
