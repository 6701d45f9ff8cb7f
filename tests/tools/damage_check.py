"""Reads damaged variants, each in a child process with a time limit, and prints which promises were broken.

    PYTHONPATH=tests python -m tools.damage_check FIRST END STEP
    PYTHONPATH=tests python -m tools.damage_check NUMBER

The first form reads every STEP-th variant from FIRST on, below END, and prints a line of JSON for each
variant that broke a promise. The second form reads one variant in this process, keeps its file and prints
the path of the file.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import kinetics_fast as kf
from tools import damage_variants
from videos import media, oracle
from videos.ffmpeg_cli import Facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tools.damage_variants import Variant

LIMIT = 30  # seconds
MOST = 100  # frames that are checked
OK, DAMAGED, FAILED = kf.FrameStatus.OK, kf.FrameStatus.DAMAGED, kf.FrameStatus.FAILED


def read(video: kf.Video, rows: list[list[int]]) -> kf.Batch:
    return kf.decode_clips([kf.Clip(video, indices=row) for row in rows], on_error="zero")


def problems(path: Path, variant: Variant) -> Iterator[str]:
    """Yield the broken promises in reading the damaged file; a typed error on opening the file is correct."""
    try:
        video = kf.Video(path)
    except kf.Error:
        return
    count = min(len(video), MOST)
    if not count:
        yield "a video without frames"
        return
    full = read(video, [list(range(count))])
    yield from _untyped(full)
    rng = np.random.default_rng(variant.number)
    yield from depends_on_company(video, full, rng)
    yield from crop_depends_on_company(video, count, rng)
    yield from _not_exact(video, full.status[0], variant)


def _untyped(batch: kf.Batch) -> Iterator[str]:
    for row, error in batch.errors.items():
        if not isinstance(error, kf.Error):
            yield f"row {row}: {error!r}"
    for row, status in enumerate(batch.status):
        if not set(status.tolist()) <= {OK, DAMAGED, FAILED}:
            yield f"row {row} has status {status.tolist()}"
        if (status != OK).any() != (row in batch.errors):
            yield f"row {row}: status {status.tolist()}, error {batch.errors.get(row)!r}"
    for row, place in zip(*np.nonzero(batch.status == FAILED), strict=True):
        if batch.frames[row, place].any():
            yield f"row {row}: a failed frame has pixels"


def depends_on_company(video: kf.Video, full: kf.Batch, rng: np.random.Generator) -> Iterator[str]:
    """Compare frames requested alone and in windows with the full read."""
    status = full.status[0]
    count = len(status)
    edges = np.flatnonzero(np.diff(status.astype(int)))
    alone = {*edges.tolist()[:6], *(edges + 1).tolist()[:6], *rng.integers(0, count, 5).tolist()}
    windows = [
        [min(start + stride * n, count - 1) for n in range(8)]
        for stride in (1, 2, 5)
        for start in rng.integers(0, count, 2).tolist()
    ]
    for rows in ([[frame] for frame in sorted(alone)], windows):
        for row in rows:  # each row is a call of its own
            yield from _differs(read(video, [row]), [row], full)
        yield from _differs(read(video, rows), rows, full)


def crop_depends_on_company(video: kf.Video, count: int, rng: np.random.Generator) -> Iterator[str]:
    """Compare a crop with the same crop in a call that also needs the whole frames."""
    for stride in (1, 3):
        frames = [min(n, count - 1) for n in stride * np.arange(8) + rng.integers(0, count)]
        x, y = rng.random(2) * [video.width, video.height] * 0.8
        box = (x, y, 0.2 * video.width, 0.2 * video.height)
        crop = kf.Clip(video, indices=frames, box=box)
        alone, both = (
            kf.decode_clips(clips, size=16, on_error="zero")
            for clips in ([crop], [crop, kf.Clip(video, indices=frames)])
        )
        if not np.array_equal(alone.status[0], both.status[0]):
            yield f"frames {frames}: status {alone.status[0]} in a crop, {both.status[0]} with whole frames"
        elif not np.array_equal(alone.frames[0], both.frames[0]):
            yield f"frames {frames}: other pixels in the crop {box} than with the whole frames"


def _differs(batch: kf.Batch, rows: list[list[int]], full: kf.Batch) -> Iterator[str]:
    for number, row in enumerate(rows):
        for place, frame in enumerate(row):
            ours, theirs = int(batch.status[number, place]), int(full.status[0, frame])
            if ours != theirs:
                yield f"frame {frame}: status {ours} in {row}, {theirs} in a full read"
            elif ours != FAILED and not np.array_equal(batch.frames[number, place], full.frames[0, frame]):
                yield f"frame {frame}: other pixels in {row} than in a full read, status {ours}"


def _not_exact(video: kf.Video, status: NDArray[np.uint8], variant: Variant) -> Iterator[str]:
    """Compare the good frames in front of the damage with the frames of the undamaged video."""
    for frame, original in _before_damage(video, variant):
        if frame < len(status) and status[frame] == OK:
            theirs = kf.Video(media.make(variant.name)).planes([original])[0]
            if not oracle.equal(tuple(video.planes([frame])[0]), tuple(theirs)):
                yield f"frame {frame} is called good and differs from the undamaged frame {original}"


def _before_damage(video: kf.Video, variant: Variant) -> Iterator[tuple[int, int]]:
    """Yield the frames in front of the damage, and their numbers in the undamaged video, matched by time.

    If the container has no time for some frames, their times are interpolated, so the numbers must agree too.
    """
    times = [packet.pts for packet in Facts(media.make(variant.name)).packets]
    whole = kf.Video(media.make(variant.name)).timestamps
    for time in times[: damage_variants.packets_before(variant.name, variant.first)]:
        if time is not None and times.count(time) == 1:
            frames, originals = _at(video.timestamps, time), _at(whole, time)
            if len(frames) == len(originals) == 1 and (None not in times or frames == originals):
                yield frames[0], originals[0]


def _at(timestamps: NDArray[np.float64], time: float) -> list[int]:
    found: list[int] = np.flatnonzero(np.abs(timestamps - time) < 1e-5).tolist()
    return found


def check(number: int, folder: Path) -> list[str]:
    variant = damage_variants.variant(number)
    path = folder / f"{number}-{variant.name}"
    path.write_bytes(variant.data)
    return [f"{variant}: {problem}" for problem in problems(path, variant)]


def in_child(number: int, folder: Path) -> list[str]:
    """Check one variant in a forked child, which is killed if it takes too long."""
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            found = check(number, folder)[:20]
        except Exception as error:
            found = [f"{damage_variants.variant(number)}: {error!r}"]
        os.write(sender, json.dumps(found).encode())
        os._exit(0)
    os.close(sender)
    answered = select.select([receiver], [], [], LIMIT)[0]
    if not answered:
        os.kill(child, signal.SIGKILL)
    with os.fdopen(receiver, "rb") as stream:
        said = stream.read()
    _, status = os.waitpid(child, 0)
    if not answered:
        return [f"{damage_variants.variant(number)}: no end within {LIMIT} s"]
    if status or not said:
        return [f"{damage_variants.variant(number)}: the process ended with {status}"]
    told: list[str] = json.loads(said)
    return told


def main() -> None:
    numbers = [int(argument) for argument in sys.argv[1:]]
    folder = Path(tempfile.mkdtemp(prefix="damaged-"))
    if len(numbers) == 1:
        print("\n".join(check(numbers[0], folder)) or "good", *folder.iterdir(), sep="\n")
        return
    first, end, step = numbers
    for number in range(first, end, step):
        found = in_child(number, folder)
        if found:
            print(json.dumps(found), flush=True)
        for file in folder.iterdir():
            file.unlink()
    folder.rmdir()


if __name__ == "__main__":
    main()
