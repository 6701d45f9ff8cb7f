"""The typer application: finds a command's module when it is called, turns errors into a line and a code."""

from __future__ import annotations

import functools
import importlib
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

import kinetics_fast as kf
from kinetics_fast.cli.exit_codes import CommandError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable

COMMANDS = ("demo", "info", "show", "scan", "report", "download")
EXTRAS = {"pyarrow": "scan"} | dict.fromkeys(("httpx", "tenacity", "filelock"), "download")
EXIT_CODES = (
    "Exit codes: 0 all is well, 1 faults were found and named, 2 wrong arguments, 3 the work could not be "
    "done, 130 interrupted."
)


class LazyGroup(TyperGroup):
    """Imports a command's module when that command is called, or when all are listed."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Give the names in the order in which one needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | None:  # noqa: ARG002
        """Give the function of that name in the module of that name, as a command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"kinetics_fast.cli.commands.{cmd_name}")
        single = typer.Typer(add_completion=False)
        single.command(cmd_name)(_guarded(getattr(module, cmd_name)))
        command = typer.main.get_command(single)
        assert isinstance(command, TyperCommand)
        return command


app = typer.Typer(
    cls=LazyGroup,
    help="Training clips out of video files: look at them, account for them, decode them.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kinetics-fast {kf.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say which it is.")
    ] = False,
) -> None:
    pass


def _guarded(command: Callable[..., Any]) -> Callable[..., None]:
    """Let the command end with a code, and what can go wrong with a line on stderr."""

    @functools.wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        try:
            code = command(*arguments, **options)
        except KeyboardInterrupt:
            raise _failure("interrupted", ExitCode.INTERRUPTED) from None
        except ModuleNotFoundError as missing:
            package = (missing.name or "").partition(".")[0]
            if not package or package == "kinetics_fast":
                raise
            extra = EXTRAS.get(package, "cli")
            raise _failure(f"this needs {package}: pip install 'kinetics-fast[{extra}]'") from None
        except (CommandError, kf.Error, OSError, ValueError, MemoryError) as error:
            raise _failure(str(error)) from None
        if code:
            raise typer.Exit(int(code))

    return run


def _failure(message: str, code: ExitCode = ExitCode.FAILED) -> typer.Exit:
    print(f"kinetics-fast: {message}", file=sys.stderr)
    return typer.Exit(code)
