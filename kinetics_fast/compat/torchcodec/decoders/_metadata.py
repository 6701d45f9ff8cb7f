"""The metadata of a video stream under torchcodec's names."""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction

import numpy as np
import numpy.typing as npt

import kinetics_fast as kf


@dataclass
class StreamMetadata:
    """What is known of any stream. Times are in seconds; a field that is not known is None."""

    duration_seconds_from_header: float | None
    begin_stream_seconds_from_header: float | None
    bit_rate: float | None
    codec: str | None
    stream_index: int
    duration_seconds: float | None
    begin_stream_seconds: float | None

    def __repr__(self) -> str:
        values = "".join(f"  {field.name}: {getattr(self, field.name)}\n" for field in fields(self))
        return f"{type(self).__name__}:\n{values}"


@dataclass(repr=False)
class VideoStreamMetadata(StreamMetadata):
    """What is known of a video stream. All numbers come from the frames, those named ``from_header`` too.

    The exception is ``average_fps_from_header``. ``average_fps`` is the number of frames / the duration.
    """

    begin_stream_seconds_from_content: float | None
    end_stream_seconds_from_content: float | None
    width: int | None
    height: int | None
    num_frames_from_header: int | None
    num_frames_from_content: int | None
    average_fps_from_header: float | None
    pixel_aspect_ratio: Fraction | None
    rotation: float | None
    color_primaries: str | None
    color_space: str | None
    color_transfer_characteristic: str | None
    pixel_format: str | None
    end_stream_seconds: float | None
    num_frames: int | None
    average_fps: float | None


def metadata_of(video: kf.Video) -> VideoStreamMetadata:
    """Return the metadata of a video."""
    begin, duration, frames = float(video.timestamps[0]), video.duration, len(video)
    end = begin + duration
    pixel = video.sample_aspect_ratio
    return VideoStreamMetadata(
        duration_seconds_from_header=duration,
        begin_stream_seconds_from_header=begin,
        bit_rate=video.bit_rate,
        codec=video.codec,
        stream_index=video.stream_index,
        duration_seconds=duration,
        begin_stream_seconds=begin,
        begin_stream_seconds_from_content=begin,
        end_stream_seconds_from_content=end,
        width=video.width,
        height=video.height,
        num_frames_from_header=frames,
        num_frames_from_content=frames,
        average_fps_from_header=video.fps,
        pixel_aspect_ratio=1 / pixel if video.rotation % 180 else pixel,  # before rotation
        rotation=_counterclockwise(video.rotation),
        color_primaries=video.color.primaries,
        color_space=video.color.matrix,
        color_transfer_characteristic=video.color.transfer,
        pixel_format=video.pixel_format,
        end_stream_seconds=end,
        num_frames=frames,
        average_fps=frames / duration if duration > 0 else video.fps,
    )


def _counterclockwise(rotation: int) -> float | None:
    """Return a clockwise rotation counterclockwise in -180..180, or None if there is none."""
    return (None, -90.0, 180.0, 90.0)[rotation // 90]


def durations_of(video: kf.Video) -> npt.NDArray[np.float64]:
    """Return the seconds from each frame to the next, by ticks, which have exact differences."""
    ticks = video.time_base
    end = round((float(video.timestamps[0]) + video.duration) / ticks)
    durations: npt.NDArray[np.float64] = np.diff(video.pts, append=end) * ticks.numerator / ticks.denominator
    return durations
