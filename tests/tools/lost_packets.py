"""Loses packets of videos, and prints which promises the reading of the rest breaks.

    PYTHONPATH=tests python -m tools.lost_packets FIRST END STEP [VIDEO ...]

A case is a video, the first packet that is lost and the number of packets that are lost in a row. The cases
of the given videos, or of all test videos, are numbered in turn. A line of JSON is printed for each case
that broke a promise, and at the end a table with one row per codec.

In some codecs, numbers cannot tell (`untold`). Wrong frames are then counted and are not errors.

The promises: a frame that is called good equals the frame of the whole video at the same time, and status and
pixels of a frame do not depend on the frames that are requested with it.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import kinetics_fast as kf
from tools import remuxed
from tools.damage_check import depends_on_company, read
from videos import bitstream, media, obu

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

LENGTHS = (1, 2, 3, 15)
NEAR = 60  # frames before and after the loss that are compared
SAME_TIME = 2e-3  # seconds; the times of some containers are rounded to a millisecond
FEW_TIMES = {".avi", ".asf", ".mpg", ".vob"}  # containers without a presentation time for every packet
OK = kf.FrameStatus.OK

# Codecs whose packets have no numbers: what is lost leaves no trace.
NO_NUMBERS = {
    "h263", "flv1", "msmpeg4v2", "msmpeg4v3", "wmv1", "wmv2", "wmv3", "vc1", "vp6f", "vp8", "vp9"
}  # fmt: skip
START_CODE = b"\0\0\1"
MPEG12 = {"mpeg1video", "mpeg2video"}
GOP_HEADER, VOP, B_VOP = START_CODE + b"\xb8", START_CODE + b"\xb6", 2
VOL = range(0x20, 0x30)  # video_object_layer_start_code
FRAME_NUMBERS = 16  # of the usual encoders: frame_num has 4 bits
H264_SETS, HEVC_SETS = {7, 8}, {32, 33, 34}


@dataclass(frozen=True)
class Case:
    number: int
    source: Path
    first: int
    length: int

    def __str__(self) -> str:
        return f"case {self.number}: {self.source.name} without packets {self.first}+{self.length}"


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
    def frame_numbers(self) -> list[int]:
        """Of H.264 packets: how many reference frames are in front of each in its sequence."""
        numbers: list[int] = []
        for n, second in enumerate(self.second_fields):
            if second:
                numbers.append(numbers[-1])
            elif bitstream.IDR in self.nal_types[n] or not numbers:
                numbers.append(0)
            else:
                numbers.append(numbers[-1] + self.references[n - 1])
        return numbers

    @cached_property
    def batch(self) -> kf.Batch:
        return read(self.video, [list(range(len(self.video)))])

    @cached_property
    def timed(self) -> bool:
        return self.path.suffix not in FEW_TIMES and remuxed.times_tell_pictures(self.path)

    @cached_property
    def pictures(self) -> set[bytes]:
        return {frame.tobytes() for frame in self.batch.frames[0]}

    def has(self, frame: NDArray[np.uint8], time: float) -> bool:
        """Whether this is the frame at this time, or any frame if the container's times do not tell."""
        if not self.timed:
            return frame.tobytes() in self.pictures
        place = int(np.argmin(np.abs(self.video.timestamps - time)))
        same_time = abs(self.video.timestamps[place] - time) < SAME_TIME
        return bool(same_time and np.array_equal(self.batch.frames[0, place], frame))


@dataclass
class Row:
    """The sums of one codec."""

    cases: int = 0
    wrong: int = 0
    untold: int = 0
    inconsistent: int = 0
    good_frames: int = 0
    bad_frames: int = 0


@lru_cache(maxsize=1)
def whole(source: Path, folder: Path) -> Whole | None:
    """Return the copied video; None if its container cannot be written or its video cannot be opened."""
    try:
        return Whole(source, folder)
    except (*remuxed.ERRORS, kf.Error):
        return None


def cases(sources: Iterable[Path], numbers: range, folder: Path) -> Iterator[Case]:
    number = 0
    for source in sources:
        found = whole(source, folder)
        count = found.count if found else 0
        for first in range(count):
            for length in LENGTHS:
                if first + length <= count and length < count:
                    if number in numbers:
                        yield Case(number, source, first, length)
                    number += 1


def headers(codec: str, packet: bytes) -> set[bytes]:
    """Return the headers in a packet that later packets are decoded by."""
    if codec in {"h264", "hevc"}:
        nals = [nal.data for nal in bitstream.split(packet) if nal.data]
        if codec == "h264":
            return {nal for nal in nals if nal[0] & 31 in H264_SETS}
        return {nal for nal in nals if nal[0] >> 1 & 63 in HEVC_SETS}
    if codec == "av1":
        return {one.payload for one in obu.split(packet) if one.type == obu.SEQUENCE}
    if codec == "mpeg4":
        return {unit for unit in packet.split(START_CODE)[1:] if unit and unit[0] in VOL}
    return set()


