"""What torchcodec's four samplers have in common: clips that end past the video, and checks."""

from __future__ import annotations

from typing import Literal

import numpy as np

from kinetics_fast.errors import FrameRangeError
from kinetics_fast.samplers.protocols import Indices

Policy = Literal["repeat_last", "wrap", "error"]


def checked_policy(policy: Policy) -> Policy:
    """Give the policy, if there is such a one."""
    if policy not in ("repeat_last", "wrap", "error"):
        raise ValueError(f"policy is repeat_last, wrap or error, not {policy!r}")
    return policy


def steps_inside(inside: Indices, num_frames_per_clip: int, policy: Policy) -> Indices:
    """Give the steps of clips, (clips, T), the first `inside` of each in the video, the rest by policy."""
    steps = np.arange(num_frames_per_clip)
    if inside.min() >= num_frames_per_clip:
        return np.broadcast_to(steps, (len(inside), num_frames_per_clip))
    if policy == "error":
        raise FrameRangeError(
            'a clip ends past the video and policy is "error"; pass another, or leave sampling_range_end out',
            stage="plan",
        )
    if policy == "wrap":
        return steps % inside[:, None]
    return np.minimum(steps, inside[:, None] - 1)


def empty_range(start: float, end: float, unit: str) -> FrameRangeError:
    """Make the error for a range that no clip can start in."""
    what = (
        f"clips may start from {start:.6g} to before {end:.6g} {unit}: nowhere; the video is too short, or "
    )
    return FrameRangeError(what + "sampling_range_start is too late", stage="plan")
