"""The test videos by name. Each video is made once and kept in the user's cache.

The name of the cache folder is a hash of the modules of this package and ffmpeg's version, so that a changed
recipe never gives an old file. `make` proves that a new file has its property before it returns the file.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from videos import (
    ffmpeg_cli,
    recipes_av1,
    recipes_colour,
    recipes_container,
    recipes_crafted,
    recipes_fields,
    recipes_formats,
    recipes_geometry,
    recipes_hevc,
    recipes_joined,
    recipes_mpeg,
    recipes_mpeg4,
    recipes_properties,
    recipes_stream,
    recipes_tables,
    recipes_times,
    recipes_vc1,
    recipes_vp6,
    recipes_vpx,
)
from videos.oracle import Format

if TYPE_CHECKING:
    from collections.abc import Callable

    from videos.recipes import Recipe

Pixels = NDArray[np.uint8]
RECIPES: dict[str, Recipe] = {
    **recipes_stream.recipes(),
    **recipes_colour.recipes(),
    **recipes_container.recipes(),
    **recipes_crafted.recipes(),
    **recipes_formats.recipes(),
    **recipes_geometry.recipes(),
    **recipes_fields.recipes(),
    **recipes_hevc.recipes(),
    **recipes_joined.recipes(),
    **recipes_mpeg.recipes(),
    **recipes_mpeg4.recipes(),
    **recipes_properties.recipes(),
    **recipes_tables.recipes(),
    **recipes_times.recipes(),
    **recipes_vc1.recipes(),
    **recipes_vp6.recipes(),
    **recipes_vpx.recipes(),
    **recipes_av1.recipes(),
}
NAMES = sorted(RECIPES)


@cache
def folder() -> Path:
    """Return the folder that holds the videos of these recipes and this ffmpeg."""
    text = b"".join(source.read_bytes() for source in sorted(Path(__file__).parent.glob("*.py")))
    key = hashlib.sha256(text + ffmpeg_cli.version().encode()).hexdigest()[:16]
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    path = root / "kinetics_fast-tests" / key
    path.mkdir(parents=True, exist_ok=True)
    return path


def cached(name: str, write: Callable[[Path], None]) -> Path:
    """Return the cached file; if it is missing, `write` makes it in a scratch folder, then it is moved."""
    path = folder() / name
    if not path.exists():
        scratch = Path(tempfile.mkdtemp(dir=folder()))
        try:
            write(scratch / name)
            (scratch / name).replace(path)
        finally:
            shutil.rmtree(scratch)
    return path


def make(name: str) -> Path:
    """Return the test video `name`; if it is not cached, make the video and prove its property."""
    recipe = RECIPES[name]

    def write(path: Path) -> None:
        recipe.make(path)
        if not recipe.proof(ffmpeg_cli.Facts(path)):
            raise AssertionError(f"{name} must have the property: {recipe.about}")

    return cached(name, write)


def noise(width: int, height: int, pix_fmt: str = "yuv420p", **tags: str) -> Path:
    """Return a video of two pictures of random samples, encoded nearly without loss.

    `tags` are ffmpeg's options colorspace, color_range and chroma_sample_location.
    """
    name = "-".join(["noise", f"{width}x{height}", pix_fmt, *tags.values()]) + ".mp4"

    def write(path: Path) -> None:
        form = Format(pix_fmt)
        samples = sum(rows * columns for rows, columns in form.shapes(width, height))
        values = np.random.default_rng(samples).integers(0, 1 << form.depth, 2 * samples)
        source = ffmpeg.input(
            "pipe:", format="rawvideo", pix_fmt=pix_fmt, video_size=(width, height), framerate=25
        )
        codec = "libx264rgb" if form.is_rgb else "libx264"
        options = {"vcodec": codec, "preset": "ultrafast", "qp": 8, "threads": 1, "pix_fmt": pix_fmt, **tags}
        data = values.astype("<u2" if form.depth > 8 else "u1").tobytes()
        ffmpeg_cli.run(ffmpeg.output(source, str(path), fflags="+bitexact", **options), data)
        words = set(re.findall(r"\w+", ffmpeg_cli.Facts(path).info))
        if not set(tags.values()) - {"tv", "left"} <= words | {tags.get("chroma_sample_location", "")}:
            raise AssertionError(f"{name} must be tagged {tags}, got {sorted(words)}")

    return cached(name, write)
