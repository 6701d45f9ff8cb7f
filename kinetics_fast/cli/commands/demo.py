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
    """Decode random clips, measure the rate, write a contact sheet."""
    from kinetics_fast.cli.demo.run import run

    return run(folder, out)
