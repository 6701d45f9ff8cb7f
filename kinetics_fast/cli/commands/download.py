"""`kinetics-fast download`: downloads Kinetics from its public hosts and verifies it."""

from __future__ import annotations

import contextlib
import json
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kinetics_fast.cli.arguments import parsed_split
from kinetics_fast.cli.exit_codes import ExitCode
from kinetics_fast.cli.terminal import escaped, failure
from kinetics_fast.datasets.kinetics_names import SPLITS
from kinetics_fast.download.catalog import HOST, Content, terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kinetics_fast.download.plan import Request
    from kinetics_fast.download.session import Session
    from kinetics_fast.download.workers import Outcome


def download(
    version: Annotated[
        str, typer.Argument(metavar="VERSION", help="Version to download: 400, 600 or 700-2020.")
    ],
    root: Annotated[Path, typer.Argument(metavar="ROOT", help="Folder of the data set.", file_okay=False)],
    split: Annotated[
        list[str] | None,
        typer.Option(
            parser=parsed_split,
            metavar="SPLIT",
            help="Split to download: train, val or test; repeatable. [all]",
        ),
    ] = None,
    label: Annotated[
        list[str] | None,
        typer.Option("--class", metavar="LABEL", help="Download only clips of this class; repeatable."),
    ] = None,
    content: Annotated[
        list[Content] | None,
        typer.Option(
            metavar="CONTENT",
            help="Content to download: videos, annotations, ava-kinetics or countix; repeatable. "
            "[videos and annotations]",
        ),
    ] = None,
    extract: Annotated[bool, typer.Option("--extract", help="Unpack archives while they arrive.")] = False,
    discard: Annotated[
        bool, typer.Option("--discard-archives", help="Remove each archive after it is unpacked.")
    ] = False,
    jobs: Annotated[
        int, typer.Option(min=1, max=64, metavar="N", help="Number of files to download at once.")
    ] = 4,
    accept_terms: Annotated[
        bool, typer.Option("--accept-terms", "-y", help="Accept the terms without a question.")
    ] = False,
    list_only: Annotated[
        bool, typer.Option("--list", help="Only list the files, their sizes, and whether they are present.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
    mirror: Annotated[str, typer.Option(hidden=True)] = HOST,
    first_wait: Annotated[float, typer.Option(hidden=True)] = 1.0,
) -> None:
    """Download Kinetics from its public host and verify it.

    After any interruption, run the same command again to continue.

    Exit codes: 0 all files are present, 1 some files could not be downloaded, 2 wrong arguments, 3 the work
    could not be done, 4 the disk is full, 5 the terms were not accepted, 130 interrupted.
    """
    try:
        from kinetics_fast.download.errors import DiskFullError, DownloadError, RequestError
        from kinetics_fast.download.plan import Request, check, version_named
        from kinetics_fast.download.session import RetryPolicy, Session
    except ModuleNotFoundError as missing:
        raise failure(f"this command needs {missing.name}: pip install 'kinetics-fast[download]'") from None
    splits = tuple(dict.fromkeys(split or SPLITS))
    contents = frozenset(content or (Content.VIDEOS, Content.ANNOTATIONS))
    try:
        hosted = version_named(version)
        request = Request(hosted, root, splits, contents, tuple(label or ()), extract, not discard)
        check(request)
    except RequestError as error:
        raise typer.BadParameter(escaped(error)) from error
    print(terms(hosted), file=sys.stderr)
    if not list_only and not accept_terms:
        _ask()
    session = Session(threading.Event(), RetryPolicy(first_wait=first_wait), mirror)
    try:
        with contextlib.closing(session):
            code = _list(request, session, as_json) if list_only else _run(request, session, jobs, as_json)
    except KeyboardInterrupt:
        advice = "interrupted; run the same command again to continue"
        raise failure(advice, ExitCode.INTERRUPTED) from None
    except RequestError as error:
        raise typer.BadParameter(escaped(error)) from error
    except (DownloadError, OSError) as error:
        full = isinstance(error, DiskFullError)
        raise failure(error, ExitCode.DISK_FULL if full else ExitCode.FAILED) from error
    raise typer.Exit(code)


def _ask() -> None:
    if not sys.stdin.isatty():
        advice = "stdin is not a terminal: pass --accept-terms if you accept the terms"
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
            {"name": one.task.name, "url": one.task.url, "state": one.state.value, "error": _message(one)}
            for one in outcomes
        ]
        facts = {"version": request.version.name, "root": str(request.root), "files": states}
        print(json.dumps(facts, indent=2))
    else:
        print_outcomes(outcomes, request.root)
    return code


def _message(outcome: Outcome) -> str | None:
    return None if outcome.error is None else str(outcome.error)


def _code(outcomes: Sequence[Outcome]) -> ExitCode:
    from kinetics_fast.download.errors import DiskFullError
    from kinetics_fast.download.workers import State

    if any(isinstance(outcome.error, DiskFullError) for outcome in outcomes):
        return ExitCode.DISK_FULL
    complete = all(outcome.state in (State.THERE, State.FETCHED) for outcome in outcomes)
    return ExitCode.OK if complete else ExitCode.FAULTS
