"""Measures prepared clips against their sources: SSIM and PSNR by ffmpeg, sizes, and the cost of reading.

Both inputs of ffmpeg's filters `ssim` and `psnr` are cut to the number of frames that both files have, and
get the frame number as their time. Without that, the filters pair frames by time and repeat the last frame
of the shorter input, which moves the result at random.
"""

from __future__ import annotations

import base64
import io
import math
import re
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from kinetics_fast._decode.video import Video
from kinetics_fast.dataset_index.quality_file import ClipQuality
from kinetics_fast.preparation.arguments import filters, input_options
from kinetics_fast.preparation.errors import PrepareError
from kinetics_fast.preparation.source_clip import SourceClip, SourcePlace, open_clip
from kinetics_fast.preparation.window_cost import compare_windows

if TYPE_CHECKING:
    from kinetics_fast.preparation.encoder import Encoder
    from kinetics_fast.preparation.recipe import Recipe

BEST_PSNR: Final = 100.0  # dB, for frames that are equal
_SSIM = re.compile(r"^n:\d+ .*All:([\d.]+)", re.MULTILINE)
_PSNR = re.compile(r"^n:\d+ .*psnr_y:(\S+)", re.MULTILINE)


def measure_quality(
    name: str, source: SourcePlace, prepared: SourcePlace, recipe: Recipe, encoder: Encoder
) -> ClipQuality:
    """Compare one prepared clip with its source.

    Parameters
    ----------
    name : str
        The path of the prepared file in the target.
    source, prepared : SourcePlace
        The two files.
    recipe : Recipe
        How the clip was encoded, which says how the source is scaled.
    encoder : Encoder
        Runs ffmpeg.

    Returns
    -------
    ClipQuality

    Raises
    ------
    ClipError
        One of the files cannot be read.
    PrepareError
        ffmpeg compared another number of frames than both files have.
    """
    clip, written = open_clip(source), Video(prepared.as_source())
    ssim = frame_ssim(clip, prepared, recipe, encoder)
    psnr = _per_frame("psnr", _PSNR, clip, prepared, recipe, encoder)
    for values in (ssim, psnr):
        if not len(values) == clip.frames == len(written):
            counts = f"{len(values)} compared, {clip.frames} in the source, {len(written)} written"
            raise PrepareError(f"{name}: the numbers of frames differ: {counts}")
    before, after = compare_windows(clip.video, written)
    worst = int(np.argmin(ssim))
    return ClipQuality(
        name,
        clip.frames,
        float(np.mean(ssim)),
        float(np.mean(np.minimum(psnr, BEST_PSNR))),
        ssim,
        worst,
        _side_by_side(clip.video, written, worst),
        source.size_in_bytes(),
        prepared.size_in_bytes(),
        before.packets_sent,
        after.packets_sent,
        before.seconds_cpu,
        after.seconds_cpu,
    )


def frame_ssim(clip: SourceClip, prepared: SourcePlace, recipe: Recipe, encoder: Encoder) -> list[float]:
    """Return the SSIM of each frame that ffmpeg compares. The caller checks their number."""
    return _per_frame("ssim", _SSIM, clip, prepared, recipe, encoder)


def _per_frame(
    measure: str,
    pattern: re.Pattern[str],
    clip: SourceClip,
    prepared: SourcePlace,
    recipe: Recipe,
    encoder: Encoder,
) -> list[float]:
    """Return the values that one of ffmpeg's filters prints, one per frame."""
    import ffmpeg

    numbered = f"trim=end_frame={clip.frames},settb=1/25,setpts=N"
    graph = (
        f"[0:V:0]{filters(clip, recipe)},{numbered}[source];"
        f"[1:V:0]format={recipe.pixel_formats()},{numbered}[written];"
        f"[written][source]{measure}=stats_file=-"
    )
    sources = [
        ffmpeg.input(clip.place.as_url(), **input_options(clip)),
        ffmpeg.input(prepared.as_url(), threads=1, protocol_whitelist="file,subfile"),
    ]
    options = {"filter_complex": graph, "fps_mode": "passthrough", "threads": 1, "f": "null"}
    stream = ffmpeg.output(*(each["V:0"] for each in sources), "-", **options)
    arguments = ffmpeg.get_args(stream)
    while "-map" in arguments:  # the filters take the inputs; ffmpeg-python would map them as well
        at = arguments.index("-map")
        del arguments[at : at + 2]
    whole = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", "-filter_complex_threads", "1"]
    output = encoder.run([*whole, *arguments])
    return [math.inf if value == "inf" else float(value) for value in pattern.findall(output)]


def _side_by_side(before: Video, after: Video, frame: int) -> str:
    size = after.height, after.width
    pair = np.concatenate([video.frames([frame], size=size)[0] for video in (before, after)], axis=1)
    buffer = io.BytesIO()
    Image.fromarray(pair).save(buffer, "WEBP", quality=90, method=4)
    return base64.b64encode(buffer.getvalue()).decode()
