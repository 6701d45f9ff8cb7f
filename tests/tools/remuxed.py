"""Copies a video stream packet by packet, so that packets can be left out, doubled or moved."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import av

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

KEEP_TIMES = {"avoid_negative_ts": "disabled"}
ERRORS = (av.error.FFmpegError, ValueError)  # of containers that cannot be written, or not with these packets


def packets(source: Path) -> list[bytes]:
    """Return the packets of the first video stream."""
    with av.open(str(source)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def second_fields(source: Path) -> list[bool]:
    """Return which packets have the time of the packet before them, or none: second fields have."""
    found: list[bool] = []
    before: int | None = None
    with av.open(str(source)) as container:
        for packet in container.demux(video=0):
            if packet.size:
                found.append(bool(found) and packet.pts in {None, before})
                before = before if found[-1] else packet.pts
    return found


def times(source: Path) -> list[float]:
    """Return the presentation times of the packets that have one, in seconds."""
    with av.open(str(source)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
        return [float(packet.pts * packet.time_base) for packet in packets if packet.pts is not None]


def extradata(source: Path) -> bytes:
    """Return the headers of the first video stream that its container holds."""
    with av.open(str(source)) as container:
        return container.streams.video[0].codec_context.extradata or b""


def times_tell_pictures(path: Path) -> bool:
    """Whether every packet has its own presentation time, and pictures come out in the order of the times.

    Some containers have no such times, and some files have decode times in their place.
    """
    with av.open(str(path)) as container:
        times = [packet.pts for packet in container.demux(video=0) if packet.size]
    if None in times or len(set(times)) < len(times):
        return False
    with av.open(str(path)) as container:
        shown = [frame.pts for frame in container.decode(video=0)]
    return shown == sorted(shown, key=lambda time: -1 if time is None else time)


def copy(source: Path, target: Path, ordinals: Iterable[int]) -> None:
    """Write the packets with these ordinals into `target`, each with its own presentation time.

    All times are later than in `source`, by as much as makes the earliest of `source` positive. A packet that
    comes again or too late gets a decode time just after that of the packet before it.
    """
    chosen = list(ordinals)
    with av.open(str(source)) as read, av.open(str(target), "w", options=KEEP_TIMES) as written:
        stream = written.add_stream_from_template(read.streams.video[0], opaque=True)
        packets = [packet for packet in read.demux(video=0) if packet.size]
        shown = [packet.pts for packet in packets]
        times = _decode_times([packet.dts for packet in packets], shown)
        late = max(0, -min(times + [time for time in shown if time is not None]))
        last = times[0] - 1
        for ordinal in chosen:
            packet, pts = packets[ordinal], shown[ordinal]
            last = max(last + 1, times[ordinal])
            packet.dts = late + last
            packet.pts = None if pts is None else late + pts
            packet.stream = stream
            written.mux_one(packet)


def _decode_times(times: list[int | None], shown: list[int | None]) -> list[int]:
    """Return decode times that ascend, none of them later than the presentation time.

    A container may give none for the first packets, or none at all.
    """
    known = [time for time in times if time is not None] or [0]
    step = max(1, min((b - a for a, b in pairwise(known) if b > a), default=1))
    first = next((number for number, time in enumerate(times) if time is not None), 0)
    filled: list[int] = []
    for time in times:
        before = filled[-1] if filled else known[0] - step * (first + 1)
        filled.append(before + step if time is None else max(time, before + 1))
    lead = max((dts - pts for dts, pts in zip(filled, shown, strict=True) if pts is not None), default=0)
    return [time - max(0, lead) for time in filled]
