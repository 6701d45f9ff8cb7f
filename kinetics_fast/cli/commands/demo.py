"""`kinetics-fast demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="Folder of videos, searched recursively. Videos made by ffmpeg by default.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="Path of the contact sheet.", metavar="PNG")] = Path(
        "kinetics-fast-demo.png"
    ),
) -> int:
    """Decode random clips of the videos in a folder, measure the rate and write a contact sheet."""
    from kinetics_fast.cli.demo.run import run

    return run(folder, out)
