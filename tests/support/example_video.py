"""The video that the examples of the documentation read as ``abseiling.mp4``."""

from __future__ import annotations

from pathlib import Path

import ffmpeg

from videos import ffmpeg_cli, media


def _write(path: Path) -> None:
    pictures = ffmpeg.input("testsrc2=size=454x256:rate=25:duration=10", f="lavfi")
    options = {"vcodec": "libx264", "pix_fmt": "yuv420p", "preset": "veryfast", "threads": 1}
    ffmpeg_cli.run(ffmpeg.output(pictures, str(path), fflags="+bitexact", **options))


def example_video() -> Path:
    """Return 250 frames of 454x256 at 25 frames per second."""
    return media.cached("abseiling.mp4", _write)
