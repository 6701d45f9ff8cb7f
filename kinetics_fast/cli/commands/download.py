"""`kinetics-fast download`: Kinetics from its public hosts, verified, and as often interrupted as need be."""

from __future__ import annotations

import contextlib
import json
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kinetics_fast.cli.exit_codes import ExitCode, failure
from kinetics_fast.datasets.kinetics_names import Split
from kinetics_fast.download.catalog import HOST, Content, terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kinetics_fast.download.plan import Request
    from kinetics_fast.download.session import Session
    from kinetics_fast.download.workers import Outcome


def download(
    version: Annotated[str, typer.Argument(metavar="VERSION", help="k400, k600 or k700-2020.")],
    root: Annotated[Path, typer.Argument(metavar="ROOT", help="The data set's folder.", file_okay=False)],
    split: Annotated[list[Split] | None, typer.Option(help="One or more; all of them by default.")] = None,
    label: Annotated[
        list[str] | None, typer.Option("--class", metavar="LABEL", help="Only clips of it; one or more.")
    ] = None,
    content: Annotated[
        list[Content] | None, typer.Option(help="One or more; videos and annotations by default.")
    ] = None,
    extract: Annotated[bool, typer.Option("--extract", help="Unpack archives as they arrive.")] = False,
    discard: Annotated[
        bool, typer.Option("--discard-archives", help="Remove an archive once it is unpacked.")
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Files at once.")] = 4,
    accept_terms: Annotated[
        bool, typer.Option("--accept-terms", "-y", help="Accept the terms, without being asked.")
    ] = False,
    list_only: Annotated[
        bool, typer.Option("--list", help="Only say what there is, its size, and whether it is there.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
    mirror: Annotated[str, typer.Option(hidden=True)] = HOST,
    first_wait: Annotated[float, typer.Option(hidden=True)] = 1.0,
) -> None:
    """Download Kinetics; whatever happens, run the same command again, and it goes on from there.

    Exit codes: 0 all is there, 1 some files could not be had, 2 wrong arguments, 3 the work could not be
    done, 4 the disk is full, 5 the terms were not accepted, 130 interrupted.
    """
    try:
        from kinetics_fast.download.errors import DiskFullError, DownloadError, RequestError
        from kinetics_fast.download.plan import Request, check, version_named
        from kinetics_fast.download.session import Patience, Session
    except ModuleNotFoundError as missing:
        raise failure(f"this command needs {missing.name}: pip install 'kinetics-fast[download]'") from None
    splits = tuple(dict.fromkeys(one.value for one in split or Split))
    contents = frozenset(content or (Content.VIDEOS, Content.ANNOTATIONS))
    try:
        hosted = version_named(version)
        request = Request(hosted, root, splits, contents, tuple(label or ()), extract, not discard)
        check(request)
    except RequestError as error:
        raise typer.BadParameter(str(error)) from error
    print(terms(hosted), file=sys.stderr)
    if not list_only and not accept_terms:
        _ask()
    session = Session(threading.Event(), Patience(first_wait=first_wait), mirror)
    try:
        with contextlib.closing(session):
            code = _list(request, session, as_json) if list_only else _run(request, session, jobs, as_json)
    except KeyboardInterrupt:
        advice = "interrupted; run the same command again, it goes on from there"
        raise failure(advice, ExitCode.INTERRUPTED) from None
    except RequestError as error:
        raise typer.BadParameter(str(error)) from error
    except (DownloadError, OSError) as error:
        full = isinstance(error, DiskFullError)
        raise failure(str(error), ExitCode.DISK_FULL if full else ExitCode.FAILED) from error
    raise typer.Exit(code)


def _ask() -> None:
    if not sys.stdin.isatty():
        advice = "nobody can be asked here: add --accept-terms if you accept them"
        raise failure(advice, ExitCode.TERMS_NOT_ACCEPTED)
    if not typer.confirm("Do you accept this?", err=True):
        raise failure("the terms were not accepted; nothing was downloaded", ExitCode.TERMS_NOT_ACCEPTED)


def _list(request: Request, session: Session, as_json: bool) -> ExitCode:
    from kinetics_fast.cli.commands.download_output import print_list
    from kinetics_fast.download.plan import make_plan
    from kinetics_fast.download.sizes import sizes_of

    tasks = make_plan(request, session)
    print_list(tasks, sizes_of(tasks, session), request.root, as_json)
    return ExitCode.OK


def _run(request: Request, session: Session, jobs: int, as_json: bool) -> ExitCode:
    from kinetics_fast.cli.commands.download_output import print_outcomes, watching
    from kinetics_fast.download.run import run

    with watching() as watcher:
        outcomes = run(request, session, jobs, watcher)
    code = _code(outcomes)
    if as_json:
        states = [
            {"name": one.task.name, "url": one.task.url, "state": one.state.value, "error": _words(one)}
            for one in outcomes
        ]
        facts = {"version": request.version.name, "root": str(request.root), "files": states}
        print(json.dumps(facts, indent=2))
    else:
        print_outcomes(outcomes, request.root)
    return code


def _words(outcome: Outcome) -> str | None:
    return None if outcome.error is None else str(outcome.error)


def _code(outcomes: Sequence[Outcome]) -> ExitCode:
    from kinetics_fast.download.errors import DiskFullError
    from kinetics_fast.download.workers import State

    if any(isinstance(outcome.error, DiskFullError) for outcome in outcomes):
        return ExitCode.DISK_FULL
    complete = all(outcome.state in (State.THERE, State.FETCHED) for outcome in outcomes)
    return ExitCode.OK if complete else ExitCode.FAULTS
