"""Videos and generators for samplers: videos with given frame times, and a fixed series of random numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from kinetics_fast.samplers import SampledVideo, Sampler
    from kinetics_fast.samplers.protocols import Indices

# Frame durations as shares of the mean, in turn, as from a camera in changing light.
UNEVEN = (1.0, 0.5, 1.5, 1.0, 0.25, 1.75)


@dataclass(frozen=True)
class TimedVideo:
    """A video without a file: the time of each frame and the end of the last frame."""

    times: tuple[float, ...]
    end: float
    fps: float
    width: int = 340
    height: int = 256

    @classmethod
    def steady(cls, num_frames: int, fps: float = 30.0, begin: float = 0.0) -> TimedVideo:
        times = begin + np.arange(num_frames) / fps
        return cls(tuple(times.tolist()), begin + num_frames / fps, fps)

    @classmethod
    def in_ticks(cls, num_frames: int, rate: tuple[int, int], ticks: int, uneven: bool = False) -> TimedVideo:
        """Make a video whose times are multiples of 1 / ticks seconds."""
        bounds = cls.bounds(num_frames, rate, ticks, uneven)
        times = (bounds / ticks).tolist()
        return cls(tuple(times[:-1]), times[-1], rate[0] / rate[1])

    @staticmethod
    def bounds(num_frames: int, rate: tuple[int, int], ticks: int, uneven: bool) -> NDArray[np.int64]:
        """Return the ticks at which the frames begin, and the end of the last frame."""
        apart = ticks * rate[1] / rate[0] * np.resize(np.array(UNEVEN if uneven else (1.0,)), num_frames)
        bounds: NDArray[np.int64] = np.concatenate([[0], np.cumsum(apart)]).astype(np.int64)
        return bounds

    @property
    def num_frames(self) -> int:
        return len(self.times)

    @property
    def duration(self) -> float:
        return self.end - self.times[0] if self.times else 0.0

    @cached_property
    def timestamps(self) -> NDArray[np.float64]:
        return np.array(self.times, np.float64)


class Recorded:
    """A generator whose numbers are the same in every version of NumPy: a Weyl sequence."""

    def __init__(self, seed: int) -> None:
        self.state = seed * 0.7548776662466927 % 1

    def random(self, size: int | None = None) -> Any:
        if size is not None:
            return np.array([self.random() for _ in range(size)])
        self.state = (self.state + 0.6180339887498949) % 1
        return self.state

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: int | None = None) -> Any:
        return low + (high - low) * self.random(size)

    def integers(self, low: Any, high: Any, size: int | None = None) -> Any:
        if size is None and np.ndim(high):
            return np.array([self.integers(low, bound) for bound in high])
        return np.floor(self.uniform(int(low), int(high), size)).astype(np.int64)

    def choice(self, numbers: int, size: int, replace: bool) -> Any:
        assert not replace
        return np.argsort(self.random(numbers), kind="stable")[:size]


def sample(sampler: Sampler, video: SampledVideo | int, seed: int = 0) -> Indices:
    """Sample a video, or a steady video with that number of frames at 30 frames per second."""
    shown = TimedVideo.steady(video) if isinstance(video, int) else video
    return sampler(shown, np.random.default_rng(seed))
