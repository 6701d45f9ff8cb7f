"""`kinetics-fast scan`: reads the files of a data set once and writes an index."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from kinetics_fast.cli.exit_codes import CommandError, ExitCode


def scan(
    root: Annotated[
        Path, typer.Argument(metavar="ROOT", help="Folder of videos.", exists=True, file_okay=False)
    ],
    index: Annotated[
        Path | None,
        typer.Option(
            "--index",
            "-o",
            help="Path of the index. [ROOT/kinetics-fast.arrow, or -SPLIT]",
            show_default=False,
        ),
    ] = None,
    version: Annotated[
        str | None,
        typer.Option(
            help="Version of Kinetics whose annotations to match: 400, 600, 700, 700-2020 or countix."
        ),
    ] = None,
    split: Annotated[
        str | None, typer.Option(help="Split of the annotations: train, val or test. All by default.")
    ] = None,
    annotations: Annotated[
        Path | None,
        typer.Option(help="File or folder of the annotations. [searched in and beside ROOT]", exists=True),
    ] = None,
    decode: Annotated[
        bool, typer.Option("--decode", help="Decode every frame, which is much slower.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> int:
    """Read every file of a data set once and write an index with one row per clip.

    Files whose size and header have not changed are not read again. A scan can be stopped at any time; the
    next one continues there. Without --version, the rows are the videos in ROOT, labelled by their folders,
    and whatever else in ROOT cannot be read.
    """
    from kinetics_fast.cli.terminal import progress_bar, say
    from kinetics_fast.dataset_index import schema
    from kinetics_fast.dataset_index.reader import IndexFile
    from kinetics_fast.datasets.kinetics_names import SPLITS, split_of
    from kinetics_fast.scan.kinetics_targets import targets_of_kinetics
    from kinetics_fast.scan.scanner import scan as run
    from kinetics_fast.scan.targets import targets_of_folder

    if split is not None:
        if split_of(split) is None:
            raise CommandError(f"split must be one of {', '.join(SPLITS)}, got {split!r}")
        split = split_of(split)
    index = index or root / schema.default_name(split)
    facts: dict[str, Any] = {}
    if version is None:
        if split or annotations:
            raise typer.BadParameter("these options need --version", param_hint="--split, --annotations")
        targets = targets_of_folder(root)
        if not len(targets):
            raise CommandError(f"no videos in {root}")
    else:
        targets, facts = targets_of_kinetics(root, version, split, annotations)
    with progress_bar("scanning", len(targets)) as advance:
        result = run(root, targets, index, decode=decode, facts=facts, progress=advance)
    counts = IndexFile(index).status_counts()
    faults = sum(counts.values()) - counts.get(schema.OK, 0)
    if as_json:
        facts = {"index": str(index), "files": result.files, "read": result.read, "status": counts}
        print(json.dumps(facts, indent=2))
    else:
        say(f"{result.files} files, {result.read} of them read; index: {index}")
        for status, count in counts.items():
            say(f"{count:>9}  {status}")
        if faults:
            say(f"'kinetics-fast report {index}' names them")
    return ExitCode.FAULTS if faults else ExitCode.OK
