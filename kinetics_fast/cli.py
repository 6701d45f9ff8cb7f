"""The command `kinetics-fast`: reads the arguments, runs one command, turns errors into a line and a code."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .commands import CommandError
from .errors import Error

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 130  # what a shell expects after Ctrl-C


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after the program's name; those of this process by default.

    Returns
    -------
    int
        The exit code: 0, 1 after an error, 2 for wrong arguments, 130 after Ctrl-C.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return _fail("interrupted", INTERRUPTED)
    except ModuleNotFoundError as missing:
        package = (missing.name or "a package").partition(".")[0]
        return _fail(f"this command needs {package}: pip install 'kinetics-fast[cli]'")
    except (CommandError, Error, OSError) as error:
        return _fail(str(error))


def _fail(message: str, code: int = 1) -> int:
    print(f"kinetics-fast: {message}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kinetics-fast", description="Exact clips from video files.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="decode random clips of a folder's videos and show them")
    demo.add_argument(
        "folder", nargs="?", type=Path, help="searched recursively (a few videos that it makes)"
    )
    picture = Path("kinetics-fast-demo.png")
    demo.add_argument(
        "--out", type=Path, default=picture, metavar="PNG", help="the contact sheet (%(default)s)"
    )
    demo.set_defaults(run=_run_demo)

    info = commands.add_parser("info", help="say what videos are: codec, size, frames, key frames")
    info.add_argument("files", nargs="+", metavar="FILE")
    info.add_argument("--json", action="store_true", help="print a JSON list instead of a table")
    info.set_defaults(run=_run_info)
    return parser


# The commands are imported when they run: what one of them needs shall not keep the others from working.


def _run_demo(options: argparse.Namespace) -> int:
    from .commands.demo import run

    return run(options.folder, options.out)


def _run_info(options: argparse.Namespace) -> int:
    from .commands.info import run

    return run(options.files, as_json=options.json)
