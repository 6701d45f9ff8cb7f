"""Facts about one video, as `kinetics-fast info` gives them to machines."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import kinetics_fast as kf
from kinetics_fast import _core
from kinetics_fast.cli.inspection.window_cost import measure_window

if TYPE_CHECKING:
    import os


def describe(file: str | os.PathLike[str]) -> dict[str, Any]:
    """Say what a video is and what a window of it costs.

    Parameters
    ----------
    file : str or os.PathLike
        The video.

    Returns
    -------
    dict
        ``file``, ``container``, ``streams`` (kind and codec of each, and whether it is the one that is
        read), ``codec``, ``width``, ``height``, ``fps``, ``frames``, ``duration`` in seconds,
        ``pixel_format``, ``rotation`` in degrees, ``missing_packets`` (listed past the end of the file),
        ``keyframes`` (frame numbers), ``keyframe_spacing`` (frames; the mean), ``window`` (what `WindowCost`
        has).

    Raises
    ------
    Error
        It cannot be read.
    """
    video = kf.Video(file)
    ticket = _core.submit_facts(video._source)
    ticket.wait()
    container, streams = ticket.result()
    return {
        "file": str(file),
        "container": container,
        "streams": [{"kind": kind, "codec": codec, "read": read} for kind, codec, read in streams],
        "codec": video.codec,
        "width": video.width,
        "height": video.height,
        "fps": video.fps,
        "frames": len(video),
        "duration": video.duration,
        "pixel_format": video.pixel_format,
        "rotation": video.rotation,
        "missing_packets": video._index.missing_packets,
        "keyframes": video.keyframes.tolist(),
        "keyframe_spacing": video._index.keyframe_spacing,
        "window": asdict(measure_window(video)),
    }
