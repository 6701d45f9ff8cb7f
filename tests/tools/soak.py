"""Compares every frame of random small videos with ffmpeg.

    PYTHONPATH=tests python -m tools.soak FIRST COUNT [FOLDER]

A seed makes one video. A video that ffmpeg reports as damaged, or of which ffmpeg throws pictures away, is
skipped. Wrong videos are kept in FOLDER, with the steps that made them.

From seed 1 000 000 on, the finished video is altered in structure: packets are lost, doubled or swapped,
another file is spliced on, or a value of a sample table or the size of a Matroska element is edited. Such a
video may be called damaged though ffmpeg reports nothing. Its statuses must not depend on company. Its good
frames must be frames that ffmpeg shows of it, or of the video before it was altered: ffmpeg decodes every
packet, so that damage reaches frames that do not need the damaged packet.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from random import Random

import numpy as np

import kinetics_fast as kf
from kinetics_fast import _core
from kinetics_fast._decode.source import as_local
from kinetics_fast._decode.video import video_of
from tools import damage_check
from tools.soak_videos import Maker, complaints, throws_pictures_away
from videos import oracle

ALTERED = 1_000_000  # the seeds of videos that are altered in structure begin here


def _wrong(video: kf.Video, indices: list[int], theirs: list[oracle.Planes], how: str) -> list[str]:
    try:
        ours = video.planes(indices)
    except kf.Error as error:
        return [f"{how} {indices}: {type(error).__name__}: {error}"]
    pairs = zip(indices, ours, strict=True)
    bad = [index for index, planes in pairs if not oracle.equal(tuple(planes), theirs[index])]
    return [f"{how} {indices}: {bad} are wrong"] if bad else []


def _saved(video: kf.Video) -> kf.Video:
    """Return the video with an index that was scanned, packed and unpacked again."""
    ticket = _core.submit_index([as_local(video._source)], 1 << 27, None, read_packets=True)
    ticket.wait()
    (index,) = ticket.result()
    if isinstance(index, Exception):
        raise index
    return video_of(video._source, _core.FrameIndex.unpack(index.pack()))


def _company(path: Path, windows: list[list[int]], whole: kf.Video) -> list[str]:
    length = min(map(len, windows))
    clips = [kf.Clip(path, indices=window[:length]) for window in windows]
    frames = kf.decode_clips(clips).frames
    alone = [whole.frames(window[:length]) for window in windows]
    return [
        f"together {w}" for w, a, b in zip(windows, frames, alone, strict=True) if not np.array_equal(a, b)
    ]


def differences(path: Path, seed: int) -> list[str]:
    """Return the differences from ffmpeg's frames over several ways to request them; usually none."""
    theirs = oracle.frames(path).planes
    count, rng = len(theirs), Random(seed)
    try:
        video = kf.Video(path)
        saved, memory = _saved(video), kf.Video(path.read_bytes())
    except kf.Error as error:
        return [f"{type(error).__name__}: {error}"]
    lengths = [len(video), len(saved), len(memory)]
    if lengths != [count] * 3:
        return [f"{lengths} frames, not {count}"]
    order = rng.sample(range(count), count)
    windows = [list(range(rng.randrange(count), count, rng.choice([1, 2, 3, 5, 8])))[:8] for _ in range(6)]
    found = _wrong(video, list(range(count)), theirs, "forward") + _wrong(video, order, theirs, "shuffled")
    for index in order[:40]:
        found += _wrong(video, [index], theirs, "alone")
    for window in windows:
        found += _wrong(video, window, theirs, "window") + _wrong(saved, window, theirs, "saved")
    found += _wrong(memory, windows[0], theirs, "bytes") + _wrong(saved, order[:1], theirs, "saved")
    one_size = len({planes[0].shape for planes in theirs}) == 1
    return found + (_company(path, windows, video) if one_size and not found else [])


def _shown(path: Path) -> set[bytes]:
    return {b"".join(plane.tobytes() for plane in planes) for planes in oracle.frames(path).planes}


def differences_of_good_frames(path: Path, before: Path, seed: int) -> list[str]:
    """Return the good frames that ffmpeg does not show, and what depends on company; usually none.

    `before` is the video before it was altered.
    """
    shown = _shown(path)
    try:
        video = kf.Video(path)
    except kf.Error:
        return []
    full = damage_check.read(video, [list(range(min(len(video), damage_check.MOST)))])
    good = np.flatnonzero(full.status[0] == kf.FrameStatus.OK).tolist()
    pixels = {frame: b"".join(plane.tobytes() for plane in video.planes([frame])[0]) for frame in good}
    if not shown.issuperset(pixels.values()):
        shown |= _shown(before)
    missing = [frame for frame in good if pixels[frame] not in shown]
    found = [f"good frames {missing} are not among those of ffmpeg"] if missing else []
    return found + list(damage_check.depends_on_company(video, full, np.random.default_rng(seed)))


def check(seed: int, folder: Path | None = None) -> list[str] | None:
    """Return the differences of the video of a seed; None if the seed gives no undamaged video."""
    with tempfile.TemporaryDirectory() as scratch:
        maker = Maker(seed, Path(scratch))
        before = path = maker.make()
        altered = seed >= ALTERED
        if path and altered and not complaints(path):
            path = maker.altered(path)
        if before is None or path is None or complaints(path):
            return None
        try:
            found = differences_of_good_frames(path, before, seed) if altered else differences(path, seed)
        except (RuntimeError, ValueError):  # the times of ffmpeg decrease, and it leaves frames out
            return None
        if found and throws_pictures_away(path):
            return None
        if found and folder:
            kept = shutil.copytree(scratch, folder / str(seed), dirs_exist_ok=True)
            (kept / "steps.txt").write_text("\n".join([*maker.steps, path.name, *found]))
        return found


def main(first: int, count: int, folder: Path | None) -> None:
    """Check seeds, and print a line for each wrong seed."""
    sound = wrong = 0
    for seed in range(first, first + count):
        found = check(seed, folder)
        sound += found is not None
        wrong += bool(found)
        if found:
            print(f"{seed}: {found[0]}", flush=True)
    print(f"{count} seeds, {sound} sound videos, {wrong} wrong")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
