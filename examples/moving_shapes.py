"""
The videos of the examples
==========================

A synthetic action data set: a shape moves on a striped ground, and its motion is the class.

The position, size and angle of the shape have the same distribution in every class. The changing value runs
through its range and starts again. Therefore a single frame does not reveal the class. The videos are H.264
with x264's default options, like those of Kinetics.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import ffmpeg
import imageio_ffmpeg
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH, HEIGHT, FRAMES = 88, 72, 64
SPEEDS = {  # change of x, y and size per frame; each of the three is between 0 and 1
    "down": (0, 0.03, 0),
    "grow": (0, 0, 0.04),
    "left": (-0.03, 0, 0),
    "right": (0.03, 0, 0),
    "shrink": (0, 0, -0.04),
    "up": (0, -0.03, 0),
}
CLASSES = tuple(SPEEDS)


def make(train: int = 4, val: int = 2) -> Path:
    """Make `train` and `val` videos per class, in a new folder of the working directory; return the folder.

    A folder of this name that exists is complete, and nothing is written into it.
    """
    root = Path(f"moving-shapes-{train}-{val}")
    if root.exists():
        return root
    unfinished = root.with_name(f"{root.name}.part")
    wanted = [
        (unfinished / split / name / f"{number:03}.mp4", (number, label, split == "val"))
        for split, count in (("train", train), ("val", val))
        for label, name in enumerate(CLASSES)
        for number in range(count)
    ]
    missing = [(path, seed) for path, seed in wanted if not path.exists()]
    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda job: _encode(job[0], _frames(*job[1])), missing))
    unfinished.rename(root)
    return root


def _frames(number: int, label: int, val: bool) -> NDArray[np.uint8]:
    """Give the frames of one video, uint8 (T, H, W, 3)."""
    rng = np.random.default_rng([number, label, int(val)])
    speed = np.array(SPEEDS[CLASSES[label]]) * rng.uniform(0.7, 1.3)
    state, angle = rng.uniform(0, 1, 3), rng.uniform(0, 2 * math.pi)
    sides = int(rng.integers(2, 5))  # a bar, a triangle, a square
    shape, ground = rng.uniform(150, 255, 3), rng.uniform(20, 100, 3)
    stripes = rng.uniform(-0.3, 0.3, 2)
    down, right = np.mgrid[:HEIGHT, :WIDTH].astype(np.float64)
    backdrop = ground + 20 * np.sin(stripes[0] * right + stripes[1] * down)[..., None]
    frames = np.empty((FRAMES, HEIGHT, WIDTH, 3), np.uint8)
    for frame in frames:
        x, y, size = state
        inside = _inside(
            right - WIDTH * (0.3 + 0.4 * x), down - HEIGHT * (0.3 + 0.4 * y), angle, 8 + 10 * size, sides
        )
        frame[:] = np.where(inside[..., None], shape, backdrop)
        state = (state + speed) % 1
    return frames


def _inside(
    x: NDArray[np.float64], y: NDArray[np.float64], angle: float, radius: float, sides: int
) -> NDArray[np.bool_]:
    if sides == 2:
        along = x * math.cos(angle) + y * math.sin(angle)
        across = y * math.cos(angle) - x * math.sin(angle)
        return (abs(along) < radius) & (abs(across) < radius / 3)
    corner = 2 * math.pi / sides
    towards = (np.arctan2(y, x) - angle) % corner - corner / 2
    return np.hypot(x, y) * np.cos(towards) < radius * math.cos(corner / 2)


def _encode(path: Path, frames: NDArray[np.uint8]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    pictures = ffmpeg.input("pipe:", format="rawvideo", pix_fmt="rgb24", s=f"{WIDTH}x{HEIGHT}", r=25)
    output = pictures.output(str(unfinished), format="mp4", vcodec="libx264", pix_fmt="yuv420p", threads=1)
    output.run(cmd=imageio_ffmpeg.get_ffmpeg_exe(), input=frames.tobytes(), quiet=True, overwrite_output=True)
    unfinished.replace(path)
