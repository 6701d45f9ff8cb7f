"""`kinetics-fast demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="Searched recursively. Without it, a few videos that are made.", exists=True, file_okay=False
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="The contact sheet.", metavar="PNG")] = Path(
        "kinetics-fast-demo.png"
    ),
) -> int:
    """Decode random clips of a folder's videos and show them."""
    from kinetics_fast.cli.demo.run import run

    return run(folder, out)
