"""Collects facts about one video, as `kinetics-fast info --json` prints them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kinetics_fast import _core
from kinetics_fast._decode.source import as_local
from kinetics_fast._decode.video import Video, source_and_index
from kinetics_fast.preparation.layout import read_layout
from kinetics_fast.preparation.window_cost import measure_window

if TYPE_CHECKING:
    import os


def describe(file: str | os.PathLike[str]) -> dict[str, Any]:
    """Return facts about a video, and the cost of decoding a window.

    Parameters
    ----------
    file : str or os.PathLike
        The video.

    Returns
    -------
    dict
        ``file``, ``container``, ``streams`` (kind and codec of each, and whether it is read), ``codec``,
        ``width``, ``height``, ``fps``, ``frames``, ``duration`` in seconds, ``pixel_format``, ``rotation`` in
        degrees, ``sample_aspect_ratio`` (such as ``4:3``), ``field_order``, ``color`` (the fields of
        `VideoColor`), ``bit_rate`` (bits per second), ``missing_packets`` (listed past the end of the file),
        ``keyframes`` (frame numbers), ``keyframe_spacing`` (mean, in frames), ``for_reading`` (whether the
        file is laid out for reading as `prepare` does it; None if the codec does not tell), ``window`` (the
        fields of `WindowCost`).

    Raises
    ------
    Error
        The video cannot be read.
    """
    video = Video(file)
    opened, index = source_and_index(video)
    source = as_local(opened)
    ticket = _core.submit_facts(source)
    ticket.wait()
    container, streams = ticket.result()
    layout = read_layout(source)
    return {
        "file": str(file),
        "container": container,
        "streams": [
            {"kind": kind, "codec": codec, "read": number == video.stream_index}
            for number, (kind, codec) in enumerate(streams)
        ],
        "codec": video.codec,
        "width": video.width,
        "height": video.height,
        "fps": video.fps,
        "frames": len(video),
        "duration": video.duration,
        "pixel_format": video.pixel_format,
        "rotation": video.rotation,
        "sample_aspect_ratio": "{}:{}".format(*video.sample_aspect_ratio.as_integer_ratio()),
        "field_order": video.field_order,
        "color": asdict(video.color),
        "bit_rate": video.bit_rate,
        "missing_packets": index.missing_packets,
        "keyframes": video.keyframes.tolist(),
        "keyframe_spacing": index.keyframe_spacing,
        "for_reading": None if layout is None else layout.is_for_reading,
        "window": asdict(measure_window(video)),
    }
