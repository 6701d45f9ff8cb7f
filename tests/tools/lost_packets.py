"""Loses packets of videos, and prints which promises the reading of the rest breaks.

    PYTHONPATH=tests python -m tools.lost_packets FIRST END STEP [VIDEO ...]

A case is a video, the first packet that is lost and the number of packets that are lost in a row. The cases
of the given videos, or of all test videos, are numbered in turn. A line of JSON is printed for each case
that broke a promise, and at the end a table with one row per codec.

Some losses leave no trace (`untold_losses`). Wrong frames are then counted and are not errors.

The promises: a frame that is called good equals the frame of the whole video at the same time, and status and
pixels of a frame do not depend on the frames that are requested with it.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import kinetics_fast as kf
from tools import remuxed
from tools.damage_check import depends_on_company, read
from tools.untold_losses import untold
from tools.whole_video import Whole
from videos import media

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LENGTHS = (1, 2, 3, 15)
NEAR = 60  # frames before and after the loss that are compared
OK = kf.FrameStatus.OK


@dataclass(frozen=True)
class Case:
    number: int
    source: Path
    first: int
    length: int

    def __str__(self) -> str:
        return f"case {self.number}: {self.source.name} without packets {self.first}+{self.length}"


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
    timed = original.times_tell_in(path, lost)
    wrong = list(_wrong(video, full, original, timed, row))
    if wrong and untold(original, lost):
        row.untold += 1
    elif wrong:
        row.wrong += 1
        yield from wrong


def _wrong(video: kf.Video, full: kf.Batch, original: Whole, timed: bool, row: Row) -> Iterator[str]:
    """Compare with the frame at the same time, or with all frames where the container's times do not tell."""
    for number, (status, frame) in enumerate(zip(full.status[0], full.frames[0], strict=True)):
        row.good_frames += status == OK
        row.bad_frames += status != OK
        time = video.timestamps[number]
        if status != OK or (timed and original.hides(time)):
            continue
        same = original.has(frame, time) if timed else frame.tobytes() in original.pictures
        if not same:
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
