"""Samplers that choose exactly the frames that other projects choose, for comparable results.

The name of a sampler names the project, and its docstring names the source (project, commit, function).
Parameters have the names of the project. Quirks are kept and described. Where a project draws from a global
generator, the sampler draws the same numbers from the generator that is passed: for the same uniform numbers
the frames are the same. How the frames are scaled, cropped and normalised is not decided here.
"""

from kinetics_fast.conventions.i3d import I3DNoteTest
from kinetics_fast.conventions.mmaction2 import MMAction2DenseSampleFrames, MMAction2SampleFrames
from kinetics_fast.conventions.mmaction2_uniform import MMAction2UniformSampleFrames
from kinetics_fast.conventions.pyslowfast import PySlowFastTest, PySlowFastTrain
from kinetics_fast.conventions.pytorchvideo import (
    PyTorchVideoConstantClipsPerVideo,
    PyTorchVideoRandom,
    PyTorchVideoUniform,
)
from kinetics_fast.conventions.torchcodec_indices import TorchCodecRandomIndices, TorchCodecRegularIndices
from kinetics_fast.conventions.torchcodec_timestamps import (
    TorchCodecRandomTimestamps,
    TorchCodecRegularTimestamps,
)
from kinetics_fast.conventions.videomae import VideoMAEPretrain, VideoMAETest, VideoMAETrain

__all__ = [
    "I3DNoteTest",
    "MMAction2DenseSampleFrames",
    "MMAction2SampleFrames",
    "MMAction2UniformSampleFrames",
    "PySlowFastTest",
    "PySlowFastTrain",
    "PyTorchVideoConstantClipsPerVideo",
    "PyTorchVideoRandom",
    "PyTorchVideoUniform",
    "TorchCodecRandomIndices",
    "TorchCodecRandomTimestamps",
    "TorchCodecRegularIndices",
    "TorchCodecRegularTimestamps",
    "VideoMAEPretrain",
    "VideoMAETest",
    "VideoMAETrain",
]
