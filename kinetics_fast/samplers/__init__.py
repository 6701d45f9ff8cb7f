"""Which frames of a video: samplers as pure functions of (video, generator) to frame numbers.

A sampler is called as ``sampler(video, rng)`` and gives int64 (clips, T) frame numbers; ``sampler.clips`` and
``sampler.frames`` are that shape. It never sees a pixel and opens no file. A video that is too short is
padded here, by the sampler's rule: `decode_clips` takes no frame number that does not exist.
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
