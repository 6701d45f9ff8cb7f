"""What is known of a video without decoding a frame."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias, cast

import numpy as np
import numpy.typing as npt

from kinetics_fast import _core
from kinetics_fast._decode.index_request import IndexedSource
from kinetics_fast._decode.source import OpenedSource

FieldOrder: TypeAlias = Literal["progressive", "tt", "bb", "tb", "bt"]


@dataclass(frozen=True, slots=True)
class VideoColor:
    """Colour properties of a stream, in the names that FFmpeg uses; None for what the file does not say.

    Attributes
    ----------
    primaries : str or None
        Chromaticities of the primary colours, such as ``bt709`` or ``bt2020``.
    transfer : str or None
        Transfer characteristics, such as ``bt709``, ``smpte2084`` or ``arib-std-b67``. Not applied.
    matrix : str or None
        Matrix between YCbCr and RGB, such as ``bt709`` or ``smpte170m``. Applied; BT.601 if None.
    range : str or None
        ``tv`` (limited) or ``pc`` (full). Applied; limited if None.
    chroma_location : str or None
        Position of the chroma samples, such as ``left`` or ``topleft``. Applied.

    Examples
    --------
    >>> kf.Video("abseiling.mp4").color.matrix
    """

    primaries: str | None
    transfer: str | None
    matrix: str | None
    range: str | None
    chroma_location: str | None


class VideoFacts:
    """The source of a video, and the properties that its frame index knows: the base of `Video`."""

    __slots__ = ("_indexed", "_timestamps")

    def __init__(self, indexed: IndexedSource) -> None:
        self.__setstate__(indexed)

    def __getstate__(self) -> tuple[OpenedSource, _core.FrameIndex]:
        return self._source, self._index

    def __setstate__(self, state: tuple[OpenedSource, _core.FrameIndex]) -> None:
        self._indexed = IndexedSource(*state)
        self._timestamps: npt.NDArray[np.float64] | None = None

    @property
    def _source(self) -> OpenedSource:
        return self._indexed.source

    @property
    def _index(self) -> _core.FrameIndex:
        return self._indexed.frame_index

    def __len__(self) -> int:
        return len(self._index)

    def __repr__(self) -> str:
        return (
            f"<kf.Video {self._source.name!r}: {len(self)} frames, {self.width}x{self.height}, "
            f"{self.fps:.6g} fps, {self.codec}, {self.pixel_format}>"
        )

    @property
    def num_frames(self) -> int:
        """Number of frames, ``len(video)``, under the name that samplers use."""
        return len(self._index)

    @property
    def width(self) -> int:
        """Width in pixels, after the container's cropping and rotation."""
        return self._index.width

    @property
    def height(self) -> int:
        """Height in pixels, after the container's cropping and rotation."""
        return self._index.height

    @property
    def fps(self) -> float:
        """Average frames per second according to the container, else frames / duration."""
        return self._index.fps

    @property
    def duration(self) -> float:
        """Seconds from the first frame's pts to the end of the last frame."""
        return self._index.duration

    @property
    def codec(self) -> str:
        """FFmpeg's name of the codec, such as ``h264``."""
        return self._index.codec

    @property
    def pixel_format(self) -> str:
        """FFmpeg's name of the format of the decoded planes, such as ``yuv420p``."""
        return self._index.pixel_format

    @property
    def rotation(self) -> int:
        """Clockwise rotation in degrees that makes the decoded picture upright: 0, 90, 180 or 270."""
        return self._index.rotation

    @property
    def stream_index(self) -> int:
        """Position of the stream that is read among the container's streams."""
        return self._index.stream

    @property
    def bit_rate(self) -> int:
        """Bits per second according to the container, else the size of all packets / duration."""
        return self._index.bit_rate

    @property
    def sample_aspect_ratio(self) -> Fraction:
        """Width of a pixel divided by its height, after rotation; 1 if the file does not say it.

        It is not applied: a frame is shown in its proportions at ``width * sample_aspect_ratio`` by
        ``height``.
        """
        return Fraction(*self._index.sample_aspect_ratio)

    @property
    def field_order(self) -> FieldOrder | None:
        """Whether and how the pictures are interlaced, in FFmpeg's names; None if the file does not say it.

        ``progressive``; ``tt`` or ``bb``: the top or the bottom field is coded and shown first; ``tb``: the
        top field is coded first and the bottom field is shown first; ``bt``: the reverse. It is not applied:
        both fields of a frame are in its rows.
        """
        return cast("FieldOrder | None", self._index.field_order)

    @property
    def color(self) -> VideoColor:
        """Colour properties of the stream, in FFmpeg's names."""
        return VideoColor(*self._index.color)

    @property
    def timestamps(self) -> npt.NDArray[np.float64]:
        """Seconds at which each frame is first shown, shape (N,), read-only: pts x time base."""
        if self._timestamps is None:
            timestamps = self._index.timestamps()
            timestamps.flags.writeable = False
            self._timestamps = timestamps
        return self._timestamps

    @property
    def pts(self) -> npt.NDArray[np.int64]:
        """Presentation timestamp of each frame in ticks of `time_base`, after edit lists, (N,), read-only."""
        pts = self._index.pts()
        pts.flags.writeable = False
        return pts

    @property
    def time_base(self) -> Fraction:
        """Seconds per tick of `pts`, such as ``Fraction(1, 12800)``."""
        return Fraction(*self._index.time_base)

    @property
    def keyframes(self) -> npt.NDArray[np.int64]:
        """Numbers of the frames at which decoding can begin, ascending."""
        return self._index.keyframes()
