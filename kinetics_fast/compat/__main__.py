"""``python -m kinetics_fast.compat NAME... -- PROGRAM``: run a program with drop-ins, without changing it."""

from __future__ import annotations

import os
import sys

from kinetics_fast import compat

USAGE = """\
usage: python -m kinetics_fast.compat NAME... -- SCRIPT.py ARGS
       python -m kinetics_fast.compat NAME... -- -m MODULE ARGS

Run a Python program in which `import NAME` finds the drop-in of kinetics_fast. NAME is for example decord."""


def main(arguments: list[str]) -> int:
    """Replace this process by the program, or return an exit code."""
    if arguments in (["-h"], ["--help"]):
        print(USAGE)
        return 0
    names, program = arguments, []
    if "--" in arguments:
        end = arguments.index("--")
        names, program = arguments[:end], arguments[end + 1 :]
    if not names or not program:
        print(USAGE, file=sys.stderr)
        return 2
    if sys.flags.ignore_environment or sys.flags.no_site:
        print("The options -E, -I and -S of Python keep the drop-ins from being installed.", file=sys.stderr)
        return 2
    try:
        compat.install(*names)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    sys.stdout.flush()
    # A new interpreter runs the program as ever. The environment that install has set names the drop-ins.
    return os.execv(sys.executable, [sys.executable, *_options(len(arguments)), *program])


def _options(arguments: int) -> list[str]:
    """Return the options of Python itself that this process was started with, such as ``-X dev``."""
    before = sys.orig_argv[1 : len(sys.orig_argv) - arguments]
    if before and before[-1] == compat.__name__:  # -m kinetics_fast.compat; -um is -u and -m
        before = [*before[:-2], before[-2][:-1]]
    elif before:
        before = before[:-1]  # -mkinetics_fast.compat
    return [option for option in before if option != "-"]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
