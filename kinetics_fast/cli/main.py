"""The entry point of the command `kinetics-fast`, which needs the packages of the extra `cli`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from kinetics_fast.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        The arguments after the name of the program; those of this process by default.

    Returns
    -------
    int
        The exit code: 0 success, 1 faults were found and named, 2 wrong arguments, 3 the work could not be
        done, 130 interrupted.
    """
    try:
        from kinetics_fast.cli.app import app
    except ModuleNotFoundError as missing:
        package = (missing.name or "").partition(".")[0]
        if package not in ("typer", "rich"):
            raise
        print(
            f"kinetics-fast: the command line needs {package}: pip install 'kinetics-fast[all]'",
            file=sys.stderr,
        )
        return ExitCode.FAILED
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    try:
        app(arguments, prog_name="kinetics-fast")
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    return 0
