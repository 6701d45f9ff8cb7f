"""Tasks of a cluster: results, order, errors, and what a run that is interrupted leaves behind."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import kinetics_fast as kf
from kinetics_fast.preparation.workspace import FOLDER
from kinetics_fast.ray.tasks import run_shares
from support.preparing import contents_of, six_seconds

if TYPE_CHECKING:
    from support.ray_nodes import Nodes

pytestmark = [pytest.mark.ffmpeg, pytest.mark.slow, pytest.mark.timeout(300)]

CLIPS = 12
PREPARE = "import sys; from kinetics_fast.cli import main; sys.exit(main(['prepare', *sys.argv[1:]]))"


@pytest.mark.usefixtures("nodes")
@pytest.mark.parametrize("at_once", [None, 2])
def test_results_in_order_are_those_of_every_share(at_once: int | None) -> None:
    def slower_first(begin: int, number: int) -> int:
        import time

        time.sleep(0.02 * (number % 5 == 0))
        return begin + number

    shares = ((number,) for number in range(40))
    results = list(run_shares(slower_first, 100, shares, at_once=at_once, in_order=True))
    assert results == list(range(100, 140))


@pytest.mark.usefixtures("nodes")
@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device", "target"),
        kf.ResourceError("the file cannot be opened", "a.mp4", detail=os.strerror(errno.EMFILE)),
    ],
)
def test_the_error_of_a_task_is_that_of_one_machine(error: OSError) -> None:
    def fail(given: OSError, number: int) -> None:
        if number == 3:
            raise given

    with pytest.raises(type(error)) as raised:
        list(run_shares(fail, error, ((number,) for number in range(9))))
    assert type(raised.value) is type(error)
    assert (raised.value.errno, raised.value.filename) == (error.errno, error.filename)


@pytest.mark.usefixtures("nodes")
def test_a_task_that_always_ends_its_process_is_given_up() -> None:
    def end(_: None, number: int) -> int:
        import os

        if number == 1:
            os._exit(1)
        return number

    with pytest.raises(kf.ResourceError, match="lost again and again"):
        list(run_shares(end, None, ((number,) for number in range(3))))


def encoders_of(target: Path) -> list[str]:
    """Return the numbers of the ffmpeg processes that write into a target."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes()
        except OSError:
            continue
        if os.fsencode(target) in words and b"libx264" in words:
            found.append(path.parent.name)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_an_interrupted_run_ends_its_encoders_and_can_go_on(nodes: Nodes, tmp_path: Path) -> None:
    from support.ray_nodes import until

    sources, target = tmp_path / "sources", tmp_path / "target"
    (sources / "zumba").mkdir(parents=True)
    for number in range(CLIPS):
        shutil.copy(six_seconds(), sources / "zumba" / f"{number:02d}.mp4")
    words = [sys.executable, "-c", PREPARE, str(sources), str(target), "--engine", "ray"]
    environment = {**os.environ, "RAY_ADDRESS": nodes.cluster.address}
    with subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, text=True) as run:
        journal = target / FOLDER / "journal-1-of-1.jsonl"
        until(lambda: journal.exists() and journal.read_bytes() and encoders_of(target))
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert said.rstrip().endswith("interrupted")
    assert not encoders_of(target)
    done = journal.read_bytes().count(b"\n")
    assert 0 < done < CLIPS
    assert kf.prepare(sources, target, engine="ray").prepared <= CLIPS - done
    kf.prepare(sources, tmp_path / "alone")
    assert contents_of(target) == contents_of(tmp_path / "alone")
