"""Measure the time of one call of every sampler: python benchmarks/bench_samplers.py.

One call gives the clips of one video. The video has 10 s at 30 frames per second, and its timestamps are
known. The result is the CPU time of the best of seven rounds.
"""

from __future__ import annotations

import time
import timeit
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

import kinetics_fast as kf
from kinetics_fast import conventions as c
from kinetics_fast.samplers import FixedClips, Sampler, VideoSpan

CALLS = 1000
SAMPLERS: dict[str, Sampler] = {
    "RandomClips(16, 8)": kf.RandomClips(16, 8),
    "RandomClips(16, 8, clips=4)": kf.RandomClips(16, 8, clips=4),
    "RandomClips(16, fps=7.5)": kf.RandomClips(16, fps=7.5),
    "UniformClips(16, 8, clips=10)": kf.UniformClips(16, 8, clips=10),
    "UniformClips(16, seconds=0.2, clips=10)": kf.UniformClips(16, seconds=0.2, clips=10),
    "SegmentFrames(8, jitter=True)": kf.SegmentFrames(8, jitter=True),
    "FixedClips(DenseClips(16, 4), 5)": FixedClips(kf.DenseClips(16, 4), 5),
    "I3DNoteTest()": c.I3DNoteTest(),
    "PySlowFastTrain()": c.PySlowFastTrain(),
    "PySlowFastTest()": c.PySlowFastTest(),
    "MMAction2SampleFrames(32, 2)": c.MMAction2SampleFrames(32, 2),
    "MMAction2SampleFrames(32, 2, 10, test_mode=True)": c.MMAction2SampleFrames(32, 2, 10, test_mode=True),
    "MMAction2DenseSampleFrames(8, 8)": c.MMAction2DenseSampleFrames(8, 8),
    "MMAction2UniformSampleFrames(8)": c.MMAction2UniformSampleFrames(8),
    "MMAction2UniformSampleFrames(8, test_mode=True)": c.MMAction2UniformSampleFrames(8, test_mode=True),
    "PyTorchVideoRandom(2.0, 8)": c.PyTorchVideoRandom(2.0, 8),
    "PyTorchVideoConstantClipsPerVideo(2.0, 10, 8)": c.PyTorchVideoConstantClipsPerVideo(2.0, 10, 8),
    "FixedClips(PyTorchVideoUniform(2.0, 8), 5)": FixedClips(c.PyTorchVideoUniform(2.0, 8), 5),
    "VideoMAETrain()": c.VideoMAETrain(),
    "VideoMAETest()": c.VideoMAETest(),
    "VideoMAEPretrain()": c.VideoMAEPretrain(),
    "TorchCodecRandomIndices(1, 16, 8)": c.TorchCodecRandomIndices(1, 16, 8),
    "TorchCodecRegularIndices(10, 16, 8)": c.TorchCodecRegularIndices(10, 16, 8),
    "TorchCodecRandomTimestamps(1, 16, 0.2)": c.TorchCodecRandomTimestamps(1, 16, 0.2),
    "FixedClips(TorchCodecRegularTimestamps(1.0, 16), 8)": FixedClips(
        c.TorchCodecRegularTimestamps(1.0, 16), 8
    ),
}


@dataclass(frozen=True)
class TenSeconds:
    """What a sampler sees of a video of 10 s at 30 frames per second."""

    num_frames: int = 300
    fps: float = 30.0
    duration: float = 10.0
    width: int = 340
    height: int = 256
    timestamps: NDArray[np.float64] = field(default_factory=lambda: np.arange(300) / 30)


def microseconds(call: Callable[[], object]) -> float:
    return min(timeit.repeat(call, number=CALLS, repeat=7, timer=time.process_time)) / CALLS * 1e6


def main() -> None:
    video, rng = TenSeconds(), np.random.default_rng(0)
    print("us per call, us per clip")
    for name, sampler in SAMPLERS.items():
        taken = microseconds(partial(sampler, video, rng))
        print(f"{taken:6.1f} {taken / sampler.clips:6.1f}  {name}")
    print(f"{microseconds(partial(VideoSpan, video, 2.0, 8.0)):6.1f}         VideoSpan(video, 2.0, 8.0)")


if __name__ == "__main__":
    main()
