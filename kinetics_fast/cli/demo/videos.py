"""Makes a few demo videos with ffmpeg and keeps them in the cache of the user."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from kinetics_fast.cli.exit_codes import CommandError
from kinetics_fast.cli.terminal import with_progress


@dataclass(frozen=True)
class Recipe:
    """A video: a picture source of ffmpeg, and options of x264."""

    name: str
    source: str
    seconds: float = 10
    encoding: dict[str, str | int] = field(default_factory=dict)


# Sizes and rates are those of Kinetics. Options of x264 are the defaults unless the name says otherwise.
RECIPES = (
    Recipe("test_chart.mp4", "testsrc2=size=340x256:rate=30"),
    Recipe("mandelbrot.mp4", "mandelbrot=size=454x256:rate=25:start_scale=1:end_scale=0.01:end_pts=250"),
    Recipe(
        "life.mp4", "life=size=80x60:rate=30:mold=20:seed=1:death_color=#C83232,scale=320:240:flags=neighbor"
    ),
    Recipe(
        "no_b_frames.mkv", "zoneplate=size=426x240:rate=30:kx2=32:ky2=32:kt=1,hue=h=t*36:s=2", 10, {"bf": 0}
    ),
    Recipe("portrait.mp4", "gradients=size=240x426:rate=30:n=6:seed=4:speed=0.03", 10, {"g": 60}),
    Recipe("short.mp4", "testsrc=size=320x240:rate=25,rotate=t:fillcolor=gray", 3),
)


def make_demo_videos() -> Path:
    """Make the missing videos and return their folder."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(cache) / "kinetics-fast" / "demo-videos"
    folder.mkdir(parents=True, exist_ok=True)
    missing = [recipe for recipe in RECIPES if not (folder / recipe.name).exists()]
    for recipe in with_progress(missing, "making videos"):
        _make(recipe, folder / recipe.name)
    return folder


def _make(recipe: Recipe, path: Path) -> None:
    try:
        import ffmpeg
        import imageio_ffmpeg
    except ModuleNotFoundError as missing:
        advice = "pip install 'kinetics-fast[all]', or pass a folder of videos"
        raise CommandError(f"making demo videos needs {missing.name}: {advice}") from missing
    # The video gets its name when it is complete, so that an interrupted call leaves no incomplete video.
    unfinished = path.with_suffix(".part")
    stream = ffmpeg.input(recipe.source, format="lavfi", t=recipe.seconds).output(
        str(unfinished),
        format={".mp4": "mp4", ".mkv": "matroska"}[path.suffix],
        vcodec="libx264",
        pix_fmt="yuv420p",
        **recipe.encoding,
    )
    try:
        stream.run(cmd=imageio_ffmpeg.get_ffmpeg_exe(), quiet=True, overwrite_output=True)
    except ffmpeg.Error as error:
        last_words = error.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise CommandError(f"ffmpeg could not make {path.name}: {' '.join(last_words)}") from error
    unfinished.replace(path)
