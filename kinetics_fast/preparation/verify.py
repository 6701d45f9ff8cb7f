"""Compares a file that was written with its source, before the file gets its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from kinetics_fast._decode.batch import Batch
from kinetics_fast._decode.clip import Clip
from kinetics_fast._decode.decode_clips import decode_clips
from kinetics_fast._decode.source import local_source
from kinetics_fast._decode.status import FrameStatus
from kinetics_fast._decode.video import Video, video_of
from kinetics_fast.errors import Error, ResourceError
from kinetics_fast.preparation.errors import ClipError
from kinetics_fast.preparation.layout import index_packets, why_not_as_written
from kinetics_fast.scan.verdict import reason_of

if TYPE_CHECKING:
    from pathlib import Path

    from kinetics_fast.preparation.recipe import Recipe
    from kinetics_fast.preparation.source_clip import SourceClip

THUMBNAIL: Final = 16  # pixels per side: means over areas, in which neither grain nor rounding matters
MOST_DIFFERENT: Final = 12.0  # mean difference of 8-bit RGB between two thumbnails


@dataclass(frozen=True)
class Verified:
    """A file that has what its source has."""

    frames: int
    droppable_share: float


def verify(path: Path, clip: SourceClip, recipe: Recipe) -> Verified:
    """Check frames, size, times, layout, and the first and last picture of a file.

    Parameters
    ----------
    path : Path
        The file that was written.
    clip : SourceClip
        Its source.
    recipe : Recipe
        How the file was encoded. The layout is not checked if the caller gave parameters of x264.

    Raises
    ------
    ClipError
        The file differs from its source, or cannot be read.
    """
    source = local_source(path)
    try:
        index = index_packets(source)
    except ResourceError:
        raise
    except Error as error:
        raise ClipError(f"the file that ffmpeg wrote cannot be read: {reason_of(error)}") from error
    video = video_of(source, index)
    if len(video) != clip.frames:
        raise ClipError(f"ffmpeg wrote {len(video)} frames, the source has {clip.frames}")
    if (video.width, video.height) != clip.size(recipe):
        raise ClipError(f"ffmpeg wrote {video.width}x{video.height} pixels, expected {clip.size(recipe)}")
    _check_times(video, clip)
    if not recipe.own_parameters and (why := why_not_as_written(index)):
        raise ClipError(f"the file that ffmpeg wrote is not laid out for reading: {why}")
    _check_pictures(video, clip)
    return Verified(len(video), index.droppable_share or 0.0)


def _check_times(video: Video, clip: SourceClip) -> None:
    """Compare in whole numbers: products of ticks are exact in Python's int."""
    ours, theirs = video.time_base, clip.time_base
    scale = ours.numerator * theirs.denominator
    for frame, (written, given) in enumerate(zip(video.pts.tolist(), clip.pts.tolist(), strict=True)):
        wanted = (given + clip.shift) * theirs.numerator * ours.denominator
        if abs(written * scale - wanted) > scale:
            seconds = float(written * ours), float((given + clip.shift) * theirs)
            raise ClipError(f"frame {frame} is shown at {seconds[0]:.6f} s, expected {seconds[1]:.6f} s")


def _check_pictures(video: Video, clip: SourceClip) -> None:
    frames = sorted({0, clip.frames - 1})
    written, given = (_thumbnails(each, frames) for each in (video, clip.video))
    if written.status.max() != FrameStatus.OK:
        raise ClipError("the file that ffmpeg wrote does not decode")
    if given.status.max() != FrameStatus.OK:
        raise ClipError("the first or the last frame of the source is damaged")
    differences = np.abs(written.frames.astype(np.float64) - given.frames).mean(axis=(0, 2, 3, 4))
    for frame, difference in zip(frames, differences.tolist(), strict=True):
        if difference > MOST_DIFFERENT:
            raise ClipError(f"frame {frame} differs from the source by {difference:.1f} of 255 on average")


def _thumbnails(video: Video, frames: list[int]) -> Batch:
    return decode_clips([Clip(video, indices=frames)], size=THUMBNAIL, threads=1, on_error="zero")
