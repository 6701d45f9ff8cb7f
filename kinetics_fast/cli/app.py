"""The typer application: imports a command when it is called, turns errors into messages and exit codes."""

from __future__ import annotations

import functools
import importlib
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup

from kinetics_fast import _core
from kinetics_fast.cli.exit_codes import CommandError, ExitCode
from kinetics_fast.cli.terminal import failure
from kinetics_fast.errors import Error
from kinetics_fast.scan.errors import ScanError

if TYPE_CHECKING:
    from collections.abc import Callable

COMMANDS = ("demo", "info", "show", "scan", "report", "prepare", "download")
EXTRAS = {
    "pyarrow": "scan",
    "filelock": "scan",
    "ffmpeg": "prepare",
    "ray": "ray",
}  # of packages that are not in the extra `cli`
DISTRIBUTIONS = {"ffmpeg": "ffmpeg-python"}  # of modules that are named as something else
EXIT_CODES = (
    "Exit codes: 0 success, 1 faults were found and named, 2 wrong arguments, 3 the work could not be "
    "done, 130 interrupted."
)


class LazyGroup(TyperGroup):
    """Imports the module of a command when the command is called, or when all commands are listed."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Return the names in the order in which a user needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | None:  # noqa: ARG002
        """Return the function `cmd_name` of the module `cmd_name` as a command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"kinetics_fast.cli.commands.{cmd_name}")
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(cmd_name)(_guarded(getattr(module, cmd_name)))
        command = typer.main.get_command(single)
        assert isinstance(command, TyperCommand)
        for parameter in command.params:
            if isinstance(parameter, TyperArgument):  # whose help would name a type of Python
                parameter.display_type_rich = _no_type  # type: ignore[method-assign]
        return command


def _no_type(ctx: Any) -> str:  # noqa: ARG001
    return ""


app = typer.Typer(
    cls=LazyGroup,
    help="Training clips out of video files: inspect videos, index and prepare data sets.",
    epilog=EXIT_CODES,
    rich_markup_mode=None,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kinetics-fast {_core.build_info()['version']}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


def _guarded(command: Callable[..., Any]) -> Callable[..., None]:
    """Return a function that ends with the command's exit code, or prints its error to stderr."""

    @functools.wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        try:
            code = command(*arguments, **options)
        except KeyboardInterrupt:
            raise failure("interrupted", ExitCode.INTERRUPTED) from None
        except ModuleNotFoundError as missing:
            package = (missing.name or "").partition(".")[0]
            if not package or package == "kinetics_fast":
                raise
            own = ("download", "prepare")  # extras that have all packages of the command of this name
            is_own = command.__name__ in own and package != "ray"
            extra = command.__name__ if is_own else EXTRAS.get(package, "cli")
            package = DISTRIBUTIONS.get(package, package)
            raise failure(f"this command needs {package}: pip install 'kinetics-fast[{extra}]'") from None
        except (CommandError, ScanError, Error, OSError, ValueError, MemoryError) as error:
            raise failure(error) from None
        if code:
            raise typer.Exit(int(code))

    return run
