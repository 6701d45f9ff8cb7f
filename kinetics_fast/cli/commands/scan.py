"""`kinetics-fast scan`: reads the files of a data set once and writes an index."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from kinetics_fast.cli.arguments import parsed_root, parsed_split, parsed_version
from kinetics_fast.cli.exit_codes import CommandError, ExitCode
from kinetics_fast.ray.cluster import Engine
from kinetics_fast.remote.folder import RemoteFolder


def scan(
    root: Annotated[
        Any,
        typer.Argument(
            metavar="ROOT",
            help="Folder of videos, or the URL of a folder in a store (s3://, gs://, az://).",
            parser=parsed_root,
        ),
    ],
    index: Annotated[
        Path | None,
        typer.Option(
            "--index",
            "-o",
            help="Path of the index. [ROOT/kinetics-fast.arrow, or -SPLIT; of a URL, in this folder]",
            show_default=False,
        ),
    ] = None,
    version: Annotated[
        str | None,
        typer.Option(
            parser=parsed_version,
            metavar="VERSION",
            help="Version of the annotations: 400, 600, 700, 700-2020, ava-kinetics or countix. "
            "[told by the annotations]",
        ),
    ] = None,
    split: Annotated[
        str | None,
        typer.Option(
            parser=parsed_split, metavar="SPLIT", help="Split of the annotations: train, val or test. [all]"
        ),
    ] = None,
    annotations: Annotated[
        Path | None,
        typer.Option(help="File or folder of the annotations. [searched in and beside ROOT]", exists=True),
    ] = None,
    decode: Annotated[
        bool, typer.Option("--decode", help="Decode every frame, which is much slower.")
    ] = False,
    engine: Annotated[
        Engine, typer.Option(help="Where files are read: on this machine, or on a Ray cluster.")
    ] = "local",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> int:
    """Read every file of a data set once and write an index.

    The index has one row per clip. With annotations of Kinetics in or beside ROOT, these are the annotated
    clips, with or without a file. Without annotations, these are the videos in ROOT, labelled by their
    folders, and whatever else in ROOT cannot be read.

    Files whose size and header have not changed are not read again. A scan can be stopped at any time; the
    next one continues there.
    """
    from kinetics_fast.cli.terminal import complain, progress_bar, say
    from kinetics_fast.dataset_index import schema
    from kinetics_fast.dataset_index.reader import IndexFile
    from kinetics_fast.datasets.kinetics_names import split_of
    from kinetics_fast.scan.engine import examine_on
    from kinetics_fast.scan.kinetics_targets import targets_of_kinetics
    from kinetics_fast.scan.scanner import scan as run
    from kinetics_fast.scan.targets import targets_of_folder

    remote = isinstance(root, RemoteFolder)
    if remote and (version or split or annotations):
        raise CommandError("annotations are only matched to files of this machine; leave them out")
    index = index or (Path() if remote else root) / schema.default_name(split)
    if version is None and not remote:
        version = _recognised(root, split, annotations)
    facts: dict[str, Any] = {}
    if version is None:
        targets = targets_of_folder(root)
        if not len(targets):
            raise CommandError(f"no videos in {root}")
        if targets.column("label").null_count == len(targets):
            complain("no clip has a label: the videos are not in class folders, and there are no annotations")
    else:
        if split is None and annotations is None:
            split = split_of(root.resolve().name)  # a folder of one split of a data set
        targets, facts = targets_of_kinetics(root, version, split, annotations)
        if not as_json:
            files = ", ".join(facts["annotations"].values())
            say(f"{facts['title']}, by the annotations {files}")
    examine = examine_on(engine)
    with progress_bar("scanning", len(targets)) as advance:
        result = run(root, targets, index, decode=decode, facts=facts, progress=advance, examine=examine)
    counts = IndexFile(index).status_counts()
    faults = sum(counts.values()) - counts.get(schema.OK, 0)
    if as_json:
        told = {"index": str(index), "files": result.files, "read": result.read, "status": counts}
        print(json.dumps({**told, "version": version}, indent=2))
    else:
        say(f"{result.files} files, {result.read} of them read; index: {index}")
        for status, count in counts.items():
            say(f"{count:>9}  {status}")
        if faults:
            say(f"'kinetics-fast report {index}' names them")
    return ExitCode.FAULTS if faults else ExitCode.OK


def _recognised(root: Path, split: str | None, annotations: Path | None) -> str | None:
    """Return the version of the annotations; None if the clips are to be labelled by their folders."""
    from kinetics_fast.cli.terminal import complain
    from kinetics_fast.datasets.annotations import recognised_version

    try:
        return recognised_version(root, split, annotations)
    except FileNotFoundError:
        if split is not None or annotations is not None:
            raise
    except ValueError as error:
        if split is not None or annotations is not None:
            raise
        complain(f"the annotations are not used, and the clips are labelled by their folders: {error}")
    return None
