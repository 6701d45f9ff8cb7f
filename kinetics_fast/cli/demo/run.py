"""Decodes random clips of every video in a folder on all CPUs, and writes a picture of some.

The printed rate is the number of clips divided by the time inside `decode_clips`, which reads, decodes and
resizes. The frame indices of the videos are built before.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kinetics_fast._decode.clip import Clip
from kinetics_fast._decode.decode_clips import decode_clips
from kinetics_fast._decode.video import Video
from kinetics_fast.cli.demo.videos import make_demo_videos
from kinetics_fast.cli.exit_codes import CommandError, ExitCode
from kinetics_fast.cli.pictures.contact_sheet import save_contact_sheet
from kinetics_fast.cli.terminal import file_table, output, say, shown, with_progress
from kinetics_fast.datasets.files.names import VIDEO_EXTENSIONS
from kinetics_fast.errors import Error

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console
    from rich.table import Table

SUFFIXES = {*VIDEO_EXTENSIONS, ".3gp", ".asf", ".ivf", ".ogv", ".vob"}
FRAMES, STRIDE, SIZE = 16, 8, 224
CLIPS_PER_VIDEO = 4
LISTED_FILES = 50


@dataclass
class File:
    """A file of the folder, its video, and what went wrong."""

    name: str
    video: Video | None = None
    problem: str = ""


@dataclass
class Result:
    """The result of decoding all clips."""

    clips: int
    failed: int
    seconds: float


def run(folder: Path | None, picture: Path) -> int:
    """Decode clips, print the files and the rate, and write the picture."""
    console = output()
    folder = folder or make_demo_videos()
    files = _open_files(folder)
    readable = [file for file in files if file.video]
    if readable:
        result = _decode(readable, picture)
    console.print(_table(files))
    if not readable:
        raise CommandError(f"none of the {len(files)} videos in {folder} can be read")
    _print_summary(result, f"{len(readable)} of {len(files)} videos", picture, console)
    return ExitCode.FAULTS if any(file.problem for file in files) else ExitCode.OK


def _open_files(folder: Path) -> list[File]:
    if not folder.is_dir():
        raise CommandError(f"{folder} is not a folder")
    named = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    paths = [path for path in named if not path.is_dir()]
    if not paths:
        raise CommandError(f"no videos in {folder}")
    return [_open_file(path, folder) for path in with_progress(paths, "indexing")]


def _open_file(path: Path, folder: Path) -> File:
    name = str(path.relative_to(folder))
    try:
        return File(name, Video(path))
    except Error as error:
        return File(name, problem=_reason(error))


def _reason(error: Exception) -> str:
    """Return the message of an error without the path, which the table shows beside it."""
    path = error.path or "" if isinstance(error, Error) else ""
    return str(error).removeprefix(path).lstrip(":, ")


def _draw_clip(video: Video, rng: np.random.Generator) -> Clip:
    """Return a random window. The last frame of a video that is too short is repeated."""
    start = rng.integers(max(1, len(video) - (FRAMES - 1) * STRIDE))
    indices = np.minimum(start + STRIDE * np.arange(FRAMES), len(video) - 1)
    return Clip(video, indices=indices)


def _decode(files: Sequence[File], picture: Path) -> Result:
    rng = np.random.default_rng()
    work = [
        (file, _draw_clip(file.video, rng)) for _ in range(CLIPS_PER_VIDEO) for file in files if file.video
    ]
    batch_size = min(128, max(8, 4 * _cpus()))
    batches = [work[first : first + batch_size] for first in range(0, len(work), batch_size)]
    result = Result(len(work), 0, 0.0)
    for number, rows in enumerate(with_progress(batches, "decoding")):
        begin = time.perf_counter()
        batch = decode_clips([clip for _, clip in rows], size=SIZE, on_error="zero")
        result.seconds += time.perf_counter() - begin
        result.failed += len(batch.errors)
        for row, error in batch.errors.items():
            rows[row][0].problem = _reason(error)
        if number == 0:
            names = [file.name for file, _ in rows]
            save_contact_sheet(picture, batch.frames, batch.indices, names, set(batch.errors))
    return result


def _cpus() -> int:
    """Return the number of CPUs that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _table(files: Sequence[File]) -> Table:
    table = file_table("codec", "size", "fps", "frames")
    table.add_column("status", overflow="fold")
    problems_first = sorted(files, key=lambda file: not file.problem)
    for file in problems_first[:LISTED_FILES]:
        facts = ("", "", "", "")
        if file.video:
            size = f"{file.video.width}x{file.video.height}"
            facts = (file.video.codec, size, f"{file.video.fps:.4g}", str(len(file.video)))
        status = shown(file.problem, "red") if file.problem else shown("ok", "green")
        table.add_row(shown(file.name), *facts, status)
    if len(files) > LISTED_FILES:
        table.caption = f"and {len(files) - LISTED_FILES} more"
    return table


def _print_summary(result: Result, videos: str, picture: Path, console: Console) -> None:
    good = result.clips - result.failed
    say(f"{good} clips of {FRAMES} frames, stride {STRIDE}, {SIZE}x{SIZE}, from {videos}")
    rate = f"[bold]{good / result.seconds:.1f} clips/s[/bold] on {_cpus()} CPUs"
    console.print(f"in {result.seconds:.2f} s: {rate}", highlight=False)
    if result.failed:
        console.print(f"[red]{result.failed} clips failed[/red]: the table says why")
    say(f"contact sheet of one batch: {picture}")
