"""Runs torchcodec's samplers from their sources, with a decoder whose frames are their numbers."""

from __future__ import annotations

import types
from pathlib import Path
from typing import Any

import numpy as np
import torch

from golden.definitions import definitions
from golden.peers import Clips, Video
from support.sampled import Recorded

COMMON = [
    "_repeat_last_policy", "_wrap_policy", "_error_policy", "_POLICY_FUNCTIONS", "_validate_common_params",
    "_reshape_4d_framebatch_into_5d",
]  # fmt: skip
INDICES = [
    "_validate_params_index_based", "_validate_sampling_range_index_based", "_get_clip_span",
    "_build_all_clips_indices", "_generic_index_based_sampler", "clips_at_random_indices",
    "clips_at_regular_indices",
]  # fmt: skip
TIMESTAMPS = [
    "_validate_params_time_based", "_validate_sampling_range_time_based", "_build_all_clips_timestamps",
    "_generic_time_based_sampler", "clips_at_random_timestamps", "clips_at_regular_timestamps",
]  # fmt: skip


def torchcodec(folder: Path, name: str, arguments: dict[str, Any], video: Video, rng: Recorded) -> Clips:
    samplers = folder / "src/torchcodec/samplers"
    scope: dict[str, Any] = {"torch": _torch(rng), "FrameBatch": types.SimpleNamespace}
    common = definitions(samplers / "_common.py", COMMON, scope)
    indices = name.endswith("indices")
    path = samplers / ("_index_based.py" if indices else "_time_based.py")
    peer = definitions(path, INDICES if indices else TIMESTAMPS, {**scope, **common})[name]
    clips: Clips = peer(_Decoder(video), **arguments).data[..., 0, 0, 0].tolist()
    return clips


def _torch(rng: Recorded) -> Any:
    """Return a torch module whose global random functions draw from `rng`."""

    def randint(low: int, high: int, size: tuple[int]) -> torch.Tensor:
        return torch.as_tensor(rng.integers(low, high, size[0]))

    def rand(size: int, dtype: torch.dtype) -> torch.Tensor:
        return torch.as_tensor(rng.random(size)).to(dtype)

    silent = types.SimpleNamespace(_log_api_usage_once=lambda _: None)
    return types.SimpleNamespace(
        randint=randint, rand=rand, linspace=torch.linspace, arange=torch.arange, int=torch.int,
        float64=torch.float64, _C=silent,
    )  # fmt: skip


class _Decoder:
    """Replaces torchcodec's VideoDecoder; the only pixel of a frame is its number."""

    def __init__(self, video: Video) -> None:
        self.seconds = video.pts / video.ticks
        self.metadata = types.SimpleNamespace(
            average_fps=video.fps, begin_stream_seconds=float(self.seconds[0]),
            end_stream_seconds=video.end / video.ticks,
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.seconds)

    def get_frames_at(self, indices: Any) -> Any:
        frames = torch.tensor([range(len(self))[int(index)] for index in indices]).reshape(-1, 1, 1, 1)
        none = torch.zeros(len(frames))
        return types.SimpleNamespace(data=frames, pts_seconds=none, duration_seconds=none)

    def get_frames_played_at(self, seconds: Any) -> Any:
        """Return the frames i with pts[i] <= t < pts[i + 1]."""
        times = np.array([float(time) for time in seconds])
        if (
            times.min() < self.metadata.begin_stream_seconds
            or times.max() >= self.metadata.end_stream_seconds
        ):
            raise IndexError("no frame is played then")
        return self.get_frames_at([int((self.seconds <= time).sum()) - 1 for time in times])
