"""A video that is copied with all of its packets, and what the tools of lost packets ask of the copy."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

import kinetics_fast as kf
from tools import remuxed
from tools.damage_check import read
from videos import bitstream
from videos.ffmpeg_cli import Facts

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from videos.trace_headers import Headers

SAME_TIME = 2e-3  # seconds; the times of some containers are rounded to a millisecond
FEW_TIMES = {".avi", ".asf", ".mpg", ".vob"}  # containers without a presentation time for every packet


class Whole:
    """A video that was copied with all of its packets, the way in which the rest of it is copied."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.path = folder / f"whole-{source.name}"
        self.packets = remuxed.packets(source)
        self.count = len(self.packets)
        remuxed.copy(source, self.path, range(self.count))
        self.video = kf.Video(self.path)
        self.codec = self.video.codec
        self.second_fields = remuxed.second_fields(source)
        self.extradata = remuxed.extradata(source)

    @cached_property
    def nal_types(self) -> list[set[int]]:
        return [{nal.type for nal in bitstream.split(packet)} for packet in self.packets]

    @cached_property
    def references(self) -> list[bool]:
        return [bitstream.is_reference(bitstream.split(packet)) for packet in self.packets]

    @cached_property
    def headers(self) -> list[Headers]:
        """The headers of each packet, as FFmpeg reads them."""
        found = Facts(self.path).headers
        assert len(found) == self.count
        return found

    @cached_property
    def batch(self) -> kf.Batch:
        return read(self.video, [list(range(len(self.video)))])

    @cached_property
    def timed(self) -> bool:
        return self.path.suffix not in FEW_TIMES and remuxed.times_tell_pictures(self.path)

    @cached_property
    def pictures(self) -> set[bytes]:
        return {frame.tobytes() for frame in self.batch.frames[0]}

    @cached_property
    def packet_times(self) -> NDArray[np.float64]:
        return np.array(remuxed.times(self.path))

    def times_tell_in(self, path: Path, lost: range) -> bool:
        """Whether the times in a copy without some packets are those of the whole video.

        Some muxers move all times where the first packet is lost.
        """
        if not self.timed or len(self.packet_times) < self.count:
            return False
        times, kept = np.array(remuxed.times(path)), np.delete(self.packet_times, lost)
        return len(kept) == len(times) and bool(np.all(np.abs(kept - times) < SAME_TIME))

    def hides(self, time: float) -> bool:
        """Whether the whole video has a packet of this time and shows nothing at this time.

        A sequence that ends hides pictures that are not yet shown, and a stream that begins in the middle of
        a sequence hides pictures that need packets in front of it. Where packets are lost, they may be shown.
        """
        times = (self.packet_times, self.video.timestamps)
        packet, shown = (np.abs(one - time).min() < SAME_TIME for one in times)
        return bool(packet and not shown)

    def has(self, frame: NDArray[np.uint8], time: float) -> bool:
        """Whether this is the frame at this time."""
        place = int(np.argmin(np.abs(self.video.timestamps - time)))
        same_time = abs(self.video.timestamps[place] - time) < SAME_TIME
        return bool(same_time and np.array_equal(self.batch.frames[0, place], frame))
