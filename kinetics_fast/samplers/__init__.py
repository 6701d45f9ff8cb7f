"""Samplers choose the frames of clips: pure functions of (video, generator) that return frame numbers.

A sampler is called as ``sampler(video, rng)`` and returns int64 (clips, T) frame numbers; ``sampler.clips``
and ``sampler.frames`` are this shape. A sampler sees no pixels and opens no file. If a video is too short,
the sampler pads the clip by its own rule, because `decode_clips` refuses frame numbers that do not exist.
"""

from kinetics_fast.samplers.clips import RandomClips, UniformClips
from kinetics_fast.samplers.dense import DenseClips
from kinetics_fast.samplers.fixed import FixedClips
from kinetics_fast.samplers.protocols import SampledVideo, Sampler
from kinetics_fast.samplers.segments import SegmentFrames
from kinetics_fast.samplers.span import VideoSpan

__all__ = [
    "DenseClips",
    "FixedClips",
    "RandomClips",
    "SampledVideo",
    "Sampler",
    "SegmentFrames",
    "UniformClips",
    "VideoSpan",
]
