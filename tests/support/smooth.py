"""A video without sharp edges, for comparisons with readers that convert colours in another way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from videos import ffmpeg_cli, media

LEVELS = 2.0  # a frame differs from another reader's by at most this on average


def _write(path: Path) -> None:
    moving = "testsrc2=size=160x120:rate=2:duration=30,hue=s=0.2,gblur=sigma=6,settb=1/25,setpts=N,fps=25"
    pictures = ffmpeg.input(moving, f="lavfi")
    options = {"vcodec": "libx264", "pix_fmt": "yuv420p", "g": 17, "bf": 2, "crf": 12, "threads": 1}
    ffmpeg_cli.run(ffmpeg.output(pictures, str(path), fflags="+bitexact", **options))


def smooth_video() -> Path:
    """Return a video of 60 frames of 160x120 with B-frames and a key frame every 17 frames."""
    return media.cached("smooth.mp4", _write)


def turned_video() -> Path:
    """Return the same video with a display matrix that turns it by 90 degrees."""

    def write(path: Path) -> None:
        ffmpeg_cli.remux(smooth_video(), path, before={"display_rotation": 90})

    return media.cached("smooth_turned.mp4", write)


def distance(first: NDArray[Any], second: NDArray[Any]) -> float:
    """Return the difference in levels, on average over all pixels."""
    return float(np.abs(first.astype(np.float64) - second.astype(np.float64)).mean())


def assert_same_frames(frames: NDArray[Any], others: NDArray[Any]) -> None:
    """Check that each frame is near the other's frame, and nearer to it than to the frames around it."""
    assert (frames.shape, frames.dtype) == (others.shape, others.dtype)
    for number, frame in enumerate(frames):
        near = distance(frame, others[number])
        assert near <= LEVELS, f"frame {number} differs by {near} levels"
        for neighbour in {max(number - 1, 0), min(number + 1, len(others) - 1)} - {number}:
            assert near < distance(frame, others[neighbour]) / 1.5, f"frame {number} looks like {neighbour}"
