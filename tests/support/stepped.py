"""Calls for frames one after another: with held runs, as `kf.Video` makes them, and as fresh runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import kinetics_fast as kf
from kinetics_fast import _core
from kinetics_fast._decode.pixels import Pixels
from kinetics_fast._decode.request import DecodeJob, DecodeRequest, Output, total_stats
from kinetics_fast._decode.video import source_and_index


@dataclass(frozen=True)
class Outcome:
    """What a call gave: pixels, the status of each frame, the first error, and the packets that it sent."""

    frames: NDArray[np.uint8]
    status: list[int]
    error: str
    packets_sent: int

    def same_as(self, other: Outcome) -> bool:
        return (
            self.status == other.status
            and self.error == other.error
            and np.array_equal(self.frames, other.frames)
        )


def submit(
    video: kf.Video, frames: Sequence[int], *, may_continue: bool, timeout: float | None = None
) -> tuple[DecodeJob, Output]:
    """Begin a call for frames of one video."""
    output = Output(Pixels.of(), 1, len(frames), (video.height, video.width))
    request = DecodeRequest()
    request.add(source_and_index(video), 0, list(frames), None, False)
    return request.submit(output, _core.ThreadLimit(0), timeout, may_continue=may_continue), output


def read(video: kf.Video, frames: Sequence[int], *, may_continue: bool) -> Outcome:
    """Make one call for frames of one video."""
    job, output = submit(video, frames, may_continue=may_continue)
    job.wait()
    errors = job.collect(accept_damaged=False)
    stats = total_stats(job.results)
    return Outcome(
        output.frames[0], output.status()[0].tolist(), str(errors.get(0, "")), int(stats["packets_sent"])
    )


def stepped(video: kf.Video, calls: Iterable[Sequence[int]]) -> list[Outcome]:
    """Make calls that may go on from each other."""
    return [read(video, call, may_continue=True) for call in calls]


def fresh(video: kf.Video, frames: Sequence[int]) -> Outcome:
    """Make a call that no held run serves."""
    return read(video, frames, may_continue=False)


def sent(outcomes: Iterable[Outcome]) -> int:
    return sum(outcome.packets_sent for outcome in outcomes)


def one_by_one(frames: Iterable[int]) -> list[list[int]]:
    return [[frame] for frame in frames]


def ways_through(count: int, rng: np.random.Generator) -> dict[str, list[Any]]:
    """Return calls that go through a video of so many frames in several ways."""
    some = np.sort(rng.choice(count, -(-count // 2), replace=False)).tolist()
    repeated = np.sort(rng.integers(0, count, count)).tolist()
    return {
        "each frame": one_by_one(range(count)),
        "every second": one_by_one(range(0, count, 2)),
        "every third": one_by_one(range(0, count, 3)),
        "every eighth": one_by_one(range(0, count, 8)),
        "windows": [range(start, min(start + 5, count)) for start in range(0, count, 5)],
        "irregular": one_by_one(some),
        "with repeats": one_by_one(repeated),
        "random": one_by_one(rng.permutation(count).tolist()),
    }
