"""Runs ffmpeg processes: one per clip, on one CPU each. They end with the run and say why they failed."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import subprocess
import threading
from typing import TYPE_CHECKING, Final

from kinetics_fast.errors import raise_if_scarce
from kinetics_fast.preparation.errors import ClipError

if TYPE_CHECKING:
    from collections.abc import Sequence

KEPT_LINES: Final = 3  # of what ffmpeg says
FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_ADDRESS = re.compile(r" @ 0x[0-9a-f]+")


class StoppedError(Exception):
    """The run ends; the clip was not encoded."""


class Encoder:
    """Runs one ffmpeg. Several threads may call `run` at once, and any thread `stop`.

    Parameters
    ----------
    program : str
        The ffmpeg program.
    """

    def __init__(self, program: str) -> None:
        self._program = program
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def run(self, arguments: Sequence[str]) -> str:
        """Run ffmpeg to its end and return what it printed to stdout.

        Raises
        ------
        ClipError
            ffmpeg failed. The message has its first words, which name the cause.
        OSError
            The disk is full.
        ResourceError
            The machine has no memory, file descriptors or threads left.
        StoppedError
            `stop` was called.
        """
        process = self._start(arguments)
        with process:
            try:
                output, words = process.communicate()
            except BaseException:
                process.kill()
                raise
            finally:
                with self._lock:
                    self._running.discard(process)
        if self._stopped:
            raise StoppedError
        _check(process.returncode, _ADDRESS.sub("", words.decode(errors="replace")))
        return output.decode(errors="replace")

    def stop(self) -> None:
        """End all processes. No other is started."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                with contextlib.suppress(OSError):
                    process.kill()

    def _start(self, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._stopped:
                raise StoppedError
            try:
                process = subprocess.Popen(
                    [self._program, *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    start_new_session=True,  # Ctrl-C reaches this process alone, which then ends ffmpeg
                )
            except OSError as error:
                raise_if_scarce(error)
                raise
            self._running.add(process)
            return process


def _check(code: int, words: str) -> None:
    for number in FULL:
        if os.strerror(number) in words:
            raise OSError(number, os.strerror(number))
    if code == 0:
        return
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    said = "; ".join(lines[:KEPT_LINES]) or "it said nothing"
    how = f"was ended by signal {-code}" if code < 0 else f"failed with exit code {code}"
    raise ClipError(f"ffmpeg {how}: {said}")
