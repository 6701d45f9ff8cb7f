"""Loads and scans good files many times while memory, file descriptors or threads run out.

    PYTHONPATH=tests python -m tools.scarce {memory,descriptors,threads} RUNS

Each run is a forked process with a limit of its own, from far too low to sufficient. The program prints as
JSON how many loads and scans were `complete`, how many were `scarce` (they ended with a `kf.ResourceError`
or a MemoryError), and what else happened. Limits on threads bind no root: a run gives up its user then.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path

import kinetics_fast as kf
from kinetics_fast.dataset_index.reader import IndexFile
from kinetics_fast.scan.parts import Parts
from kinetics_fast.scan.scanner import scan
from kinetics_fast.scan.targets import targets_of_folder
from videos import media

NAMES = ("faststart.mp4", "short_gop.mkv", "mpeg4.avi", "h264.ts", "hevc.mkv", "av1.mp4")
LIMIT = 60  # seconds of a run, after which it hangs
USER = 54321
EXIT = {"complete": 0, "scarce": 10, "bad": 20, "other": 30}


def limit_memory(run: int, runs: int) -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * os.sysconf("SC_PAGE_SIZE") + (900 << 20) * run // runs
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def limit_descriptors(run: int, runs: int) -> None:
    free = 12 * run // runs
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    held = []
    try:
        while True:
            held.append(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        for descriptor in held[len(held) - free :]:
            os.close(descriptor)


def limit_threads(run: int, runs: int) -> None:
    if os.getuid() == 0:
        os.setgroups([])
        os.setresuid(USER, USER, USER)
    most = 1 + 16 * run // runs
    resource.setrlimit(resource.RLIMIT_NPROC, (most, resource.getrlimit(resource.RLIMIT_NPROC)[1]))


def load() -> bool:
    """Return whether an epoch found no bad file."""
    loader = kf.ClipLoader(
        [(name, 0) for name in NAMES] * 3,
        kf.RandomClips(4, stride=2),
        kf.CenterCrop(48),
        batch_size=4,
        on_error="replace",
        threads=4,
    )
    good = all((batch.status == kf.FrameStatus.OK).all() and not batch.errors for batch in loader)
    return good and not loader.stats.failures


def scan_all() -> bool:
    """Return whether a scan found no bad file. What a scan that stops has saved may name none either."""
    index = Path("index.arrow")
    statuses: Counter[str] = Counter()
    try:
        scan(Path(), targets_of_folder(Path()), index, decode=True)
        statuses.update(IndexFile(index).status_counts())
    finally:
        for kind in (resource.RLIMIT_AS, resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC):
            most = resource.getrlimit(kind)[1]
            resource.setrlimit(kind, (most, most))
        for table in Parts(index).read():
            statuses.update(table.column("status").to_pylist())
        if set(statuses) - {"ok"}:
            os._exit(EXIT["bad"])
    return True


def outcome(work: str, kind: str, run: int, runs: int) -> str:
    """Do the work in a process with too few resources, and say how it ended."""
    child = os.fork()
    if child == 0:
        code = EXIT["other"]
        signal.alarm(LIMIT)
        try:
            LIMITS[kind](run, runs)
            code = EXIT["complete" if WORKS[work]() else "bad"]
        except (kf.ResourceError, MemoryError):
            code = EXIT["scarce"]
        except BaseException as error:
            os.write(2, "".join(traceback.format_exception(error)).encode())
        os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return "hang" if number == signal.SIGALRM else f"signal {number}"
    codes = {code: name for name, code in EXIT.items()}
    return codes.get(os.WEXITSTATUS(status), f"exit code {os.WEXITSTATUS(status)}")


LIMITS = {"memory": limit_memory, "descriptors": limit_descriptors, "threads": limit_threads}
WORKS = {"load": load, "scan": scan_all}


def outcomes(kind: str, runs: int, folder: Path) -> dict[str, int]:
    """Return how often each kind of work ended in each way."""
    found: Counter[str] = Counter()
    for name in NAMES:
        shutil.copyfile(media.make(name), folder / name)
    folder.chmod(0o777)  # another user writes there
    os.chdir(folder)
    if outcome("scan", "memory", 1000, 1) != "complete" or outcome("load", "memory", 1000, 1) != "complete":
        raise SystemExit("the files are not good")
    for run in range(runs):
        for work in WORKS:
            shutil.rmtree("index.arrow.parts", ignore_errors=True)
            Path("index.arrow").unlink(missing_ok=True)
            found[f"{work}: {outcome(work, kind, run, runs)}"] += 1
    return found


def main() -> None:
    kind, runs = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(outcomes(kind, runs, Path(folder))))


if __name__ == "__main__":
    main()
