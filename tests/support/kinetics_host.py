"""Serves a small Kinetics in the layout of CVDF, and reads the files that a download of it leaves."""

from __future__ import annotations

import io
import random
import tarfile
import threading
from pathlib import Path
from typing import Any

from kinetics_fast.download.catalog import HOST, Content
from kinetics_fast.download.plan import Request, version_named
from kinetics_fast.download.run import run
from kinetics_fast.download.session import RetryPolicy, Session
from kinetics_fast.download.tasks import Task
from kinetics_fast.download.workers import Outcome
from support.misbehaving_server import Host

IMPATIENT = RetryPolicy(attempts=4, refusals=3, first_wait=0.002, longest_wait=0.01, read_timeout=0.5)
LABELS = ("abseiling", "mountain climber (exercise)")
Tree = dict[str, bytes]


def noise(seed: object, size: int = 30_000) -> bytes:
    """Return bytes that do not compress, as in a video, so that only the checksum detects a flipped bit."""
    return random.Random(f"{seed}").randbytes(size)


def clip_name(number: int) -> str:
    return f"-{number:010}_{number:06}_{number + 10:06}.mp4"


def clips(split: str, first: int, count: int, size: int = 30_000) -> Tree:
    return {clip_name(first + i): noise((split, first + i), size) for i in range(count)}


def tar_gz(files: Tree, prefix: str = "./", mode: Any = "w:gz") -> bytes:
    with io.BytesIO() as buffer:
        with tarfile.open(fileobj=buffer, mode=mode) as archive:
            for name, data in files.items():
                header = tarfile.TarInfo(prefix + name)
                header.size = len(data)
                archive.addfile(header, io.BytesIO(data))
        return buffer.getvalue()


def path_of(path: str) -> str:
    """Return the path on the server of the file that CVDF has at `path`."""
    return f"/kinetics/{path}"


def add_list(host: Host, folder: str, split: str, archives: dict[str, bytes]) -> None:
    """Serve archives and their list."""
    lines = [f"{HOST}/{folder}/{split}/{name}\n" for name in archives]
    host.files[path_of(f"{folder}/{split}/k{folder}_{split}_path.txt")] = "".join(lines).encode()
    for name, data in archives.items():
        host.files[path_of(f"{folder}/{split}/{name}")] = data


def add_k400_val(host: Host, archives: int = 2, clips_each: int = 3, size: int = 30_000) -> Tree:
    """Serve `val` of k400; return its clips by their path in the folder of the data set."""
    tree: Tree = {}
    served = {}
    for number in range(archives):
        members = clips("val", number * clips_each, clips_each, size)
        served[f"part_{number}.tar.gz"] = tar_gz(members)
        tree |= {f"val/{name}": data for name, data in members.items()}
    add_list(host, "400", "val", served)
    return tree


def labels_csv(split: str, labels: dict[int, str]) -> bytes:
    """Return annotations with the class of each clip, given by its number in `LABELS`."""
    rows = [f'"{label}",{clip_name(n)[:11]},{n},{n + 10},{split},0\n' for n, label in labels.items()]
    return ("label,youtube_id,time_start,time_end,split,is_cc\n" + "".join(rows)).encode()


def request(root: Path, version: str = "k400", **options: Any) -> Request:
    options = {"splits": ("val",), "contents": frozenset({Content.VIDEOS}), **options}
    return Request(version_named(version), root, **options)


def impatient(url: str) -> Session:
    return Session(threading.Event(), IMPATIENT, f"{url}/kinetics")


def fetch(host: Host, wanted: Request, jobs: int = 2) -> list[Outcome]:
    """Download from the host with short waits."""
    session = impatient(host.url)
    try:
        return run(wanted, session, jobs, Silent())
    finally:
        session.close()


class Silent:
    """A watcher that prints nothing."""

    def expect(self, count: int) -> None:
        pass

    def begin(self, task: Task) -> None:
        pass

    def progress(self, task: Task, size: int, length: int | None) -> None:
        pass

    def end(self, outcome: Outcome) -> None:
        pass


def tree(root: Path) -> Tree:
    """Return every file below `root` except the notes of the downloader."""
    paths = (path for path in root.rglob("*") if path.is_file() and ".kinetics-fast" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def states(outcomes: list[Outcome]) -> list[str]:
    return [outcome.state.value for outcome in outcomes]
