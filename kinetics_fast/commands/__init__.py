"""What the subcommands of `kinetics-fast` do, a module each."""

from __future__ import annotations


class CommandError(Exception):
    """A command cannot do its work; the message is what the user sees."""
