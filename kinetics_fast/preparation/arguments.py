"""The arguments of ffmpeg for one clip. ffmpeg-python puts them together; nothing is run here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from kinetics_fast.preparation.recipe import Recipe
    from kinetics_fast.preparation.source_clip import SourceClip

LEAST_TICKS: Final = 10_000  # per second; a coarser clock cannot tell players when the last frame ends
MOST_TICKS: Final = (1 << 31) - 1
FALLBACK_TICKS: Final = 1_000_000
PLAIN: Final = ("yuv420p", "yuvj420p")
# `scale` drops the position of the chroma samples; H.264 without a tag means `left`.
SCALER: Final = "flags=bicubic+accurate_rnd+full_chroma_int:out_chroma_loc=left"


def ticks_per_second(clip: SourceClip) -> int:
    """Return the clock of the prepared file. Every time of the source is a whole number of its ticks."""
    ticks = clip.time_base.denominator
    if ticks > MOST_TICKS:
        return FALLBACK_TICKS
    while ticks < LEAST_TICKS:
        ticks *= 2
    return ticks


def filters(clip: SourceClip, recipe: Recipe) -> str:
    """Return the filters that turn a picture of the source into the one that is encoded.

    ffmpeg applies rotation, mirroring and the container's cropping before them. The sample aspect ratio is
    kept as a tag; `scale` would change it by the rounding of the size. Fields stay woven.
    """
    width, height = clip.size(recipe)
    scale = SCALER + (":out_color_matrix=smpte170m:out_range=tv" if clip.is_rgb else "")
    if clip.is_scaled(recipe):
        ratio = f"sar*{width * clip.video.height}/{height * clip.video.width}"
        chain = [f"scale={width}:{height}:{scale}", f"setsar='{ratio}':max=10000"]
    else:
        chain = [f"crop={width}:{height}:0:0:exact=1"]
        if clip.video.pixel_format not in PLAIN:
            chain.append(f"scale={scale}")
    chain.append(f"format={recipe.pixel_formats()}")
    if clip.is_rgb:
        chain.append("setparams=range=tv:colorspace=smpte170m")
    return ",".join([*chain, "setfield=prog", *_times(clip)])


def _times(clip: SourceClip) -> list[str]:
    """Return filters that set the times of equally spaced frames from the index.

    For streams with B-pictures in AVI, ASF and other containers that store decoding times alone, ffmpeg
    guesses the times of the pictures. All other times are taken as ffmpeg has them, and checked afterwards.
    """
    first, steps = int(clip.pts[0]) + clip.shift, np.diff(clip.pts)
    if len(steps) and steps.min() != steps.max():
        return []
    step = int(steps[0]) if len(steps) else 0
    return [f"settb={clip.time_base.numerator}/{clip.time_base.denominator}", f"setpts={first}+{step}*N"]


def input_options(clip: SourceClip) -> dict[str, Any]:
    """Return the options of ffmpeg for reading a source: one thread, and no other file or address."""
    options: dict[str, Any] = {"threads": 1, "protocol_whitelist": "file,subfile"}
    if clip.shift:
        options["itsoffset"] = f"{float(clip.shift * clip.time_base):.9f}"
    return options


def arguments(clip: SourceClip, recipe: Recipe, output: Path) -> list[str]:
    """Return the arguments, without the name of the program.

    Parameters
    ----------
    clip : SourceClip
        The source.
    recipe : Recipe
        How to encode it.
    output : Path
        The file to write.

    Returns
    -------
    list of str
    """
    import ffmpeg  # optional: comes with the extra `prepare`

    base = clip.time_base
    ticks = ticks_per_second(clip)
    clock = f"{base.numerator}/{base.denominator}" if base.denominator <= MOST_TICKS else f"1/{ticks}"
    options: dict[str, Any] = {
        "vf": filters(clip, recipe),
        "fps_mode": "passthrough",
        "enc_time_base": clock,
        "codec:v": "libx264",
        "threads": 1,
        "preset": recipe.preset,
        "x264-params": recipe.x264,
        "codec:a": "copy",
        "map_metadata": -1,
        "map_chapters": -1,
        "video_track_timescale": ticks,
        "movie_timescale": ticks,
        "movflags": "+faststart",
        "fflags": "+bitexact",
        "flags:v": "+bitexact",
        "f": "mp4",
    }
    source = ffmpeg.input(clip.place.as_url(), **input_options(clip))
    streams = [source["V:0"], *([source["a?"]] if recipe.audio == "copy" else [])]
    stream = ffmpeg.output(*streams, f"file:{output}", **options)
    whole = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", "-xerror"]
    whole += ["-copyts", "-filter_threads", "1", "-y"]
    return [*whole, *ffmpeg.get_args(stream)]
