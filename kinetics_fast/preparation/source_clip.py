"""One source file, what is known of it before it is encoded, and the size of the picture that it becomes."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from kinetics_fast._decode.source import FileRange, as_local
from kinetics_fast._decode.video import Video, source_and_index
from kinetics_fast.errors import Error, ResourceError
from kinetics_fast.preparation.errors import ClipError
from kinetics_fast.remote.remote_object import RemoteObject
from kinetics_fast.remote.source import Remote
from kinetics_fast.scan.decode_check import first_damage
from kinetics_fast.scan.header_hash import Fingerprint, fingerprint
from kinetics_fast.scan.remote_files import identity
from kinetics_fast.scan.verdict import reason_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kinetics_fast.preparation.recipe import Recipe

RGB = ("gbr", "rgb", "bgr", "pal8", "argb", "abgr", "0rgb", "0bgr")


@dataclass(frozen=True)
class SourcePlace:
    """A file, or a member of a tar archive that is read in place, on this machine or in a store.

    Attributes
    ----------
    path : str
        The file. Of an object in a store, its name in messages.
    offset, length : int or None
        The range in bytes; None for a whole file.
    remote : Remote or None
        The object in a store, which must be on disk before ffmpeg can read it.
    """

    path: str
    offset: int | None = None
    length: int | None = None
    remote: Remote | None = None

    def as_source(self) -> str | FileRange | Remote:
        """Return what `kf.Video` takes."""
        if self.remote is not None:
            return self.remote
        if self.offset is None or self.length is None:
            return self.path
        return FileRange(self.path, self.offset, self.length)

    def absolute(self) -> SourcePlace:
        """Return the place with the absolute path, for another process."""
        if self.remote is not None:
            return self
        return replace(self, path=os.path.abspath(self.path))  # noqa: PTH100 - a Path would change the path

    def as_url(self) -> str:
        """Return what ffmpeg takes. Its protocol is named, since a file name may look like another one."""
        path = os.path.abspath(self.path)  # noqa: PTH100 - a Path loses bytes that are not UTF-8 in messages
        if self.offset is None or self.length is None:
            return f"file:{path}"
        return f"subfile,,start,{self.offset},end,{self.offset + self.length},,:{path}"

    def fingerprint(self) -> Fingerprint:
        """Return what identifies the content.

        Raises
        ------
        OSError
            The file cannot be read.
        """
        if self.remote is not None:
            return identity(RemoteObject(self.remote))
        return fingerprint(self.path, self.offset, self.length)

    def size_in_bytes(self) -> int:
        """Return the number of bytes; 0 if the file cannot be looked at."""
        if self.length is not None:
            return self.length
        try:
            return os.stat(self.path).st_size  # noqa: PTH116 - half a million Path objects take seconds
        except OSError:
            return 0


@dataclass(frozen=True, eq=False)
class SourceClip:
    """The facts of a source that the arguments of ffmpeg and the check of its output need."""

    place: SourcePlace
    video: Video

    @property
    def frames(self) -> int:
        """Number of frames."""
        return len(self.video)

    @property
    def time_base(self) -> Fraction:
        """Seconds per tick of `pts`."""
        return self.video.time_base

    @property
    def pts(self) -> NDArray[np.int64]:
        """Timestamp of each frame in ticks."""
        return self.video.pts

    @property
    def is_rgb(self) -> bool:
        """Whether the pictures are red, green and blue."""
        return self.video.pixel_format.startswith(RGB)

    @property
    def shift(self) -> int:
        """Ticks to add to all times. An MP4 cannot begin before zero."""
        return max(0, -int(self.pts[0]))

    def size(self, recipe: Recipe) -> tuple[int, int]:
        """Return width and height of the prepared pictures: even, never larger than the source.

        The shorter side is scaled to ``recipe.short_side``. If nothing needs to be scaled, the last column or
        row of an odd size is left out.

        Raises
        ------
        ClipError
            The source has a side of one pixel, which 4:2:0 cannot store.
        """
        width, height = self.video.width, self.video.height
        if min(width, height) < 2:
            raise ClipError(
                f"the picture has {width}x{height} pixels; the smallest that can be prepared is 2x2"
            )
        if not self.is_scaled(recipe):
            return width // 2 * 2, height // 2 * 2
        assert recipe.short_side is not None
        short = recipe.short_side // 2 * 2
        long = max(short, 2 * round(max(width, height) * short / min(width, height) / 2))
        return (short, long) if width < height else (long, short)

    def is_scaled(self, recipe: Recipe) -> bool:
        """Return whether the picture is made smaller."""
        return recipe.short_side is not None and min(self.video.width, self.video.height) > recipe.short_side


def open_clip(place: SourcePlace) -> SourceClip:
    """Index a source.

    Raises
    ------
    ClipError
        The source cannot be read, lists frames that it does not have, or has times that an MP4 cannot store.
    ResourceError
        The machine has no memory, file descriptors or threads left.
    """
    try:
        video = Video(place.as_source())
    except ResourceError:
        raise
    except Error as error:
        raise ClipError(reason_of(error)) from error
    _, index = source_and_index(video)
    if index.missing_packets:
        listed = len(index) + index.missing_packets
        raise ClipError(f"truncated: {index.missing_packets} of {listed} listed frames are not in the file")
    if not len(video):
        raise ClipError("the video has no frames")
    if len(video) > 1 and int(np.diff(video.pts).min()) <= 0:
        frame = int(np.argmax(np.diff(video.pts) <= 0)) + 1
        raise ClipError(f"frame {frame} is not shown later than frame {frame - 1}")
    return SourceClip(place, video)


def check_undamaged(clip: SourceClip) -> None:
    """Decode every frame. A copy would hide damage, and ffmpeg does not report all of it.

    Raises
    ------
    ClipError
        A frame is damaged.
    """
    source, index = source_and_index(clip.video)
    (damage,) = first_damage([(as_local(source), index)], threads=1)
    if damage:
        raise ClipError(damage)
