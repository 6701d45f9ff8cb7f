"""The competitors: each starts its own processes, warms up, and measures the time of a list of windows."""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import worker

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from windows import MultiView, Window, Work


class Competitor(Protocol):
    """A reader of windows whose time can be measured."""

    name: str

    def warm_up(self, windows: Sequence[Work]) -> list[npt.NDArray[Any]]:
        """Read windows in every process outside the clock. Give the pixels of one process, or nothing."""

    def seconds(self, windows: Sequence[Work]) -> float:
        """Measure the time from the start of the first window to the end of the last window."""

    def close(self) -> None:
        """End the processes."""


class Floor:
    """The C++ program that only decodes: a new process each time, whose start is not counted.

    The program has one thread. Its time on n CPUs is an n-th of its time on one.
    """

    def __init__(self, program: Path, cpus: int) -> None:
        self.name = "floor"
        self._program = str(program)
        self._cpus = cpus

    def warm_up(self, windows: Sequence[Work]) -> list[npt.NDArray[Any]]:
        self.seconds(windows)
        return []

    def seconds(self, windows: Sequence[Work]) -> float:
        clips = cast("Sequence[Window]", windows)
        plan = "".join(f"{w.start} {w.pattern.frames} {w.pattern.stride} {w.path}\n" for w in clips)
        run = subprocess.run([self._program], input=plan, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            raise ValueError(run.stderr.strip())
        return float(json.loads(run.stdout)["wall_seconds"]) / self._cpus

    def close(self) -> None:
        pass


class Reader:
    """A function of a module, in the given number of processes with the given number of threads each."""

    def __init__(
        self,
        reader: str,
        package: str,
        *,
        function: str = "read",
        processes: int = 1,
        threads: int = 1,
        batches: bool = False,
    ) -> None:
        self.name = reader + (" (one call)" if batches else "")
        self._threads = threads
        self._read = worker.read_batches if batches else worker.read_windows
        context = multiprocessing.get_context("spawn")
        self._next_window = context.Value("q", 0)
        arguments = (f"{package}.{reader}", function, self._next_window)
        self._processes = [ProcessPoolExecutor(1, context, worker.start, arguments) for _ in range(processes)]

    def warm_up(self, windows: Sequence[Work]) -> list[npt.NDArray[Any]]:
        first, *others = [process.submit(worker.read_frames, windows) for process in self._processes]
        for other in others:
            other.result()
        return first.result()

    def seconds(self, windows: Sequence[Work]) -> float:
        self._next_window.value = 0
        work = [process.submit(self._read, windows, self._threads) for process in self._processes]
        begins, ends = zip(*(item.result() for item in work), strict=True)
        return float(max(ends) - min(begins))

    def close(self) -> None:
        for process in self._processes:
            process.shutdown()


class OnceAView(Reader):
    """A reader of single samples, called once for each view of a `MultiView`."""

    def __init__(self, reader: str, package: str) -> None:
        super().__init__(reader, package)
        self.name = f"{reader} (once per view)"

    def warm_up(self, windows: Sequence[Work]) -> list[npt.NDArray[Any]]:
        super().warm_up(self._views(windows)[:1])
        return []

    def seconds(self, windows: Sequence[Work]) -> float:
        return super().seconds(self._views(windows))

    @staticmethod
    def _views(videos: Sequence[Work]) -> list[Window]:
        return [view for video in cast("Sequence[MultiView]", videos) for view in video.views()]


def probe(module: str) -> tuple[str, bool]:
    """Give the version of the library of a module and True, or the reason of a failed import and False."""
    command = [sys.executable, "-c", f"from {module} import VERSION; print(VERSION)"]
    run = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    if run.returncode == 0:
        return run.stdout.split()[-1], True
    reasons = [line for line in run.stderr.splitlines() if "Error: " in line]
    return reasons[-1] if reasons else "the module cannot be imported", False
