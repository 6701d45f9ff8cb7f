"""Compares another build of the extension with the installed one, on every test video.

Usage: `PYTHONPATH=tests python -m tools.compare_builds EXTENSION`. It exits with 0 if both builds agree on
all videos.

Compared are the packed index, the key frames, the droppable share, and the planes of the first and the last
frame. ./dev check compares a build without optimisation: where two classes have one name, an optimised build
may still be right, because the compiler inlines the function that the linker would confuse.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

import kinetics_fast as kf
from kinetics_fast import _core
from videos import media

ROOT = Path(__file__).parents[2]

Description = dict[str, Any]


def hash_of(planes: tuple[NDArray[Any], ...]) -> str:
    digest = hashlib.sha256()
    for plane in planes:
        digest.update(repr((plane.shape, plane.dtype.str)).encode())
        digest.update(plane.tobytes())
    return digest.hexdigest()


def describe(path: Path) -> Description:
    """Return what this process's extension says of a video, or the error that it raises."""
    try:
        video = kf.Video(path)
        first, last = video.planes([0, len(video) - 1])
    except kf.Error as error:
        return {"error": f"{type(error).__name__}: {error}"}
    _, index = video.__getstate__()
    return {
        "packed index": hashlib.sha256(index.pack()).hexdigest(),
        "key frames": index.keyframes().tolist(),
        "droppable share": index.droppable_share,
        "first frame": hash_of(first),
        "last frame": hash_of(last),
    }


def descriptions(extension: Path) -> dict[str, Description]:
    """Let a child process describe the videos; a child that crashes leaves the rest out."""
    environment = {**os.environ, "KF_CORE": str(extension), "PYTHONPATH": f"{ROOT}/fuzz:{ROOT}/tests"}
    command = [sys.executable, "-m", "tools.compare_builds", "--describe", str(extension)]
    child = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if child.returncode != 0:
        print(f"{extension} ends the process with {child.returncode}")
    return dict(json.loads(line) for line in child.stdout.splitlines())


def differences(installed: dict[str, Description], other: dict[str, Description]) -> list[str]:
    found = []
    for name in media.NAMES:
        ours, theirs = installed[name], other.get(name, {})
        keys = [key for key in sorted(ours.keys() | theirs.keys()) if ours.get(key) != theirs.get(key)]
        found += [f"{name}: {key} {theirs.get(key)}, installed {ours.get(key)}" for key in keys]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("extension", type=Path, help="the other build of kinetics_fast._core")
    parser.add_argument("--describe", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.describe:
        if _core.__file__ != str(arguments.extension):
            parser.error(f"{_core.__file__} was loaded instead of {arguments.extension}")
        for name in media.NAMES:
            print(json.dumps((name, describe(media.make(name)))), flush=True)
        return
    installed, other = (descriptions(Path(file).resolve()) for file in (_core.__file__, arguments.extension))
    found = differences(installed, other)
    print(*found, f"{len(media.NAMES)} videos, {len(found)} differences", sep="\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
