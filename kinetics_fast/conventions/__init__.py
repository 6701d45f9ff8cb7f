"""Which frames other projects take, to the rounding, as samplers: for results that must be comparable.

Each name says whose rule it is, each docstring where it was read (project, commit, function), and parameters
are called what they are called there. Quirks are kept and named. A project that draws from a global generator
draws here from the one that is passed, number for number: given the same uniform numbers the frames are the
same. What is made of the frames (how they are scaled, cropped, normalised) is not decided here.
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
