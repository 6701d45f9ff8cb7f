"""The test videos by name, each made once and kept in the user's cache.

A file's folder is named by a hash of the recipes and ffmpeg's version, so that a changed recipe is never
served from an old file. `make` proves that the file has the property it is named for before anyone sees it.
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

from support import ffmpeg_cli
from support.oracle import Format
from videos import (
    recipes_av1,
    recipes_colour,
    recipes_container,
    recipes_crafted,
    recipes_fields,
    recipes_formats,
    recipes_hevc,
    recipes_joined,
    recipes_mpeg,
    recipes_mpeg4,
    recipes_stream,
    recipes_tables,
    recipes_times,
    recipes_vc1,
    recipes_vp6,
    recipes_vpx,
)

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
    **recipes_fields.recipes(),
    **recipes_hevc.recipes(),
    **recipes_joined.recipes(),
    **recipes_mpeg.recipes(),
    **recipes_mpeg4.recipes(),
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
    here = Path(__file__).parent
    sources = [here / name for name in ("media.py", "ffmpeg_cli.py", "oracle.py")]
    sources += sorted((here.parent / "videos").glob("*.py"))
    text = b"".join(source.read_bytes() for source in sources)
    key = hashlib.sha256(text + ffmpeg_cli.version().encode()).hexdigest()[:16]
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    path = root / "kinetics_fast-tests" / key
    path.mkdir(parents=True, exist_ok=True)
    return path


def cached(name: str, write: Callable[[Path], None]) -> Path:
    """Return the cached file, written by `write` in a folder of its own and moved into place whole."""
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
    """Return the test video called `name`, making and proving it where it is not cached."""
    recipe = RECIPES[name]

    def write(path: Path) -> None:
        recipe.make(path)
        if not recipe.proof(ffmpeg_cli.Facts(path)):
            raise AssertionError(f"{name} is not what it is named for: {recipe.about}")

    return cached(name, write)


def noise(width: int, height: int, pix_fmt: str = "yuv420p", **tags: str) -> Path:
    """Return two pictures of random samples, nearly lossless, tagged as asked.

    `tags` are ffmpeg's colorspace, color_range and chroma_sample_location.
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
            raise AssertionError(f"{name} is not tagged so: {sorted(words)}")

    return cached(name, write)
