"""How a command ends: its exit code, and the error that stops it."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What every command ends with."""

    OK = 0
    TROUBLE = 1  # the work is done, and what was looked at has faults: the output names them
    USAGE = 2  # the arguments make no sense; nothing was done
    FAILED = 3  # the work could not be done: a package, a file or a folder is missing or cannot be written
    INTERRUPTED = 130  # Ctrl-C, as shells expect


class CommandError(Exception):
    """A command cannot do its work; the message is what the user sees."""
