"""Videos for samplers, without a file: frame times and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class TimedVideo:
    """A video of which the time of each frame is known, and the end of the last one."""

    times: tuple[float, ...]
    end: float
    width: int = 340
    height: int = 256

    @classmethod
    def steady(cls, num_frames: int, fps: float = 30.0, begin: float = 0.0) -> TimedVideo:
        times = begin + np.arange(num_frames) / fps
        return cls(tuple(times.tolist()), begin + num_frames / fps)

    @property
    def num_frames(self) -> int:
        return len(self.times)

    @property
    def duration(self) -> float:
        return self.end - self.times[0] if self.times else 0.0

    @property
    def fps(self) -> float:
        return self.num_frames / self.duration if self.times else 0.0

    @cached_property
    def timestamps(self) -> NDArray[np.float64]:
        return np.array(self.times, np.float64)
