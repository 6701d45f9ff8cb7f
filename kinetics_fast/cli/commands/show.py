"""`kinetics-fast show`: writes a contact sheet of a window of frames, or of a batch of a loader."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kinetics_fast.cli.exit_codes import ExitCode
from kinetics_fast.cli.inspection.crops import CropName


def show(
    source: Annotated[
        str,
        typer.Argument(metavar="FILE", help="Video, or index of `scan`, or its folder.", show_default=False),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="PNG", help="Path of the picture.")] = Path(
        "kinetics-fast-show.png"
    ),
    start: Annotated[
        int | None, typer.Option(min=0, help="Number of the first frame. [around the middle]")
    ] = None,
    frames: Annotated[int, typer.Option(min=1, help="Number of frames.")] = 16,
    stride: Annotated[int, typer.Option(min=1, help="Distance between frames, in frames.")] = 8,
    crop: Annotated[
        CropName | None, typer.Option(help="Crop whose boxes to draw, or by which to crop a batch.")
    ] = None,
    size: Annotated[int, typer.Option(min=1, help="Output size of the crop in pixels.")] = 224,
    seed: Annotated[int, typer.Option(min=0, help="Random seed.")] = 0,
) -> int:
    """Write a contact sheet of a video or a scanned data set.

    The sheet shows a window of frames of the video, or a batch of clips of the data set.
    """
    from kinetics_fast._decode.video import Video
    from kinetics_fast.cli.inspection.show import Window, show_batch, show_video
    from kinetics_fast.cli.terminal import say
    from kinetics_fast.datasets.dataset import Dataset

    window = Window(start, frames, stride, crop, size, seed)
    if source.endswith(".arrow") or Path(source).is_dir():
        what = show_batch(Dataset.from_index(source), window, out)
    else:
        what = show_video(Video(source), window, out)
    say(f"{what}: {out}")
    return ExitCode.OK
