"""A run that is killed at any moment and started again loses nothing and gives no wrong file a final name."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kinetics_fast.download.catalog import Content
from support.child import Child
from support.kinetics_host import Tree, add_k400_val, fetch, labels_csv, path_of, request, tree
from support.misbehaving_server import Host
from support.troubles import Trouble

TESTS = Path(__file__).parents[1]
KILLS = 20
COMMAND = "import typer; from kinetics_fast.cli.commands.download import download; typer.run(download)"
UNFINISHED = (".part", ".part.json")

# Each run is a forked child. The audit hook is called before every change of the file system.
KILLED_AT_EACH_CHANGE = """
import contextlib, os, shutil, signal, sys, urllib.error, urllib.request
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from support import kinetics_host
from kinetics_fast.download.catalog import Content
import kinetics_fast.download.run

root, url, keep = Path(sys.argv[2]), sys.argv[3], sys.argv[4] == "keep"
contents = frozenset(map(Content, sys.argv[5:]))
session = kinetics_host.impatient(url)
CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"}

def is_change(event, arguments):
    if event == "open":
        return bool(arguments[2] & (os.O_WRONLY | os.O_RDWR)) and str(root) in str(arguments[0])
    return event in CHANGES

def run(folder, kill_at):
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    left = [kill_at]
    def hook(event, arguments):
        if is_change(event, arguments):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)
    wanted = kinetics_host.request(folder, extract=True, keep_archives=keep, contents=contents)
    outcomes = kinetics_fast.download.run.run(wanted, session, 1, kinetics_host.Silent())
    os._exit(0 if all(outcome.state != "failed" for outcome in outcomes) else 1)

kill_at, code = 1, -signal.SIGKILL
while code == -signal.SIGKILL:
    folder = root / str(kill_at)
    shutil.copytree(root / "before", folder) if (root / "before").exists() else None
    code = run(folder, kill_at)
    shutil.copytree(folder, root / f"{kill_at}.killed") if folder.exists() else None
    with contextlib.suppress(urllib.error.HTTPError):
        urllib.request.urlopen(f"{url}/started-again/{kill_at}")
    print(code, run(folder, 0))
    with contextlib.suppress(urllib.error.HTTPError):
        urllib.request.urlopen(f"{url}/ended")
    kill_at += 1
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Make a folder, in memory if possible, because hundreds of syncs to a disk take long."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


def _add_texts(host: Host) -> Tree:
    """Serve annotations and the readme; return their files by path."""
    texts = {"annotations/val.csv": labels_csv("val", {0: "abseiling"}), "readme.md": b"# Kinetics"}
    host.files |= {path_of(f"400/{name}"): data for name, data in texts.items()}
    return texts


def _finished(root: Path) -> Tree:
    return {name: data for name, data in tree(root).items() if not name.endswith(UNFINISHED)}


@pytest.mark.parametrize("keep", [False, True], ids=["discard", "keep"])
def test_killed_before_every_change_of_the_file_system(
    host: Host, folder: Path, child: Child, keep: bool
) -> None:
    clips = add_k400_val(host, archives=1, clips_each=2, size=700)
    archive = host.files[path_of("400/val/part_0.tar.gz")]
    expected = clips | ({"archives/val/part_0.tar.gz": archive} if keep else _add_texts(host))
    what = ["keep", "videos"] if keep else ["discard", "videos", "annotations"]
    codes = child(KILLED_AT_EACH_CHANGE, TESTS, folder, host.url, *what).splitlines()
    assert codes[-1] == "0 0"
    assert set(codes[:-1]) == {"-9 0"}
    assert len(codes) > 30
    for number in range(1, len(codes) + 1):
        assert tree(folder / str(number)) == expected, number
        killed = folder / f"{number}.killed"
        assert _finished(killed).items() <= expected.items(), number
        if archive in tree(killed).values() or clips.items() <= tree(killed).items():
            assert path_of("400/val/part_0.tar.gz") not in _asked_again(host, number), number


def test_killed_while_an_outdated_part_file_is_dropped(host: Host, folder: Path, child: Child) -> None:
    new = _add_texts(host)
    path = path_of("400/annotations/val.csv")
    host.files[path] = bytes(len(new["annotations/val.csv"]))
    host.troubles[path] = [Trouble(drop_after=40), *[Trouble(status=404)] * 3]
    fetch(host, request(folder / "before", contents=frozenset({Content.ANNOTATIONS})))
    host.files[path] = new["annotations/val.csv"]
    codes = child(KILLED_AT_EACH_CHANGE, TESTS, folder, host.url, "keep", "annotations").splitlines()
    assert len(codes) > 6
    for number in range(1, len(codes) + 1):
        assert tree(folder / str(number)) == new, number
        assert _finished(folder / f"{number}.killed").items() <= new.items(), number


def _asked_again(host: Host, number: int) -> list[str]:
    """Return the requests of the run that follows kill `number`."""
    paths = [asked.path for asked in host.asked]
    begin = paths.index(f"/started-again/{number}")
    return paths[begin : paths.index("/ended", begin)]


def test_twenty_interrupted_and_corrupted_runs_end_byte_for_byte_right(host: Host, tmp_path: Path) -> None:
    expected = add_k400_val(host, archives=12, clips_each=2, size=50_000) | _add_texts(host)
    rng = random.Random(20)
    for _ in range(KILLS):
        _add_troubles(host, rng)
        assert _run_and_kill(host, tmp_path, rng) == -signal.SIGKILL
        assert _finished(tmp_path).items() <= expected.items()
    assert _start(host, tmp_path).wait(60) == 0
    assert tree(tmp_path) == expected
    assert len(host.happened) >= 10
    assert any(trouble.flip_at for trouble in host.happened)


def _add_troubles(host: Host, rng: random.Random) -> None:
    """Make half of the next answers damaged, truncated or refused."""
    for path in [path for path in host.files if path.endswith(".gz")]:
        size = len(host.files[path])
        kinds = [
            Trouble(flip_at=rng.randrange(100, size)),
            Trouble(drop_after=rng.randrange(size)),
            Trouble(status=rng.choice([403, 404, 500, 503])),
            Trouble(length_error=-rng.randrange(1, 999)),
            Trouble(ignore_range=True),
        ]
        host.troubles[path] = [rng.choice(kinds)] if rng.random() < 0.5 else []


def _start(host: Host, root: Path) -> subprocess.Popen[bytes]:
    options = ["k400", str(root), "--split", "val", "--extract", "--discard-archives", "--accept-terms"]
    hidden = ["--mirror", f"{host.url}/kinetics", "--first-wait", "0.002", "--jobs", "2"]
    command = [sys.executable, "-c", COMMAND, *options, *hidden]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def _run_and_kill(host: Host, root: Path, rng: random.Random) -> int:
    """Start a run, kill it after the server has sent a random number of bytes, return its exit code."""
    moment = host.served + rng.randint(1, 90_000)
    delay = rng.choice([0.0, 0.001, 0.005, 0.02])
    reached = threading.Event()
    host.on_bytes = lambda served: reached.set() if served >= moment else None
    with _start(host, root) as process:
        reached.wait(30)
        reached.clear()
        reached.wait(delay)
        os.kill(process.pid, signal.SIGKILL)
        return process.wait(30)
