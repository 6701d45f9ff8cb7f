"""The command line, `kinetics-fast`."""

from kinetics_fast.cli.main import main

__all__ = ["main"]
