"""`kinetics-fast prepare`: writes a copy of a data set that is laid out for reading."""

from __future__ import annotations

import errno
import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from kinetics_fast.cli.arguments import parsed_source
from kinetics_fast.cli.exit_codes import ExitCode
from kinetics_fast.preparation.recipe import Audio, ProfileName, recipe_of
from kinetics_fast.ray.cluster import Engine

if TYPE_CHECKING:
    from kinetics_fast.preparation.result import Prepared
    from kinetics_fast.preparation.session import Options


def prepare(
    source: Annotated[
        Any,
        typer.Argument(
            metavar="SOURCE",
            help="Folder of videos, an index of `scan`, or the URL of a folder in a store.",
            parser=parsed_source,
        ),
    ],
    target: Annotated[
        Path, typer.Argument(metavar="TARGET", help="Folder of the prepared files.", file_okay=False)
    ],
    profile: Annotated[
        ProfileName,
        typer.Option(
            help="fast: reads fastest; small: fewer bytes, slower; archive: full size, high quality."
        ),
    ] = "fast",
    short_side: Annotated[
        str | None,
        typer.Option(
            metavar="PIXELS|keep",
            help="Largest shorter side in pixels. Default: 256, and keep for archive.",
            show_default=False,
        ),
    ] = None,
    x264: Annotated[
        str | None,
        typer.Option(metavar="NAME=VALUE:...", help="Parameters of x264 that replace those of the profile."),
    ] = None,
    audio: Annotated[
        Audio | None,
        typer.Option(
            help="What happens to audio. Dropped by default, copied by archive.", show_default=False
        ),
    ] = None,
    version: Annotated[
        str | None, typer.Option(help="Version of Kinetics whose annotations to match, as for `scan`.")
    ] = None,
    split: Annotated[str | None, typer.Option(help="Only this split: train, val or test.")] = None,
    annotations: Annotated[
        Path | None, typer.Option(help="File or folder of the annotations.", exists=True)
    ] = None,
    shard_size: Annotated[
        float | None, typer.Option(min=1.05, metavar="MB", help="Write tar shards of about this size.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Number of ffmpeg processes at once; one per CPU by default.")
    ] = None,
    part: Annotated[
        str | None, typer.Option(metavar="i/n", help="Prepare only the i-th of n shares, and write no index.")
    ] = None,
    merge: Annotated[
        bool, typer.Option("--merge", help="Only write the index of what all parts have prepared.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only try ten clips and predict time, size and gain.")
    ] = False,
    quality: Annotated[
        int, typer.Option(min=0, metavar="N", help="Measure SSIM and PSNR of N clips for the report.")
    ] = 0,
    engine: Annotated[
        Engine, typer.Option(help="Where clips are encoded: on this machine, or on a Ray cluster.")
    ] = "local",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> int:
    """Write a copy of a data set that reads several times faster.

    The copy has an index. Every file is compared with its source before the file gets its name. A run can be
    stopped at any time; the same command goes on there. Exit code 4: the disk is full.
    """
    from kinetics_fast.cli.commands import prepare_output
    from kinetics_fast.cli.terminal import failure
    from kinetics_fast.datasets.kinetics_names import split_of
    from kinetics_fast.preparation.errors import PrepareError
    from kinetics_fast.preparation.session import Options, prepare_data_set

    try:
        options = Options(
            source,
            target,
            recipe_of(profile, _short_side(short_side), x264, audio),
            version=version,
            split=None if split is None else split_of(split) or split,
            annotations=annotations,
            shard_size=None if shard_size is None else round(shard_size * 1e6),
            workers=jobs,
            part=_part(part),
            merge=merge,
            quality=quality,
            engine=engine,
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    try:
        if dry_run:
            return _dry_run(options, as_json)
        with prepare_output.watching() as progress:
            prepared = prepare_data_set(options, progress)
    except PrepareError as error:
        raise failure(error) from None
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        advice = f"the disk of {target} is full; make room and run the same command again"
        raise failure(advice, ExitCode.DISK_FULL) from None
    if as_json:
        print(json.dumps(_plain(prepared), indent=2))
    else:
        prepare_output.print_result(prepared, target)
    return ExitCode.FAULTS if prepared.failures else ExitCode.OK


def _dry_run(options: Options, as_json: bool) -> int:
    from kinetics_fast.cli.commands.prepare_output import print_estimate
    from kinetics_fast.cli.terminal import progress_bar
    from kinetics_fast.preparation.estimate import SAMPLE, estimate

    with progress_bar("trying clips", SAMPLE) as advance:
        found = estimate(options, advance)
    if as_json:
        print(json.dumps(asdict(found), indent=2))
    else:
        print_estimate(found)
    return ExitCode.OK


def _plain(prepared: Prepared) -> dict[str, Any]:
    facts = asdict(prepared)
    return facts | {"index": None if prepared.index is None else str(prepared.index)}


def _short_side(text: str | None) -> int | Literal["profile"] | None:
    if text is None:
        return "profile"
    if text == "keep":
        return None
    if not text.isdecimal():
        raise typer.BadParameter(
            f"must be a number of pixels or 'keep', got {text!r}", param_hint="--short-side"
        )
    return int(text)


def _part(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise typer.BadParameter(f"must be i/n with 1 <= i <= n, got {text!r}", param_hint="--part")
    return int(found[1]), int(found[2])
