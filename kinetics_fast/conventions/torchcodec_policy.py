"""The common part of the four torchcodec samplers: clips that end past the video, and checks."""

from __future__ import annotations

from typing import Literal

import numpy as np

from kinetics_fast.errors import FrameRangeError
from kinetics_fast.samplers.protocols import Indices

Policy = Literal["repeat_last", "wrap", "error"]


def checked_policy(policy: Policy) -> Policy:
    """Return the policy, which must be a known one."""
    if policy not in ("repeat_last", "wrap", "error"):
        raise ValueError(f"policy must be one of repeat_last, wrap, error, got {policy!r}")
    return policy


def steps_inside(inside: Indices, num_frames_per_clip: int, policy: Policy) -> Indices:
    """Return the steps of clips, (clips, T): the first `inside` of each, then further ones by the policy."""
    steps = np.arange(num_frames_per_clip)
    if inside.min() >= num_frames_per_clip:
        return np.broadcast_to(steps, (len(inside), num_frames_per_clip))
    if policy == "error":
        raise FrameRangeError(
            'a clip ends past the video and policy is "error"; pass another policy, or no sampling_range_end',
            stage="plan",
        )
    if policy == "wrap":
        return steps % inside[:, None]
    return np.minimum(steps, inside[:, None] - 1)


def empty_range(start: float, end: float, unit: str) -> FrameRangeError:
    """Return the error for a range in which no clip can start."""
    what = f"the range in which clips may start is empty: {start:.6g} to before {end:.6g} {unit}; "
    return FrameRangeError(what + "the video is too short, or sampling_range_start too late", stage="plan")
