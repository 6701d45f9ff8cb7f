"""The clips of SlowFast, as in its own repository."""
# ruff: noqa: ARG002 (every sampler is called with a generator)

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kinetics_fast.conventions.arithmetic import float32_linspace, pts, ticks_per_second, truncated_linspace
from kinetics_fast.samplers.protocols import Indices, SampledVideo
from kinetics_fast.samplers.spacing import checked_count, checked_num_frames

# From the free space that a clip leaves in the video, in frames, to the starts of clips.
Starts = Callable[[float], npt.NDArray[np.float64]]


class _PySlowFast:
    num_frames: int
    sampling_rate: int
    target_fps: float

    def __post_init__(self) -> None:
        for name in ("num_frames", "sampling_rate"):
            object.__setattr__(self, name, checked_count(name, getattr(self, name)))
        if not self.target_fps > 0:
            raise ValueError(f"target_fps must be above 0, got {self.target_fps}")

    @property
    def frames(self) -> int:
        """Frames per clip."""
        return self.num_frames

    def _sample(self, video: SampledVideo, starts_of: Starts) -> Indices:
        checked_num_frames(video)
        fps = video.fps
        clip = max(1.0, self.sampling_rate * self.num_frames / self.target_fps * fps)
        if not fps * video.duration > self.num_frames * self.sampling_rate:
            return self._from_whole(video, starts_of, clip)
        starts = starts_of(max(fps * video.duration - clip, 0.0))
        ticks = ticks_per_second(fps)
        frame_pts, pts_per_frame = pts(video, ticks), ticks / fps
        first = frame_pts.searchsorted((starts * pts_per_frame).astype(np.int64))
        stop = frame_pts.searchsorted(((starts + clip - 1) * pts_per_frame).astype(np.int64), "right")
        decoded = stop - first
        offsets = truncated_linspace(clip - 1, self.num_frames)
        indices: Indices = first[:, None] + np.minimum(offsets, decoded[:, None] - 1)
        if decoded.min() > 0:
            return indices
        return np.where(decoded[:, None] > 0, indices, self._from_whole(video, starts_of, clip))

    def _from_whole(self, video: SampledVideo, starts_of: Starts, clip: float) -> Indices:
        starts = starts_of(max(video.num_frames - clip, 0.0))
        positions = float32_linspace(starts, starts + clip - 1, self.num_frames)
        return positions.clip(0, video.num_frames - 1).astype(np.int64)


@dataclass(frozen=True)
class PySlowFastTrain(_PySlowFast):
    """One clip at a random position: the training of SlowFast, 16x8 by default.

    Source: facebookresearch/SlowFast, commit 287ec00, ``datasets/decoder.py`` (``decode`` with its default
    backend, ``get_multiple_start_end_idx``, ``get_start_end_idx``, ``temporal_sampling``).

    The length of the clip is ``sampling_rate * num_frames / target_fps * fps`` frames, and its start is
    ``rng.uniform(0, fps * duration - length)``; both are real numbers. Start and end (start + length - 1) are
    truncated to ticks of the time base. Of the frames with a pts from start to end, both included, the frames
    at ``linspace(0, length - 1, num_frames)`` in float32, truncated, are chosen; the last frame is repeated
    for positions past it. Therefore the frames are not evenly spaced: 0, 8, 16, 25, ..., 118, 127 for 16x8 at
    30 frames per second. If a video has at most num_frames * sampling_rate frames, at any frame rate, the
    clip is the whole video, and linspace goes from its start to its end.

    Draws ``rng.uniform(0, free)`` once, for ``random.uniform``, and once more if no frame is in the clip. The
    time base is assumed to be that of an MP4 of this frame rate by FFmpeg, and the duration is that of the
    video stream alone.

    Parameters
    ----------
    num_frames : int
        ``DATA.NUM_FRAMES``.
    sampling_rate : int
        ``DATA.SAMPLING_RATE``.
    target_fps : float
        ``DATA.TARGET_FPS``.

    Examples
    --------
    >>> kf.conventions.PySlowFastTrain(8, 8)(video, np.random.default_rng(0))
    array([[126, 133, 140, 148, 155, 163, 170, 177]])
    """

    num_frames: int = 16
    sampling_rate: int = 8
    target_fps: float = 30.0

    @property
    def clips(self) -> int:
        """Clips per video: 1."""
        return 1

    def __call__(self, video: SampledVideo, rng: np.random.Generator) -> Indices:
        """Return the drawn clip, int64 (1, T)."""
        return self._sample(video, lambda free: np.array([rng.uniform(0.0, free)]))


@dataclass(frozen=True)
class PySlowFastTest(_PySlowFast):
    """Evenly spread clips: the ten views of SlowFast, which with three crops each (`ThreeCrop`) make 10x3.

    The source and the frames of a clip are as for `PySlowFastTrain`. View k of n starts at free * k / n, so
    that the end of the video is never seen: the last of ten views starts at 0.9 * free. With `use_offset`
    (``DATA.USE_OFFSET_SAMPLING``, as in the configurations of MViT), view k starts at
    k * floor(free / (n - 1)), and a single view at floor(free / 2).

    Parameters
    ----------
    num_frames : int
        ``DATA.NUM_FRAMES``.
    sampling_rate : int
        ``DATA.SAMPLING_RATE``.
    num_ensemble_views : int
        ``TEST.NUM_ENSEMBLE_VIEWS``.
    target_fps : float
        ``DATA.TARGET_FPS``.
    use_offset : bool
        ``DATA.USE_OFFSET_SAMPLING``.

    Examples
    --------
    >>> kf.conventions.PySlowFastTest()(video)[:, 0]
    array([  0,  15,  29,  43,  58,  72,  86, 101, 115, 129])
    """

    num_frames: int = 16
    sampling_rate: int = 8
    num_ensemble_views: int = 10
    target_fps: float = 30.0
    use_offset: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        count = checked_count("num_ensemble_views", self.num_ensemble_views)
        object.__setattr__(self, "num_ensemble_views", count)

    @property
    def clips(self) -> int:
        """Clips per video."""
        return self.num_ensemble_views

    def __call__(self, video: SampledVideo, rng: np.random.Generator | None = None) -> Indices:
        """Return clips, int64 (clips, T); `rng` is not used."""
        return self._sample(video, self._even_starts)

    def _even_starts(self, free: float) -> npt.NDArray[np.float64]:
        views = np.arange(self.clips, dtype=np.float64)
        if not self.use_offset:
            return free * views / self.clips
        if self.clips == 1:
            return views + math.floor(free / 2)
        return views * math.floor(free / (self.clips - 1))
