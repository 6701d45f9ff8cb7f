"""How a command ends: its exit code, and the error that stops it."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of all commands."""

    OK = 0
    FAULTS = 1  # the work is done; some clips are not ok, or some files could not be read or downloaded
    USAGE = 2  # wrong arguments; nothing was done
    FAILED = 3  # the work could not be done
    DISK_FULL = 4  # `download` and `prepare` only
    TERMS_NOT_ACCEPTED = 5  # `download` only
    INTERRUPTED = 130  # Ctrl-C, as shells expect


class CommandError(Exception):
    """A command cannot do its work. The message is what the user sees."""