def loses_headers(original: Whole, lost: range) -> bool:
    """Whether a header is lost that is new and does not come again in the packet behind the loss."""
    known: set[bytes] = set()
    for packet in original.packets[: lost.start] + original.packets[lost.stop : lost.stop + 1]:
        known |= headers(original.codec, packet)
    gone = {one for n in lost for one in headers(original.codec, original.packets[n])}
    return any(one not in original.extradata for one in gone - known)


def goes_on(original: Whole, lost: range) -> bool:
    """Whether frame numbers go on over an H.264 loss with an IDR picture in it."""
    numbers, kinds = original.frame_numbers, original.nal_types
    if (
        lost.start == 0
        or not any(bitstream.IDR in kinds[n] for n in lost)
        or bitstream.IDR in kinds[lost.stop]
    ):
        return False
    before = lost.start - 1
    return (numbers[lost.stop] - numbers[before] - original.references[before]) % FRAME_NUMBERS == 0


def splits_fields(original: Whole, lost: range) -> bool:
    """Whether only unreferenced H.264 fields are lost, and a second field comes behind them."""
    fields = range(lost.start, lost.stop + 1)
    return original.second_fields[lost.stop] and not any(original.references[n] for n in fields)


def untold(original: Whole, lost: range) -> bool:
    """Whether no number in the first packet behind the loss, or in later ones, tells that packets are lost.

    A lost parameter set leaves no trace. Nor does a lost H.264 sequence if the frame numbers of the sequence
    behind it go on where those of the sequence before it end. If the first field of an unreferenced picture
    is lost, its second field makes a pair with the next field. MPEG-4 has times and no numbers: only a B-VOP
    outside of its references tells. A GOP header of MPEG-1 and MPEG-2 sets the numbers to zero, and nothing
    says how many pictures the GOP before it has, or the stream.
    """
    following = lost.stop
    if original.codec in NO_NUMBERS or loses_headers(original, lost):
        return True
    if following == original.count:
        return False
    if original.codec == "h264" and (goes_on(original, lost) or splits_fields(original, lost)):
        return True
    data = original.packets[following]
    if original.codec == "mpeg4":
        at = data.find(VOP) + len(VOP)
        return data[at] >> 6 != B_VOP
    return original.codec in MPEG12 and (GOP_HEADER in data or following == original.count - 1)


def problems(case: Case, original: Whole, folder: Path, row: Row) -> Iterator[str]:
    lost = range(case.first, case.first + case.length)
    path = folder / f"lost-{case.source.name}"
    try:
        remuxed.copy(case.source, path, (n for n in range(original.count) if n not in lost))
    except remuxed.ERRORS:
        return
    row.cases += 1
    try:
        video = kf.Video(path)
    except kf.Error:
        return
    count = min(len(video), case.first + NEAR)
    full = read(video, [list(range(count))])
    found = list(depends_on_company(video, full, np.random.default_rng(case.number)))
    row.inconsistent += bool(found)
    yield from found
    if (video.width, video.height) != (original.video.width, original.video.height):
        return  # the pictures of the whole video are scaled to the size of its first one
    wrong = list(_wrong(video, full, original, row))
    if untold(original, lost):
        row.untold += bool(wrong)
    else:
        row.wrong += bool(wrong)
        yield from wrong


def _wrong(video: kf.Video, full: kf.Batch, original: Whole, row: Row) -> Iterator[str]:
    for number, (status, frame) in enumerate(zip(full.status[0], full.frames[0], strict=True)):
        row.good_frames += status == OK
        row.bad_frames += status != OK
        if status == OK and not original.has(frame, video.timestamps[number]):
            yield f"frame {number} is called good and differs from the original"


def check(sources: Sequence[Path], numbers: range) -> tuple[dict[str, list[str]], dict[str, Row]]:
    """Return the problems by case, and the sums by codec."""
    found: dict[str, list[str]] = {}
    rows: dict[str, Row] = defaultdict(Row)
    with tempfile.TemporaryDirectory() as scratch:
        for case in cases(sources, numbers, Path(scratch)):
            original = whole(case.source, Path(scratch))
            assert original is not None
            broken = list(problems(case, original, Path(scratch), rows[original.codec]))
            if broken:
                found[str(case)] = broken
                print(json.dumps({str(case): broken[:5]}), flush=True)
    return found, rows


def main() -> None:
    first, end, step = (int(argument) for argument in sys.argv[1:4])
    sources = [Path(name) for name in sys.argv[4:]] or [media.make(name) for name in media.NAMES]
    _, rows = check(sources, range(first, end, step))
    print(f"{'codec':12}{'cases':>8}{'wrong':>8}{'untold':>8}{'varying':>8}{'good':>9}{'bad':>9}")
    for codec, row in sorted(rows.items()):
        counts = (row.cases, row.wrong, row.untold, row.inconsistent)
        print(f"{codec:12}" + "".join(f"{n:8}" for n in counts) + f"{row.good_frames:9}{row.bad_frames:9}")


if __name__ == "__main__":
    main()
