"""Finds the ffmpeg program that encodes: the one on PATH, or the one that imageio-ffmpeg ships."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import Final

from kinetics_fast.preparation.errors import PrepareError

OLDEST: Final = (7, 1)  # the first that applies the container's cropping
INSTALL: Final = (
    "install FFmpeg 7.1 or newer with libx264, or run: pip install 'kinetics-fast[prepare]', "
    "which brings one in imageio-ffmpeg"
)


@dataclass(frozen=True)
class Program:
    """An ffmpeg that can encode: where it is, and its version as it states it."""

    path: str
    version: str


def find_ffmpeg() -> Program:
    """Return the first usable ffmpeg.

    Raises
    ------
    PrepareError
        There is none. The message says why each was refused, and what to install.
    """
    refused = []
    for path in (shutil.which("ffmpeg"), _of_imageio()):
        if path is None:
            continue
        found = _examined(path)
        if isinstance(found, Program):
            return found
        refused.append(f"{path} {found}")
    why = "; ".join(refused) or "there is no ffmpeg on PATH and imageio-ffmpeg is not installed"
    raise PrepareError(f"no usable ffmpeg: {why}; {INSTALL}")


def _of_imageio() -> str | None:
    try:
        import imageio_ffmpeg
    except ModuleNotFoundError:
        return None
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:  # a source distribution of imageio-ffmpeg has no program
        return None


def _examined(path: str) -> Program | str:
    """Return the program, or why it cannot be used."""
    try:
        words = _output(path, "-version")
        encoders = _output(path, "-hide_banner", "-encoders")
    except (OSError, subprocess.SubprocessError) as error:
        return f"cannot be run ({error})"
    first = words.partition("\n")[0]
    version = first.removeprefix("ffmpeg version ").partition(" Copyright")[0]
    numbers = re.match(r"n?(\d+)\.(\d+)", version)  # builds between releases have no number and are newer
    if numbers and (int(numbers[1]), int(numbers[2])) < OLDEST:
        return f"is version {numbers[0]}, which is too old"
    if not re.search(r"^ V\S* libx264 ", encoders, re.MULTILINE):
        return "has no libx264"
    return Program(path, version)


def _output(path: str, *arguments: str) -> str:
    done = subprocess.run(
        [path, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=60,
        check=True,
    )
    return done.stdout
